package dev.gantry.launcher.linux;

import java.time.Duration;

/**
 * How long to wait until the next look at the trees. Daemons are made soon after a start, so looks come close together then, and
 * later less and less: a program that has run for long wakes nobody ten times a second. A look costs by the number of processes: however many there are, looking takes one fiftieth of the time at most, and a fifth soon after a
 * start. Pure; confined to one thread.
 */
final class LookPace {
    static final Duration FIRST = Duration.ofMillis(10);
    static final Duration BUSY = Duration.ofMillis(100);
    static final Duration STEADY = Duration.ofMillis(400);
    static final Duration IDLE = Duration.ofSeconds(1);
    /** Less than the minute for which {@link JdkChildren} sees what was; for some hundred thousand processes only. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int SHARE = 50;
    private static final int FIRST_SHARE = 5;

    private Duration interval = BUSY;

    /** There is a new tree: a double-forked child is unguarded from its parent's end to the next look. */
    void hurry() {
        interval = FIRST;
    }

    /**
     * Called after a look.
     *
     * @param busy as {@link TreeKeeper#isBusy}
     * @param cost what the look took
     */
    Duration next(boolean busy, Duration cost) {
        boolean soonAfterStart = interval.compareTo(BUSY) < 0;
        Duration planned = busy || soonAfterStart ? interval : IDLE;
        interval = soonAfterStart
                ? shorter(interval.multipliedBy(2), BUSY)
                : shorter(interval.multipliedBy(11).dividedBy(10), STEADY);
        int share = soonAfterStart ? FIRST_SHARE : SHARE;
        return longer(planned, shorter(cost.multipliedBy(share), LONGEST));
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
