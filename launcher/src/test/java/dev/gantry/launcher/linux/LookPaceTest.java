package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LookPaceTest {
    private final LookPace pace = new LookPace();

    @Test
    void looksComeCloseTogetherAfterAStartAndThenLessAndLess() {
        pace.hurry();

        assertThat(next(true, 0)).isEqualTo(10);
        assertThat(next(true, 0)).isEqualTo(20);
        assertThat(next(true, 0)).isEqualTo(40);
        assertThat(next(true, 0)).isEqualTo(80);
        assertThat(next(true, 0)).isEqualTo(100);
        assertThat(next(true, 0)).isEqualTo(110);
        assertThat(next(true, 0)).isEqualTo(121);
        for (int i = 0; i < 20; i++) {
            next(true, 0);
        }
        assertThat(next(true, 0)).isEqualTo(400);
        pace.hurry();
        assertThat(next(true, 0)).isEqualTo(10);
    }

    @Test
    void nothingGuardedIsLookedAtOnceASecond() {
        assertThat(next(false, 0)).isEqualTo(1000);
    }

    @Test
    void soonAfterAStartTheyComeCloseTogetherAlsoWhereNothingIsGuarded() {
        pace.hurry();

        assertThat(next(false, 0)).isEqualTo(10);
        assertThat(next(false, 0)).isEqualTo(20);
        assertThat(next(false, 0)).isEqualTo(40);
        assertThat(next(false, 0)).isEqualTo(80);
        assertThat(next(false, 0)).isEqualTo(1000);
    }

    @Test
    void lookingTakesOneFiftiethOfTheTime() {
        assertThat(next(true, 20)).isEqualTo(1000);
        assertThat(next(false, 40)).isEqualTo(2000);
    }

    @Test
    void soonAfterAStartItMayTakeMore() {
        pace.hurry();

        assertThat(next(true, 10)).isEqualTo(50);
        assertThat(next(true, 10)).isEqualTo(50);
    }

    @Test
    void itNeverCeases() {
        assertThat(next(true, 100_000)).isEqualTo(30_000);
    }

    private long next(boolean busy, long costMillis) {
        return pace.next(busy, Duration.ofMillis(costMillis)).toMillis();
    }
}
