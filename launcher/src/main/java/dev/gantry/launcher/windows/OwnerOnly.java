package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinBase;

/**
 * Who may open what we make under a name: its owner and nobody else. By default everybody may read from a named pipe. The descriptor is
 * made once and never freed. Any thread.
 */
final class OwnerOnly {
    /** Nothing inherited; all rights (GA) to the owner (OW). "Security descriptor string format". */
    private static final String TEXT = "D:P(A;;GA;;;OW)";

    private static final int REVISION = 1;
    private static final Pointer DESCRIPTOR = descriptor();

    private OwnerOnly() {}

    private static Pointer descriptor() {
        try (Memory address = new Memory(8)) {
            if (Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                            new WString(TEXT), REVISION, Pointer.nativeValue(address), 0)
                    == 0) {
                throw new IllegalStateException("ConvertStringSecurityDescriptorToSecurityDescriptorW(" + TEXT + "): "
                        + WindowsError.describe(Kernel32.lastError()));
            }
            return address.getPointer(0);
        }
    }

    /** Security attributes of a handle that no child inherits. */
    static WinBase.SECURITY_ATTRIBUTES attributes() {
        WinBase.SECURITY_ATTRIBUTES attributes = new WinBase.SECURITY_ATTRIBUTES();
        attributes.lpSecurityDescriptor = DESCRIPTOR;
        return attributes;
    }
}
