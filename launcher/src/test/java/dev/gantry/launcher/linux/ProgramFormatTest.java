package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ProgramFormatTest {
    private static final int X86_64 = 62;
    private static final int I386 = 3;
    private static final int RISCV = 243;
    private static final byte[] OURS = elf(X86_64);

    private static byte[] elf(int machine) {
        byte[] head = Arrays.copyOf(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1}, 64);
        head[18] = (byte) machine;
        return head;
    }

    private static boolean isNone(byte[] head, boolean more) {
        return ProgramFormat.isNone(head, OURS, more);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void programsOfThisMachineAndScriptsAreSome() {
        for (byte[] head : new byte[][] {
            OURS,
            elf(I386),
            text("#!/bin/sh\n\0"),
            text("#!/bin/sh"),
            text("echo no line\n"),
            text("echo\n\0"),
            text("")
        }) {
            assertThat(isNone(head, false)).as(Arrays.toString(head)).isFalse();
            assertThat(isNone(head, true)).as(Arrays.toString(head)).isFalse();
        }
    }

    @Test
    void anElfThatIsBrokenIsNone() {
        byte[] noClass = elf(X86_64);
        noClass[4] = 'x';
        for (byte[] head : new byte[][] {noClass, Arrays.copyOf(OURS, 40), text("\u007fELFxx\0\u0001")}) {
            assertThat(isNone(head, true)).as(Arrays.toString(head)).isTrue();
        }
    }

    @Test
    void whatOthersMayRunIsNoneOnlyWhereThereAreNoOthers() {
        for (byte[] head : new byte[][] {elf(RISCV), text("MZ\0\u0001"), text("PK\u0003\u0004\0")}) {
            assertThat(isNone(head, false)).as(Arrays.toString(head)).isTrue();
            assertThat(isNone(head, true)).as(Arrays.toString(head)).isFalse();
        }
    }

    @Test
    void theRunningProgramIsSome() {
        assertThat(ProgramFormat.isNone(Descriptors.beginning("/proc/self/exe", ProgramFormat.HEAD_BYTES)))
                .isFalse();
    }
}
