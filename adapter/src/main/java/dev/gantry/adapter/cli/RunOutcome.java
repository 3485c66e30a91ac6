package dev.gantry.adapter.cli;

/** How {@code gantry run} ended. */
sealed interface RunOutcome {
    /**
     * The target ran and ended; {@code code} is 128 + n for a death by signal n; on Windows all 32 bits of the program's, which
     * {@code System.exit} passes on whole.
     */
    record Exited(int code) implements RunOutcome {}

    /** The target was never started. */
    record NotStarted() implements RunOutcome {}

    /** The user's signal came before the target was started. */
    record Interrupted() implements RunOutcome {}

    /** Nobody reads our output any more: what kills others by SIGPIPE. */
    record OutputClosed() implements RunOutcome {}

    /** Our output cannot be written, though somebody may read it: a full disk, say. */
    record OutputFailed(String why) implements RunOutcome {}

    /** The adapter went away or made no sense. */
    record AdapterFailed(String why) implements RunOutcome {}
}
