package dev.gantry.launcher;

import java.io.IOException;

/** A signal was to be sent to a process that has ended. */
public final class ProcessExitedAlreadyException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProcessExitedAlreadyException(String message) {
        super(message);
    }
}
