package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;

/** The command lines of other processes, as ntdll tells them since Windows 8.1. Stateless; any thread. */
final class CommandLines {
    private static final int PROCESS_COMMAND_LINE_INFORMATION = 60;
    /** A UNICODE_STRING and the longest text that one may hold. */
    private static final int BYTES = 16 + 65_536;

    static {
        Native.register(CommandLines.class, "ntdll");
    }

    private CommandLines() {}

    private static native int NtQueryInformationProcess(
            long process, int kind, long information, int bytes, long returned);

    /** Empty if the system does not tell, or there is none. */
    static Optional<String> of(long process) {
        try (Memory told = new Memory(BYTES)) {
            told.clear(16);
            int status = NtQueryInformationProcess(
                    process, PROCESS_COMMAND_LINE_INFORMATION, Pointer.nativeValue(told), BYTES, 0);
            int length = Short.toUnsignedInt(told.getShort(0));
            if (status != 0 || length == 0) {
                return Optional.empty();
            }
            return Optional.of(new String(told.getPointer(8).getCharArray(0, length / 2)));
        }
    }
}
