package dev.gantry.launcher;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The process ended with another exit code than 0, or by a signal: one of the two is there, but for {@link ExitReason#unknown}, which
 * has neither.
 *
 * @param exitCode never 0
 * @param signalNumber the signal that killed it
 * @param coreDumped whether the system says that a core was dumped
 * @param status the raw status
 */
public record ProcessTerminated(OptionalInt exitCode, OptionalInt signalNumber, boolean coreDumped, int status)
        implements ExitReason {
    private static final int NO_STATUS = 0x7F;
    private static final int SHELLS_NOT_FOUND = 127;
    /** An NTSTATUS has its severity in the two highest bits; 0 is success. */
    private static final int SEVERITY_SHIFT = 30;

    static final ProcessTerminated UNKNOWN =
            new ProcessTerminated(OptionalInt.empty(), OptionalInt.empty(), false, NO_STATUS);

    @Override
    public boolean isKnown() {
        return exitCode.isPresent() || signalNumber.isPresent();
    }

    /** The signal, if it has a name. */
    public Optional<Signal> signal() {
        return signalNumber.isPresent() ? Signal.numbered(signalNumber.getAsInt()) : Optional.empty();
    }

    /** What the exit code means as one of Windows' own, if it is one of those that have a name. */
    public Optional<NtStatus> ntStatus() {
        // The table is not read, nor loaded, for codes that any program may choose.
        return exitCode.isPresent() && exitCode.getAsInt() >>> SEVERITY_SHIFT != 0
                ? NtStatus.of(exitCode.getAsInt())
                : Optional.empty();
    }

    @Override
    public int shellCode() {
        if (!isKnown()) {
            return SHELLS_NOT_FOUND;
        }
        return exitCode.orElseGet(() -> 128 + signalNumber.orElseThrow());
    }
}
