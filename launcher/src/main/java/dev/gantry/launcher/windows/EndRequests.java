package dev.gantry.launcher.windows;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The two ways of asking programs to end. INT is Ctrl+C on the program's console, which all programs there hear. TERM is a click on
 * the cross for a program with windows, and Ctrl+Break for one with a console. Confined to the reactor's thread.
 */
final class EndRequests {
    /** How windows are asked; how many there were. */
    interface CloseWindows {
        int of(int pid, boolean visibleOnly);
    }

    private static final int SHELLS_SIGNAL_BASE = 128;

    private final Consoles consoles;
    private final CloseWindows closeWindows;

    EndRequests(Consoles consoles, CloseWindows closeWindows) {
        this.consoles = consoles;
        this.closeWindows = closeWindows;
    }

    /** The exit code of what we end at once: as a shell elsewhere tells SIGKILL. */
    static int killedCode() {
        return SHELLS_SIGNAL_BASE + Signal.KILL.number();
    }

    void refuseOthers(Signal signal) {
        if (signal != Signal.KILL && signal != Signal.TERM && signal != Signal.INT) {
            throw WindowsBackend.lacks(
                    Capability.ALL_SIGNALS, signal.sigName() + "; there are SIGINT, SIGTERM and SIGKILL");
        }
    }

    /**
     * Asks one program.
     *
     * @throws IOException if it has nothing by which it could be asked, or the system refuses
     */
    void ask(Signal signal, int pid) throws IOException {
        askThere(signal, pid);
    }

    /**
     * Asks all of them, each console once. No exception if there are none.
     *
     * @throws IOException the first refusal, with the others as suppressed ones; whoever can be asked was
     */
    void askAll(Signal signal, Collection<Long> pids) throws IOException {
        Set<Integer> asked = new HashSet<>();
        IOException refusal = null;
        for (long pid : pids) {
            if (!asked.contains((int) pid)) {
                try {
                    asked.addAll(askThere(signal, (int) pid));
                } catch (IOException refused) {
                    if (refusal == null) {
                        refusal = refused;
                    } else {
                        refusal.addSuppressed(refused);
                    }
                }
            }
        }
        if (refusal != null && asked.isEmpty()) {
            throw refusal;
        }
    }

    /** Who was asked. */
    private Set<Integer> askThere(Signal signal, int pid) throws IOException {
        if (signal == Signal.INT) {
            return consoles.send(ConsoleCalls.CTRL_C, pid);
        }
        if (closeWindows.of(pid, true) > 0) {
            return Set.of(pid);
        }
        try {
            return consoles.send(ConsoleCalls.CTRL_BREAK, pid);
        } catch (SystemCallException noConsole) {
            if (closeWindows.of(pid, false) > 0) {
                return Set.of(pid);
            }
            throw noConsole;
        }
    }
}
