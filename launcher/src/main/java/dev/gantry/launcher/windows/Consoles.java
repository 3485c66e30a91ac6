package dev.gantry.launcher.windows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Sends control events to the consoles of others. A process has at most one console, and only who is on it can send its events: so we
 * leave ours, join the other, send to all on it, ourselves included, and go back. One at a time in this whole process; some
 * milliseconds each. Any thread.
 */
final class Consoles {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final Consoles SYSTEM = new Consoles(new SystemConsole());

    private final ConsoleCalls calls;

    Consoles(ConsoleCalls calls) {
        this.calls = calls;
    }

    /** There is one console for all reactors. */
    static Consoles system() {
        return SYSTEM;
    }

    /**
     * Sends the event to all processes on the console of this one.
     *
     * @return who they were; empty if it has none, or not yet
     * @throws SystemCallException if the system refuses; we are back on our own console then as well
     */
    synchronized Optional<Set<Integer>> send(int event, int pid) throws SystemCallException {
        List<Integer> home = calls.processes();
        // Also when nobody seems to be on ours: Wine lists nobody on a Unix terminal, and yet attaches to no other
        // console.
        calls.free();
        try {
            if (!calls.attach(pid)) {
                return Optional.empty();
            }
            try {
                Set<Integer> there = new TreeSet<>(calls.processes());
                there.remove(OWN_PID);
                calls.shield();
                calls.generate(event);
                there.add(pid);
                return Optional.of(there);
            } finally {
                calls.free();
            }
        } finally {
            goBack(home);
        }
    }

    /** A console lives as long as anybody is on it: any of the others shows the way. */
    private void goBack(List<Integer> home) {
        for (int pid : home) {
            if (pid != OWN_PID) {
                try {
                    if (calls.attach(pid)) {
                        return;
                    }
                } catch (SystemCallException gone) {
                    // The next one, then.
                }
            }
        }
    }
}
