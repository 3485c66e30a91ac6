package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChildStatTest {
    @Test
    void aNameWithBracketsBlanksAndNewlinesHidesNoField() {
        ChildStat stat = ChildStat.parse(
                "42 (a) R 1 (\n) S 7 40 40 0 -1 4194304 100 0 0 0 150 25 0 0 20 0 1 0 98765 1000 10 184467\n");
        assertThat(stat).isEqualTo(new ChildStat('S', 7, 40, Duration.ofMillis(1500), Duration.ofMillis(250), 98765));
    }

    @Test
    void weAreThere() {
        long self = ProcessHandle.current().pid();
        assertThat(ChildStat.read(self))
                .hasValueSatisfying(stat -> assertThat(stat.startTime()).isPositive());
        assertThat(ChildStat.peakResidentBytes("self")).isPresent();
        assertThat(ChildStat.read(Integer.MAX_VALUE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1,0,0", "1,3,768", "1,255,65280", "2,9,9", "2,64,64", "3,11,139"})
    void whatWaitidTellsBecomesAWaitStatus(int code, int status, int expected) {
        assertThat(PidFd.waitStatus(code, status)).isEqualTo(expected);
    }
}
