package dev.gantry.launcher;

/** What a backend may be unable to do. */
public enum Capability {
    /** Descriptors of the child other than 0, 1 and 2, and descriptors for both reading and writing. */
    ANY_CHILD_FDS,
    /** A first argument other than the path of the file that runs. */
    ARGV0,
    /** A pseudo-terminal instead of pipes. */
    PTY,
    /** A process group or session of the child's own, and signals to that group. */
    PROCESS_GROUP,
    /** Any signal of the platform, by name and number; without it only KILL, TERM and INT. */
    ALL_SIGNALS,
    /** Default signal dispositions and an empty mask in the child. */
    SIGNAL_DEFAULTS,
    /** Telling an exit code of 128 + n from a death by signal n. */
    EXACT_EXIT_REASON,
    /** CPU time and peak memory. */
    RESOURCE_USAGE,
    /** Listing and signalling descendants. */
    PROCESS_TREE,
    /** Ending guarded trees even when we are killed with SIGKILL. */
    GUARDIAN,
    /** Adopting and reaping orphans of the child. */
    SUBREAPER,
    /** Letting a process live on without us. */
    DETACH,
    /** Processes started by a terminal. */
    TERMINAL_LAUNCH,
    /** Exactly the mapped descriptors in the child, whatever this process has open or opens in the moment of the start. */
    EXACT_DESCRIPTORS
}
