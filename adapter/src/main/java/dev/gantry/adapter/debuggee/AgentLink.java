package dev.gantry.adapter.debuggee;

import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentAnswer;
import dev.gantry.adapter.agent.AgentChannel;
import dev.gantry.adapter.agent.AgentSocket;
import dev.gantry.adapter.agent.AgentWire;
import dev.gantry.adapter.config.Platform;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The agent of one run: its channel, whether the target's own code has begun, and how the agent lets go
 * of it. Confined to the reactor; made when the target has started, over when the target was reaped or the channel is lost.
 */
public final class AgentLink implements AgentSocket.Listener {
    /** An agent that does not answer for so long is not waited for: the target may be in native code that lets nobody else run. */
    private static final Duration LET_GO_AT_LATEST = Duration.ofMillis(300);
    /** Of a target that ends, the descriptor is closed a moment before its end is known. */
    private static final Duration END_FOLLOWS = Duration.ofMillis(200);

    /** On Windows a signal comes on a thread that the system makes in the target, some time after it was sent. */
    private static final Duration SIGNAL_FOLLOWS =
            Platform.current() == Platform.WINDOWS ? Duration.ofMillis(100) : Duration.ZERO;

    private final Reactor reactor;
    private final AgentWire wire;
    private final AgentChannel channel;
    private boolean begun;
    private boolean mayRun;
    private boolean held;
    /** It is to let go: whatever it has to say on that is heard. */
    private boolean mayNotBeHeld;

    private boolean over;
    private @Nullable DelayedCall loss;

    private AgentLink(Reactor reactor, AgentWire wire, AgentChannel.Listener listener) {
        this.reactor = reactor;
        this.wire = wire;
        this.channel = new AgentChannel(wire, listener);
    }

    /** To the agent in a target that has just started. */
    static AgentLink open(Reactor reactor, ProcessTransport target, AgentPlan plan) {
        if (plan.socket().isEmpty()) {
            return new AgentLink(reactor, new DescriptorWire(target), plan.listener());
        }
        AgentSocket socket = plan.socket().get();
        AgentLink link = new AgentLink(reactor, socket, plan.listener());
        socket.open(link);
        return link;
    }

    public AgentChannel channel() {
        return channel;
    }

    /** Lets the target's own code begin. */
    public void begin() {
        if (!begun) {
            begun = true;
            channel.request("run", new JsonObject(), answer -> {});
        }
    }

    /** Nothing was heard of the agent: whatever runs there, it is ended as any other program. */
    public void mayHaveBegun() {
        mayRun = true;
    }

    @Override
    public void received(ByteBuffer data) {
        channel.received(data);
    }

    /** Its end of the wire is closed: with the target's end, or because the target runs another program now. */
    @Override
    public void connectionLost() {
        if (!channel.isLost() && loss == null) {
            loss = reactor.callLater(
                    END_FOLLOWS, () -> channel.lose("the connection to the debugger in the program has ended"));
        }
    }

    /**
     * Nothing more of it is heard until {@link #goOn}: whatever in the target has something to say waits.
     *
     * @return false if it is so already, or it must be heard, since it is to let go
     */
    public boolean hold() {
        if (held || over || mayNotBeHeld) {
            return false;
        }
        held = true;
        wire.setReading(false);
        return true;
    }

    /** It is heard again. */
    public void goOn() {
        if (held) {
            held = false;
            wire.setReading(true);
        }
    }

    private void hearToItsEnd() {
        mayNotBeHeld = true;
        goOn();
    }

    /** The target was reaped: what the agent has still said is read, and nobody waits for its end, whoever has it. */
    void targetExited() {
        hearToItsEnd();
        wire.drainAvailable();
        close("the program has ended");
    }

    /** Nothing more is heard or said. */
    void close(String why) {
        if (over) {
            return;
        }
        over = true;
        if (loss != null) {
            loss.cancel();
        }
        channel.lose(why);
        wire.close();
    }

    /** The target lives on without us. */
    void detached() {
        channel.lose("the program was left running without its debugger");
        wire.detached();
    }

    /**
     * The target is to end: by its own handlers of signals, which run when no breakpoint holds it any more. The signal comes first, so that
     * nothing else of the target runs before its handler.
     */
    void letStop(StopLadder steps) {
        hearToItsEnd();
        if (begun || mayRun) {
            steps.start();
            afterSignal(() -> channel.request("letGo", new JsonObject(), answer -> {}));
        } else {
            // None of its own code has run that could want to be asked.
            steps.killNow();
        }
    }

    private void afterSignal(Runnable task) {
        if (SIGNAL_FOLLOWS.isZero()) {
            task.run();
        } else {
            reactor.callLater(SIGNAL_FOLLOWS, task);
        }
    }

    /**
     * Takes the debugger's hands off the target, so that it can hear signals and end as if there were none; it begins if it has not yet.
     *
     * @param then told when that is done, or the agent has not answered for too long
     */
    void letGo(Runnable then) {
        hearToItsEnd();
        Runnable going = () -> {
            begin();
            then.run();
        };
        if (channel.isLost()) {
            going.run();
            return;
        }
        Once once = new Once(going);
        once.deadline = reactor.callLater(LET_GO_AT_LATEST, once::run);
        channel.request("letGo", new JsonObject(), once);
    }

    /** Whichever of the two comes first. */
    private static final class Once implements Consumer<AgentAnswer> {
        private @Nullable Runnable task;
        private @Nullable DelayedCall deadline;

        Once(Runnable task) {
            this.task = task;
        }

        @Override
        public void accept(AgentAnswer answer) {
            run();
        }

        void run() {
            Runnable due = task;
            task = null;
            if (deadline != null) {
                deadline.cancel();
            }
            if (due != null) {
                due.run();
            }
        }
    }
}
