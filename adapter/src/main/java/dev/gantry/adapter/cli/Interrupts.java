package dev.gantry.adapter.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the user's signals ask of a run, one after the other: to stop the program, to kill it, and to end without the adapter's help.
 * Any thread may call {@link #heard}, which may wait; {@link #ended} is the last word.
 */
final class Interrupts {
    /** A healthy adapter has killed a program, and told what was left to tell, long before. */
    private static final long AFTER_THE_SECOND_SECONDS = 5;
    /** What the main thread needs once the adapter is dead, unless it is stuck in an output that nobody reads. */
    private static final long AFTER_THE_ADAPTER_SECONDS = 2;

    private final Process adapter;
    private final RunOutput output;
    private final TerminalMode mode;
    private final AtomicInteger count = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Runnable stopOrKill = () -> {};
    private volatile boolean gaveUp;
    private volatile int signal;

    /**
     * @param mode closed if this process has to be ended from here
     */
    Interrupts(Process adapter, RunOutput output, TerminalMode mode) {
        this.adapter = adapter;
        this.output = output;
        this.mode = mode;
    }

    /**
     * @param how asks the adapter to stop the program, and the next time to kill it; may wait for the adapter to read
     */
    void ask(Runnable how) {
        stopOrKill = how;
    }

    /** The adapter was left, and stops the program for that: no more can be asked of it. */
    void left() {
        stopOrKill = () -> {
            if (count.get() > 1) {
                giveUp();
            }
        };
    }

    /** The run is over, and this process is about to end. */
    void ended() {
        ended.countDown();
    }

    /** The last signal that was heard; 0 if there was none. */
    int signal() {
        return signal;
    }

    /** Whether the adapter was killed, since it did not do what it was asked. */
    boolean gaveUp() {
        return gaveUp;
    }

    void heard(int number) {
        signal = number;
        int times = count.incrementAndGet();
        if (times > 2) {
            giveUp();
            return;
        }
        if (times == 2) {
            Thread deadline = new Thread(this::giveUpInTime, "stop-deadline");
            deadline.setDaemon(true);
            deadline.start();
        }
        stopOrKill.run();
    }

    private void giveUpInTime() {
        if (!endsWithin(AFTER_THE_SECOND_SECONDS)) {
            giveUp();
        }
    }

    /** Its guardian ends the program when the adapter dies, however it dies. */
    private void giveUp() {
        gaveUp = true;
        adapter.destroyForcibly();
        if (!endsWithin(AFTER_THE_ADAPTER_SECONDS)) {
            mode.close();
            Thread lastWords = new Thread(() -> output.note(words()), "last-words");
            lastWords.setDaemon(true);
            lastWords.start();
            endsWithin(1);
            Runtime.getRuntime().halt(status());
        }
    }

    /** What to say of an end without the adapter. */
    String words() {
        return "the adapter had not ended the program yet and was killed; its guardian ends what it had started";
    }

    /** What a shell makes of a death by that signal. */
    int status() {
        return 128 + signal;
    }

    private boolean endsWithin(long seconds) {
        try {
            return ended.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
