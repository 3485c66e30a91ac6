package dev.gantry.adapter.session;

/** What a request needs to make sense. */
enum Needs {
    /** A session that is not initialized yet. */
    NEW_SESSION,
    /** An initialized session. */
    SESSION,
    /** A session in any state, even before {@code initialize}. */
    NOTHING,
    /** A target that was started and has not ended. */
    TARGET,
    /** A target that is stopped by a signal. */
    PAUSED_TARGET
}
