package dev.gantry.launcher.engine;

/**
 * Where an {@link EventLoop} waits. It tells those who registered with it of their events, through {@link EventLoop#guarded}.
 *
 * <p>Used on the loop's thread, but for {@link #wakeUp}. Closed by the loop, as the last thing that it does.
 */
public interface Poller extends AutoCloseable {
    /** The timeout that never comes. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Waits until there is an event, {@link #wakeUp} was called or the time is over, and dispatches the events that there are.
     *
     * @param timeoutNanos 0 looks and does not wait
     */
    void poll(long timeoutNanos);

    /** Ends the current or the next {@link #poll}. Any thread. After {@link #close}, a no-op. */
    void wakeUp();

    @Override
    void close();
}
