package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The time in which a target's output is read on after its exit, for as long as something else holds the pipes; then our ends are
 * closed. Confined to the reactor; over when the process has ended, or by {@link #over()}.
 */
public final class Drain {
    /** At most so long for a client that is gone. */
    private static final Duration FOR_NOBODY = Duration.ofSeconds(1);
    /** How often a client that is too slow for what is in the pipes is looked at: it loses nothing. */
    private static final Duration WHILE_HELD_BACK = Duration.ofMillis(100);
    /** For the end of output that nobody seems to hold any more: it comes with the next look at the pipes. */
    private static final Duration FOR_THE_END = Duration.ofMillis(100);

    private final Reactor reactor;
    private final ProcessTransport transport;
    private final Optional<OutputForwarder> forwarder;
    private final Consumer<String> console;

    private Duration time;
    private boolean over;
    private boolean waitsForNobody;
    private @Nullable DelayedCall end;

    /**
     * @param time how long
     * @param forwarder who carries the output; none where it is a terminal's
     */
    Drain(
            Reactor reactor,
            ProcessTransport transport,
            Duration time,
            Optional<OutputForwarder> forwarder,
            Consumer<String> console) {
        this.reactor = reactor;
        this.transport = transport;
        this.time = time;
        this.forwarder = forwarder;
        this.console = console;
    }

    /** The time begins; nothing if it has, or is over. */
    void begin() {
        if (!over && end == null) {
            end = reactor.callLater(time, this::timeIsUp);
        }
    }

    /** The time is up now; nothing if it has not begun. */
    public void endNow() {
        if (!over && end != null) {
            cancel();
            readOnceAndClose();
        }
    }

    /** Nothing is read any more. */
    void over() {
        over = true;
        cancel();
    }

    /** The client is leaving: what is in the pipes is still read once, but however slow it is, nothing waits for it. */
    public void waitForNobody() {
        waitsForNobody = true;
    }

    /** The client is gone: nor does what is still to come. */
    public void hurry() {
        waitsForNobody = true;
        time = time.compareTo(FOR_NOBODY) < 0 ? time : FOR_NOBODY;
        if (!over && end != null) {
            cancel();
            begin();
        }
    }

    private void timeIsUp() {
        if (over) {
            return;
        }
        if (!waitsForNobody && isHeldBack()) {
            end = reactor.callLater(WHILE_HELD_BACK, this::timeIsUp);
            return;
        }
        readOnceAndClose();
    }

    private void readOnceAndClose() {
        boolean unread = isHeldBack();
        transport.drainAvailable();
        if (over) {
            return;
        }
        List<ProcessInfo> holders = holders();
        if (holders.isEmpty() && !unread) {
            end = reactor.callLater(FOR_THE_END, () -> close(holders(), false));
        } else {
            close(holders, unread);
        }
    }

    private void close(List<ProcessInfo> holders, boolean unread) {
        if (!over) {
            console.accept(why(holders, unread));
            transport.abortConnection();
        }
    }

    private static String why(List<ProcessInfo> holders, boolean unread) {
        if (holders.isEmpty() && unread) {
            return "the client does not read the program's output; what it has not taken is lost";
        }
        return "the program has ended, but its output is still held open"
                + (holders.isEmpty() ? "" : " by " + StopLadder.describe(holders)) + "; not read any further";
    }

    private boolean isHeldBack() {
        return forwarder.isPresent() && forwarder.get().isHeldBack();
    }

    /** None where the backend cannot find them: the session ends all the same. */
    private List<ProcessInfo> holders() {
        boolean known = reactor.capabilities().contains(Capability.PROCESS_TREE);
        return known ? transport.holdersOfPipes() : List.of();
    }

    private void cancel() {
        if (end != null) {
            end.cancel();
            end = null;
        }
    }
}
