package dev.gantry.launcher.windows;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two ways of asking programs to end. INT is Ctrl+C on the program's console, which all programs there hear. TERM is a click on
 * the cross for a program with windows, and Ctrl+Break for one with a console. Confined to the reactor's thread.
 */
final class EndRequests {
    /** How windows are asked; how many there were. */
    interface CloseWindows {
        int of(int pid, boolean visibleOnly);
    }

    /** Those who are to be asked. */
    interface Members {
        List<Long> pids() throws IOException;

        /** Keeps the number from being given to another, if it still is a member's. */
        Held hold(long pid);
    }

    /** A process whose number stays its own until this is closed. */
    interface Held extends AutoCloseable {
        boolean isMember();

        @Override
        void close();
    }

    /** How far a request has got. */
    enum Progress {
        /** Everybody was asked who can be, and somebody can. */
        ASKED,
        /** There is nothing by which anybody could be asked, or not yet. */
        NOBODY,
        /** Some are to be asked yet, when a console is free for that. */
        UNDER_WAY
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

    static void refuseOthers(Signal signal) {
        if (signal != Signal.KILL && signal != Signal.TERM && signal != Signal.INT) {
            throw WindowsBackend.lacks(
                    Capability.ALL_SIGNALS, signal.sigName() + "; there are SIGINT, SIGTERM and SIGKILL");
        }
    }

    Request request(Signal signal, Members members) {
        return new Request(signal, members);
    }

    /** Asks each member once, and each console once. */
    final class Request {
        private final Signal signal;
        private final Members members;
        private final Set<Long> asked = new HashSet<>();

        private Request(Signal signal, Members members) {
            this.signal = signal;
            this.members = members;
        }

        /**
         * Asks those who were not asked yet.
         *
         * @throws IOException the first refusal, with the others as suppressed ones, if nobody was asked
         */
        Progress goOn() throws IOException {
            IOException refusal = null;
            for (long pid : members.pids()) {
                if (!asked.contains(pid)) {
                    try (Held held = members.hold(pid)) {
                        if (held.isMember() && !ask((int) pid)) {
                            return Progress.UNDER_WAY;
                        }
                    } catch (IOException refused) {
                        refusal = collected(refusal, refused);
                    }
                }
            }
            if (refusal != null && asked.isEmpty()) {
                throw refusal;
            }
            return asked.isEmpty() ? Progress.NOBODY : Progress.ASKED;
        }

        /** False if it has to be tried again. */
        private boolean ask(int pid) throws IOException {
            if (signal == Signal.INT) {
                return send(ConsoleCalls.CTRL_C, pid) != Outcome.LATER;
            }
            if (closeWindows.of(pid, true) > 0) {
                asked.add((long) pid);
                return true;
            }
            Outcome outcome = send(ConsoleCalls.CTRL_BREAK, pid);
            if (outcome == Outcome.NO_CONSOLE && closeWindows.of(pid, false) > 0) {
                asked.add((long) pid);
            }
            return outcome != Outcome.LATER;
        }

        private Outcome send(int event, int pid) throws IOException {
            Consoles.Attempt attempt = consoles.send(event, pid);
            if (attempt instanceof Consoles.Sent sent) {
                sent.pids().forEach(heard -> asked.add((long) heard));
                return Outcome.SENT;
            }
            return attempt instanceof Consoles.Busy ? Outcome.LATER : Outcome.NO_CONSOLE;
        }
    }

    private enum Outcome {
        SENT,
        NO_CONSOLE,
        LATER
    }

    private static IOException collected(@Nullable IOException first, IOException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }
}
