package dev.gantry.launcher.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.DelayedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimerQueueTest {
    private long now = 1_000;
    private final TimerQueue timers = new TimerQueue(() -> now);
    private final List<String> ran = new ArrayList<>();

    private DelayedCall set(long nanos, String name) {
        return timers.add(Duration.ofNanos(nanos), () -> ran.add(name));
    }

    private void runDue() {
        for (Optional<Runnable> due = timers.pollDue(); due.isPresent(); due = timers.pollDue()) {
            due.get().run();
        }
    }

    @Test
    void theEarliestIsFirstAndEqualOnesKeepTheirOrder() {
        set(20, "late");
        set(10, "a");
        set(10, "b");
        set(10, "c");
        now += 20;
        runDue();
        assertThat(ran).containsExactly("a", "b", "c", "late");
    }

    @Test
    void nothingRunsBeforeItsTime() {
        DelayedCall timer = set(10, "x");
        now += 9;
        runDue();
        assertThat(ran).isEmpty();
        assertThat(timers.nanosToNext()).isEqualTo(1);
        assertThat(timer.isActive()).isTrue();
        now += 1;
        runDue();
        assertThat(ran).containsExactly("x");
        assertThat(timer.isActive()).isFalse();
        assertThat(timers.nanosToNext()).isEqualTo(Poller.FOREVER);
    }

    @Test
    void aCancelledOneNeverRunsAndHoldsNobodyUp() {
        DelayedCall first = set(5, "first");
        set(50, "second");
        first.cancel();
        first.cancel();
        assertThat(first.isActive()).isFalse();
        assertThat(timers.nanosToNext()).isEqualTo(50);
        assertThat(timers.size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 5, -5, Long.MIN_VALUE})
    void theClockMayWrapAround(long start) {
        now = start;
        set(100, "b");
        set(1, "a");
        now += 100;
        runDue();
        assertThat(ran).containsExactly("a", "b");
    }

    @Test
    void aDelayBeyondAllMeasureIsJustLongAndANegativeOneIsNone() {
        timers.add(Duration.ofSeconds(Long.MAX_VALUE), () -> ran.add("never"));
        timers.add(Duration.ofDays(-1), () -> ran.add("at once"));
        runDue();
        assertThat(ran).containsExactly("at once");
        assertThat(timers.nanosToNext()).isGreaterThan(Duration.ofDays(365).toNanos());
    }
}
