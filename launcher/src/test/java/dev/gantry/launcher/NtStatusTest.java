package dev.gantry.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NtStatusTest {
    @ParameterizedTest
    @CsvSource({
        "-1073741819, STATUS_ACCESS_VIOLATION, C0000005, invalid memory access",
        "-1073741571, STATUS_STACK_OVERFLOW, C00000FD, stack overflow",
        "-1073740791, STATUS_STACK_BUFFER_OVERRUN, C0000409, 'abort() or another fail-fast, or a damaged stack'",
        "-2147483645, STATUS_BREAKPOINT, 80000003, breakpoint without a debugger",
        "1073807364, DBG_TERMINATE_PROCESS, 40010004, 'ended by its debugger, or at the end of the Windows session'"
    })
    void aCodeHasANameAndAMeaning(int code, String name, String hex, String meaning) {
        NtStatus status = NtStatus.of(code).orElseThrow();
        assertThat(status.statusName()).isEqualTo(name);
        assertThat(status.code()).isEqualTo(code);
        assertThat(status.meaning()).isEqualTo(meaning);
        assertThat(Integer.parseUnsignedInt(hex, 16)).isEqualTo(code);
        assertThat(((ProcessTerminated) ExitReason.ofCode(code)).ntStatus()).contains(status);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 137, 255, 259, -1, 0xE06D7363, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void othersHaveNone(int code) {
        assertThat(NtStatus.of(code)).isEmpty();
    }

    @Test
    void noneIsAnExitCodeOfAnotherSystem() {
        assertThat(NtStatus.values())
                .allSatisfy(status -> assertThat(status.code() >>> 30).isNotZero());
        assertThat(Arrays.stream(NtStatus.values()).map(NtStatus::code)).doesNotHaveDuplicates();
    }

    @Test
    void aDeathBySignalHasNone() {
        assertThat(new ProcessTerminated(OptionalInt.empty(), OptionalInt.of(11), false, 11).ntStatus())
                .isEmpty();
    }
}
