package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class DirectMappingTest {
    private static final NativeLibrary LIBRARY = NativeLibrary.getProcess();

    static final class Numbers {
        static native int abs(int number);

        static native long labs(long number);

        static native short htons(short number);

        static native void srand(int seed);

        static native int getpid();

        static native int close(int fd);

        static native long syscall(long number, long a, long b, long c, long d, long e);
    }

    static final class Texts {
        static native long strlen(String text);

        static native int getppid();
    }

    static final class Unknown {
        static native int no_library_has_this_one();
    }

    @Test
    void theJnaOfThisBuildCanBeLinkedQuickly() {
        assertThat(DirectMapping.quickly(Numbers.class, LIBRARY)).isTrue();

        assertThat(Numbers.abs(-5)).isEqualTo(5);
        assertThat(Numbers.labs(-5_000_000_000L)).isEqualTo(5_000_000_000L);
        assertThat(Numbers.htons((short) 0x1234)).isIn((short) 0x3412, (short) 0x1234);
        assertThat(Numbers.htons(Numbers.htons((short) 0x8001))).isEqualTo((short) 0x8001);
        Numbers.srand(1);
        assertThat((long) Numbers.getpid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(Numbers.syscall(-1, 0, 0, 0, 0, 0)).isEqualTo(-1);
        assertThat(Native.getLastError()).isEqualTo(Errno.ENOSYS.number());
        assertThat(Numbers.close(-1)).isEqualTo(-1);
        assertThat(Native.getLastError()).isEqualTo(Errno.EBADF.number());
    }

    @Test
    void whatTakesMoreThanNumbersIsLinkedByJna() {
        assertThat(DirectMapping.quickly(Texts.class, LIBRARY)).isFalse();

        DirectMapping.register(Texts.class, LIBRARY);

        assertThat(Texts.strlen("four")).isEqualTo(4);
        assertThat(Texts.getppid()).isPositive();
    }

    @Test
    void aFunctionThatIsNotThereIsTold() {
        assertThatThrownBy(() -> DirectMapping.register(Unknown.class, LIBRARY))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessageContaining("no_library_has_this_one");
    }
}
