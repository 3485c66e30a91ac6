package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The system's own parser gets back what was quoted. */
@Tag("windows")
@EnabledOnOs(OS.WINDOWS)
class CommandLineRoundTripTest {
    /** Public, so that JNA can make it. */
    public interface Shell32 extends StdCallLibrary {
        @SuppressWarnings("MethodName") // The function's name.
        Pointer CommandLineToArgvW(WString line, IntByReference count);
    }

    /** Public, so that JNA can make it. */
    public interface Kernel32 extends StdCallLibrary {
        @SuppressWarnings("MethodName") // The function's name.
        Pointer LocalFree(Pointer memory);
    }

    @Test
    void theSystemGetsTheVectorThatWasGiven() throws Exception {
        Shell32 shell32 = Native.load("shell32", Shell32.class);
        Kernel32 kernel32 = Native.load("kernel32", Kernel32.class);
        int compared = 0;
        for (List<String> vector : Vectors.seeded(42)) {
            IntByReference count = new IntByReference();
            Pointer parsed = shell32.CommandLineToArgvW(new WString(CommandLine.quote(vector)), count);
            try {
                assertThat(parsed.getWideStringArray(0, count.getValue())).containsExactlyElementsOf(vector);
            } finally {
                kernel32.LocalFree(parsed);
            }
            compared++;
        }
        assertThat(compared).isEqualTo(Vectors.COUNT);
    }
}
