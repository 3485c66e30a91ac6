package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentAnswer;
import dev.gantry.adapter.agent.AgentChannel;
import dev.gantry.adapter.agent.AgentJson;
import dev.gantry.adapter.config.DebugSettings;
import dev.gantry.adapter.debuggee.AgentLink;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.model.RawJson;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.Reactor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run of a target that was started with an agent. What is wanted of it before the agent has said hello waits; where it then says
 * that it cannot debug, or is gone, the run goes on as any other program's. Confined to the reactor.
 */
final class DebugRun implements AgentChannel.Listener {
    /** Interpreters on slow file systems, or under the eyes of a virus scanner, take seconds to start. */
    private static final Duration HELLO_AT_LATEST = Duration.ofSeconds(10);

    private enum Phase {
        /** The agent has not been heard. */
        AWAITED,
        /** Nor for so long that nobody waits for it any more. It may still come. */
        OVERDUE,
        DEBUGGED,
        /** There is no agent, or none that can debug. */
        PLAIN
    }

    private final Reactor reactor;
    private final Events events;
    private final String interpreter;
    private final Conversion conversion;
    private final JsonObject configure;
    private final StoppedThreads stopped = new StoppedThreads();
    private final ToldThreads told = new ToldThreads();
    private final Picture picture = new Picture();
    private final List<Waiting> waiting = new ArrayList<>();

    private Phase phase = Phase.AWAITED;
    private @Nullable Debuggee target;
    private boolean runWanted;
    private @Nullable DelayedCall overdue;

    /** Hears what its owner has to know. */
    interface Events {
        /**
         * The agent is there: what was wanted before it must be told it now.
         *
         * @param late after {@link #notDebugged}
         */
        void ready(boolean late);

        void event(String name, JsonObject body);

        /** An event that was not parsed; whether it was taken. If not, {@link #event} gets it. */
        boolean plainEvent(String name, RawJson body);

        /** The target has ended by itself, and its agent was never heard. */
        void endedUnheard();

        /** The agent will not debug, and why. */
        void notDebugged(String why);

        void trace(String line);
    }

    /**
     * Something that needs the agent's hello.
     *
     * @param now where it debugs
     * @param instead where it does not
     */
    private record Waiting(Runnable now, Runnable instead) {}

    DebugRun(Reactor reactor, DebugSettings settings, ClientInfo client, Events events) {
        this.reactor = reactor;
        this.events = events;
        this.interpreter = settings.python().interpreter().get(0);
        this.conversion = new Conversion(client, settings.paths());
        this.configure = settings.configure();
        configure.add("client", client.looks().deepCopy());
        configure.addProperty("orderedOutput", true);
    }

    /** The target was started. */
    void started(Debuggee debuggee) {
        target = debuggee;
        if (phase == Phase.AWAITED) {
            overdue = reactor.callLater(HELLO_AT_LATEST, this::isOverdue);
        }
        if (runWanted) {
            begin();
        }
    }

    /** What was started runs, for all that is known, as any other program. */
    private void isOverdue() {
        if (phase != Phase.AWAITED || target == null || !target.isAlive()) {
            return;
        }
        phase = Phase.OVERDUE;
        target.agent().ifPresent(AgentLink::mayHaveBegun);
        events.notDebugged(interpreter + " has not answered as a Python for " + HELLO_AT_LATEST.toSeconds()
                + " s: set 'python' to an interpreter, or start without debugging (\"noDebug\": true)."
                + " If it is only slow, it is debugged as soon as it answers");
        waiting().forEach(wish -> wish.instead().run());
    }

    private void heard(Phase next) {
        phase = next;
        if (overdue != null) {
            overdue.cancel();
            overdue = null;
        }
    }

    /** There will be no target. */
    void notStarted() {
        heard(Phase.PLAIN);
        waiting().forEach(wish -> wish.instead().run());
    }

    /** Whether its requests go to the agent, now or when it is there. */
    boolean isDebugged() {
        return phase == Phase.AWAITED || phase == Phase.DEBUGGED;
    }

