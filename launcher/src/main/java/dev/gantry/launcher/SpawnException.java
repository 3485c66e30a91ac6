package dev.gantry.launcher;

import java.io.IOException;

/** A process could not be started. */
public final class SpawnException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What was being done. */
    public enum Step {
        /** Looking for the program. */
        FIND_PROGRAM,
        /** Entering the working directory. */
        WORKING_DIRECTORY,
        /** Opening a file for a descriptor. */
        REDIRECTION,
        /** Making pipes, a pty, descriptors. */
        DESCRIPTORS,
        /** Making the process and running the program in it. */
        EXECUTE,
        /** Registering it with the guardian. */
        GUARD
    }

    private final Step step;
    private final String file;
    private final int errno;

    /**
     * @param step what was being done
     * @param file the file or directory concerned, or the program
     * @param errno the system's error number; 0 if there is none
     * @param message the whole message, for people: what failed, with which file, why
     */
    public SpawnException(Step step, String file, int errno, String message) {
        super(message);
        this.step = step;
        this.file = file;
        this.errno = errno;
    }

    public Step step() {
        return step;
    }

    public String file() {
        return file;
    }

    /** The system's error number; 0 if there is none. */
    public int errno() {
        return errno;
    }
}
