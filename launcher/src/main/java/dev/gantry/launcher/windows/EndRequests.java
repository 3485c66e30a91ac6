package dev.gantry.launcher.windows;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
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
     * @return whether there was anything by which it could be asked: a console, or for TERM a window
     * @throws IOException if the system refuses
     */
    boolean ask(Signal signal, int pid) throws IOException {
        return !askThere(signal, pid).isEmpty();
    }

    /**
     * Asks all of them, each console once.
     *
     * @return whether there was anything by which any of them could be asked
     * @throws IOException the first refusal, with the others as suppressed ones, if nobody was asked; whoever can be was
     */
    boolean askAll(Signal signal, Collection<Long> pids) throws IOException {
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
        return !asked.isEmpty();
    }

    /** Who was asked. */
    private Set<Integer> askThere(Signal signal, int pid) throws IOException {
        if (signal == Signal.INT) {
            return consoles.send(ConsoleCalls.CTRL_C, pid).orElse(Set.of());
        }
        if (closeWindows.of(pid, true) > 0) {
            return Set.of(pid);
        }
        Optional<Set<Integer>> onConsole = consoles.send(ConsoleCalls.CTRL_BREAK, pid);
        if (onConsole.isPresent()) {
            return onConsole.get();
        }
        return closeWindows.of(pid, false) > 0 ? Set.of(pid) : Set.of();
    }
}