    /** Whether the client waits for the target's first line, which waits for the client. */
    boolean isHeld() {
        return !runWanted;
    }

    Conversion conversion() {
        return conversion;
    }

    StoppedThreads stopped() {
        return stopped;
    }

    ToldThreads told() {
        return told;
    }

    Picture picture() {
        return picture;
    }

    /** The target's own code may begin, when the agent is there. */
    void run() {
        if (!runWanted) {
            runWanted = true;
            whenReady(this::begin, this::begin);
        }
    }

    private void begin() {
        if ((phase == Phase.DEBUGGED || phase == Phase.PLAIN) && target != null) {
            target.agent().ifPresent(AgentLink::begin);
        }
    }

    /** Does one of the two, once it is known whether the agent debugs. */
    void whenReady(Runnable now, Runnable instead) {
        switch (phase) {
            case AWAITED -> waiting.add(new Waiting(now, instead));
            case DEBUGGED -> now.run();
            case OVERDUE, PLAIN -> instead.run();
        }
    }

    /** Asks the agent, which must have said hello. */
    int ask(String command, JsonObject arguments, Consumer<AgentAnswer> onAnswer) {
        if (target == null || target.agent().isEmpty()) {
            throw new IllegalStateException("no agent to ask: " + command);
        }
        AgentChannel channel = target.agent().get().channel();
        if (!picture.asked(command)) {
            return channel.request(command, arguments, onAnswer);
        }
        return channel.request(command, arguments, answer -> {
            picture.answered();
            onAnswer.accept(answer);
        });
    }

    /** Whether nobody answers any more. */
    boolean isLost() {
        return target == null
                || target.agent().map(link -> link.channel().isLost()).orElse(true);
    }

    /** Changes one of the settings that the launch made, for this run. The agent must have said hello. */
    void change(String setting, boolean value, Consumer<AgentAnswer> onAnswer) {
        configure.addProperty(setting, value);
        ask("configure", configure.deepCopy(), onAnswer);
    }

    @Override
    public void event(String name, JsonObject body) {
        picture.told(name);
        if (name.equals("hello")) {
            hello(body);
        } else {
            events.event(name, body);
        }
    }

    @Override
    public boolean plainEvent(String name, RawJson body) {
        picture.told(name);
        return events.plainEvent(name, body);
    }

    private void hello(JsonObject body) {
        events.trace("agent: " + body);
        boolean late = phase == Phase.OVERDUE;
        if (phase != Phase.AWAITED && !late) {
            return;
        }
        if (AgentJson.flag(body, "debugging", false)) {
            heard(Phase.DEBUGGED);
            ask("configure", configure, answer -> {
                if (answer instanceof AgentAnswer.Failed failed) {
                    events.trace("configure: " + failed.message());
                }
            });
            events.ready(late);
            waiting().forEach(wish -> wish.now().run());
        } else {
            String why = AgentJson.text(body, "why");
            becomePlain(why.isEmpty() ? "the debugger does not run in this Python" : why);
        }
        if (late && runWanted) {
            begin();
        }
    }

    private void becomePlain(String why) {
        if (phase != Phase.PLAIN) {
            heard(Phase.PLAIN);
            stopped.clear();
            picture.close();
            events.notDebugged(why);
            waiting().forEach(wish -> wish.instead().run());
        }
    }

    private List<Waiting> waiting() {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    @Override
    public void fault(String what) {
        events.trace("agent: " + what);
    }

    @Override
    public void lost(String why) {
        picture.close();
        events.trace("agent lost: " + why);
        if (phase == Phase.OVERDUE) {
            // Which was told as what it is.
            heard(Phase.PLAIN);
        } else if (target != null && target.isAlive()) {
            becomePlain(why);
        } else {
            if (phase == Phase.AWAITED && target != null && !target.isStopping()) {
                events.endedUnheard();
            }
            // Whoever asks from now on is told that by the channel.
            heard(Phase.DEBUGGED);
            stopped.clear();
            waiting().forEach(wish -> wish.now().run());
        }
    }
}
