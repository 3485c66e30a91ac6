package dev.gantry.launcher.windows;

import com.sun.jna.Native;
import com.sun.jna.WString;

/** advapi32.dll, in the manner of {@link Kernel32}. */
final class Advapi32 {
    static {
        Native.register(Advapi32.class, "advapi32");
    }

    private Advapi32() {}

    static native int ConvertStringSecurityDescriptorToSecurityDescriptorW(
            WString text, int revision, long descriptor, long bytes);
}
