package dev.gantry.adapter.cli;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What the keys of our terminal, and other signals to this process, do to a run. All of it happens on threads of the JVM's, one for
 * each signal that comes.
 */
final class RunSignals {
    /** A stop that has no effect, as in a group that no shell controls, must not hold the program for longer. */
    private static final long STOPPED_WITHIN_SECONDS = 2;

    private final RunSession session;
    private final TerminalMode mode;
    private volatile CountDownLatch continued = new CountDownLatch(0);

    private RunSignals(RunSession session, TerminalMode mode) {
        this.session = session;
        this.mode = mode;
    }

    /** From now on, until the process ends. */
    static void connect(RunSession session, Interrupts interrupts, TerminalMode mode, boolean tty) {
        RunSignals signals = new RunSignals(session, mode);
        List.of("INT", "TERM", "HUP").forEach(name -> TerminalSignals.hear(name, interrupts::heard));
        TerminalSignals.hear("TSTP", number -> signals.suspend());
        TerminalSignals.hear("CONT", number -> signals.continued.countDown());
        if (tty) {
            TerminalSignals.hear("WINCH", number -> signals.resize());
        }
    }

    /** One at a time, so that the last one tells the last size. */
    private synchronized void resize() {
        OwnTerminal.size().ifPresent(session::resize);
    }

    /** The program is held before we are: nobody would read what it says. */
    private void suspend() {
        try {
            session.pause();
            boolean keysWerePassed = mode.restore();
            CountDownLatch back = new CountDownLatch(1);
            continued = back;
            TerminalSignals.obey("TSTP", () -> awaitReturn(back));
            session.resume();
            if (keysWerePassed && !OwnTerminal.isInBackground()) {
                mode.passKeys();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The time that we are stopped counts too, so a long stop is over at once. */
    private static void awaitReturn(CountDownLatch back) {
        try {
            back.await(STOPPED_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
