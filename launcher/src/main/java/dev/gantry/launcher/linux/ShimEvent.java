package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;

/** What the shell of a terminal launch tells. */
sealed interface ShimEvent {
    /** The program is about to be executed in this process. At most once. */
    record Started(ProcessId process) implements ShimEvent {}

    /**
     * The program could not be executed; the last event. Usually instead of {@link Started}, after it where only the exec itself
     * failed.
     *
     * @param step "directory" or "program"
     * @param code 127 if there is no such program (or interpreter), 126 if it cannot be executed, 0 for the directory
     */
    record Refused(String step, int code) implements ShimEvent {}

    /** The program ended; the last event. */
    record Ended(ExitReason reason) implements ShimEvent {}

    /**
     * The shell is gone without having told how the program ended; the last event. Close the leash: what still runs is ended
     * then.
     *
     * @param why in words
     */
    record Lost(String why) implements ShimEvent {}
}
