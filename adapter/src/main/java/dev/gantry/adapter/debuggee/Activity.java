package dev.gantry.adapter.debuggee;

/** What a target does. */
public enum Activity {
    RUNNING,
    /** We have stopped it, or are about to. */
    PAUSED,
    /** Somebody else has stopped it, or itself. */
    STOPPED,
    /** It is being ended. */
    STOPPING,
    /** It was reaped; its output may still be read. */
    ENDED;

    /** Whether it waits for a signal to go on. */
    public boolean isHeld() {
        return this == PAUSED || this == STOPPED;
    }
}
