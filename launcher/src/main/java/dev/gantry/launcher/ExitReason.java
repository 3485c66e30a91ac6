package dev.gantry.launcher;

import java.util.OptionalInt;

/** How a process ended. */
public sealed interface ExitReason permits ProcessDone, ProcessTerminated {
    /** The raw status of wait(2); on Windows the exit code. */
    int status();

    /** The exit code as a shell tells it: 128 + n for a death by signal n. */
    int shellCode();

    /**
     * From the status of wait(2): exit code in bits 8 to 15, signal in bits 0 to 6, core flag in bit 7.
     *
     * @throws IllegalArgumentException if the status is that of a stopped or continued process
     */
    static ExitReason of(int status) {
        int signal = status & 0x7F;
        if (signal == 0x7F || (status & ~0xFFFF) != 0) {
            throw new IllegalArgumentException("not the status of an ended process: 0x" + Integer.toHexString(status));
        }
        if (signal != 0) {
            return new ProcessTerminated(OptionalInt.empty(), OptionalInt.of(signal), (status & 0x80) != 0, status);
        }
        int code = (status >> 8) & 0xFF;
        return code == 0
                ? new ProcessDone(status)
                : new ProcessTerminated(OptionalInt.of(code), OptionalInt.empty(), false, status);
    }

    /** From an exit code alone, as Windows and java.lang.Process tell it: the full 32 bits. */
    static ExitReason ofCode(int code) {
        return code == 0
                ? new ProcessDone(0)
                : new ProcessTerminated(OptionalInt.of(code), OptionalInt.empty(), false, code);
    }
}
