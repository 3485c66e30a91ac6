package dev.gantry.adapter.debuggee;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ResourceUsage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitLineTest {
    private static final ResourceUsage USAGE = new ResourceUsage(
            Duration.ofMillis(1234),
            Optional.of(Duration.ofMillis(700)),
            Optional.of(Duration.ofMillis(110)),
            OptionalLong.of(34L << 20),
            false);
    private static final ResourceUsage WALL_ONLY =
            new ResourceUsage(Duration.ofMillis(12), Optional.empty(), Optional.empty(), OptionalLong.empty(), false);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0x0000 | exit code 0 after 1.2 s, 34 MiB peak, 0.8 s CPU
                    0x0300 | exit code 3 after 1.2 s, 34 MiB peak, 0.8 s CPU
                    0x8900 | exit code 137 after 1.2 s, 34 MiB peak, 0.8 s CPU
                    0x0009 | killed by SIGKILL (9) after 1.2 s, 34 MiB peak, 0.8 s CPU
                    0x008b | killed by SIGSEGV (11), core dumped after 1.2 s, 34 MiB peak, 0.8 s CPU
                    0x0023 | killed by signal 35 after 1.2 s, 34 MiB peak, 0.8 s CPU
                    """)
    void saysHowTheTargetEndedAndWhatItUsed(String status, String line) {
        assertThat(ExitLine.of(report(Integer.decode(status), USAGE, false, false)))
                .isEqualTo(line);
    }

    @Test
    void namesAnOutOfMemoryKill() {
        assertThat(ExitLine.how(report(9, USAGE, true, false)))
                .isEqualTo("killed by SIGKILL (9) by the system, out of memory");
    }

    @Test
    void saysThatAShellsCodeMayBeASignal() {
        assertThat(ExitLine.how(report(137 << 8, USAGE, false, true)))
                .isEqualTo("exit code 137 (in a terminal: killed by SIGKILL (9), or its own code)");
        assertThat(ExitLine.how(report(3 << 8, USAGE, false, true))).isEqualTo("exit code 3");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    -1073741819 | exit code -1073741819 (0xC0000005, STATUS_ACCESS_VIOLATION: invalid memory access)
                    1073807365  | exit code 1073807365 (0x40010005, DBG_CONTROL_C: Ctrl+C)
                    -1          | exit code -1 (0xFFFFFFFF)
                    -529697949  | exit code -529697949 (0xE06D7363)
                    259         | exit code 259 (0x103)
                    256         | exit code 256 (0x100)
                    255         | exit code 255
                    1           | exit code 1
                    """)
    void saysWhatACodeOf32BitsMeans(int code, String words) {
        assertThat(ExitLine.how(new ExitReport(Optional.of(ExitReason.ofCode(code)), WALL_ONLY, false, false)))
                .isEqualTo(words);
    }

    @Test
    void saysThatMoreMayNotHaveBeenSeen() {
        ResourceUsage sampled = new ResourceUsage(
                Duration.ofMillis(2100), Optional.empty(), Optional.empty(), OptionalLong.of(8 << 20), false, false);
        assertThat(ExitLine.of(report(0, sampled, false, false)))
                .isEqualTo("exit code 0 after 2.1 s, at least 8.0 MiB peak");
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertThat(ExitLine.of(report(0, WALL_ONLY, false, false))).isEqualTo("exit code 0 after 0.01 s");
        assertThat(ExitLine.of(new ExitReport(Optional.empty(), WALL_ONLY, false, false)))
                .isEqualTo("ended, nobody can tell how, after 0.01 s");
    }

    @ParameterizedTest
    @CsvSource({"0, 0.00 s", "99, 0.10 s", "100, 0.1 s", "59900, 59.9 s", "75000, 1 min 15 s", "7380000, 2 h 3 min"})
    void durationsHaveTheDigitsThatMatter(long millis, String text) {
        assertThat(ExitLine.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }

    private static ExitReport report(int status, ResourceUsage usage, boolean oom, boolean terminal) {
        return new ExitReport(Optional.of(ExitReason.of(status)), usage, oom, terminal);
    }
}
