package dev.gantry.launcher.windows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sends control events to the consoles of others. A process has at most one console, and only who is on it can send its events: so we
 * leave ours, join the other, send to all on it, ourselves included, and go back when we have heard it ourselves. Not before: leaving
 * takes our handler away, and an event that comes later would meet the one that ends the process. One at a time in this whole process. Any thread.
 */
final class Consoles {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final Consoles SYSTEM = new Consoles(new SystemConsole());

    private final ConsoleCalls calls;
    /** Where we are not. Guarded by this, as is all below. */
    private @Nullable Home left;

    /**
     * What we go back to.
     *
     * @param pids who is on our console: it lives as long as anybody is on it, and any of the others shows the way
     * @param handles our standard handles
     */
    private record Home(List<Integer> pids, List<Long> handles) {}

    Consoles(ConsoleCalls calls) {
        this.calls = calls;
    }

    /** There is one console for all reactors. */
    static Consoles system() {
        return SYSTEM;
    }

    /** How a try to send went. */
    sealed interface Attempt {}

    /**
     * It was sent.
     *
     * @param pids all on that console, but ourselves
     */
    record Sent(Set<Integer> pids) implements Attempt {}

    /** The process has no console, or not yet. */
    record NoConsole() implements Attempt {}

    /** We are still on another console: to be tried again. */
    record Busy() implements Attempt {}

    /**
     * Sends the event to all processes on the console of this one. If it was sent, somebody has to {@link #settle} until that is done.
     *
     * @throws SystemCallException if the system refuses; we are back on our own console then
     */
    synchronized Attempt send(int event, int pid) throws SystemCallException {
        if (settle()) {
            return new Busy();
        }
        Home home = new Home(calls.processes(), calls.standardHandles());
        left = home;
        boolean sent = false;
        try {
            // Also when nobody seems to be on ours: Wine lists nobody on a Unix terminal, and yet attaches to no other
            // console.
            calls.free();
            if (!calls.attach(pid)) {
                return new NoConsole();
            }
            Set<Integer> there = new TreeSet<>(calls.processes());
            there.remove(OWN_PID);
            there.add(pid);
            calls.expectEvent();
            calls.generate(event);
            sent = true;
            return new Sent(there);
        } finally {
            if (!sent) {
                goBack(home);
            }
        }
    }

    /** Goes back to our console if we may; whether we are still away. */
    synchronized boolean settle() {
        return settle(Duration.ZERO);
    }

    /** Goes back to our console when we may, and at the latest then. */
    synchronized void settleWithin(Duration patience) {
        if (settle(patience)) {
            Optional.ofNullable(left).ifPresent(this::goBack);
        }
    }

    private boolean settle(Duration patience) {
        Home home = left;
        if (home == null) {
            return false;
        }
        if (!calls.hasHeard(patience)) {
            return true;
        }
        goBack(home);
        return false;
    }

    private void goBack(Home home) {
        left = null;
        calls.free();
        for (int pid : home.pids()) {
            if (pid != OWN_PID && attached(pid)) {
                break;
            }
        }
        calls.restoreHandles(home.handles());
        calls.expectNothing();
    }

    private boolean attached(int pid) {
        try {
            return calls.attach(pid);
        } catch (SystemCallException gone) {
            return false;
        }
    }
}
