package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WaitStatusTest {
    @ParameterizedTest
    @CsvSource({"1,0,0", "1,3,768", "1,255,65280", "2,9,9", "2,64,64", "3,11,139"})
    void whatWaitidTellsBecomesAWaitStatus(int code, int status, int expected) {
        assertThat(PidFd.waitStatus(code, status)).isEqualTo(expected);
    }
}
