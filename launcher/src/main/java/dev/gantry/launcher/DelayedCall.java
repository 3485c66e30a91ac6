package dev.gantry.launcher;

/** A task that {@link Reactor#callLater} will run. Any thread may cancel it. */
public interface DelayedCall {
    /** Cancels; a no-op if it has run or was cancelled. */
    void cancel();

    /** Whether it is still to run. */
    boolean isActive();
}
