package dev.gantry.launcher;

import java.util.OptionalInt;

/**
 * How a process ended: by itself with 0, or otherwise. {@link #unknown} if nobody can tell, since somebody else in this program has
 * waited for it (by waitpid(-1), say) and the kernel does not remember the status, as Linux does since 6.15.
 */
public sealed interface ExitReason permits ProcessDone, ProcessTerminated {
    /** The raw status of wait(2); on Windows the exit code. Of {@link #unknown}, 0x7F, which is the status of no ended process. */
    int status();

    /**
     * The exit code as a shell tells it: 128 + n for a death by signal n; 127, as for a child that is none of its own, if unknown. On
     * Windows the full 32 bits, which may be negative.
     */
    int shellCode();

    /** Whether anybody can tell; false for {@link #unknown} alone. */
    default boolean isKnown() {
        return true;
    }

    /** It has ended, and nobody can tell how: not by 0 either, as far as one knows. */
    static ExitReason unknown() {
        return ProcessTerminated.UNKNOWN;
    }

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
