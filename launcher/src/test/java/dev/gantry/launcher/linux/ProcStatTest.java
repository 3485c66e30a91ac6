package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcStatTest {
    private static final String TAIL =
            " S 10 20 30 34816 20 4194304 1 2 3 4 150 25 9 9 20 0 3 0 987654 1000000 250 18446744073709551615 1 1 0\n";

    @Test
    void readsTheFieldsThatAreUsed() {
        assertThat(ProcStat.parse("77 (cat)" + TAIL))
                .hasValueSatisfying(stat -> assertThat(stat.cpuTime()).isEqualTo(Duration.ofMillis(1750)))
                .contains(new ProcStat(
                        new ProcessId(77, 987654),
                        "cat",
                        'S',
                        10,
                        20,
                        30,
                        3,
                        Duration.ofMillis(1500),
                        Duration.ofMillis(250)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", ") S 1 1 1", "x)", "((", "two\nlines", ") (", ""})
    void aNameMayHoldAnything(String name) {
        assertThat(ProcStat.parse("77 (" + name + ")" + TAIL)).hasValueSatisfying(stat -> {
            assertThat(stat.name()).isEqualTo(name);
            assertThat(stat.parentPid()).isEqualTo(10);
            assertThat(stat.id()).isEqualTo(new ProcessId(77, 987654));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "77", "77 (cat)", "77 (cat) S 1 2", "x (cat) S 1 2 3", "77 )cat( S"})
    void isEmptyForAnythingElse(String text) {
        assertThat(ProcStat.parse(text)).isEmpty();
    }

    @Test
    void aZombieWithThreadsStillRuns() {
        ProcStat halfDead =
                ProcStat.parse("77 (cat)" + TAIL.replaceFirst("S", "Z")).orElseThrow();
        ProcStat dead = ProcStat.parse("77 (cat)" + TAIL.replaceFirst("S", "Z").replace(" 0 3 0 ", " 0 1 0 "))
                .orElseThrow();

        assertThat(halfDead.isDead()).isFalse();
        assertThat(dead.isDead()).isTrue();
    }
}
