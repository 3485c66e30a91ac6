package dev.gantry.launcher.engine;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A poller without events of its own: other threads post theirs as tasks. Nothing to close. */
public final class ParkingPoller implements Poller {
    private final Semaphore wakeUps = new Semaphore(0);

    @Override
    public void poll(long timeoutNanos) {
        try {
            if (timeoutNanos == FOREVER) {
                wakeUps.acquire();
            } else if (!wakeUps.tryAcquire(timeoutNanos, TimeUnit.NANOSECONDS)) {
                return;
            }
            wakeUps.drainPermits();
        } catch (InterruptedException e) {
            // Nothing ends the loop but its own closing; the flag is consumed, else every later wait would return at
            // once.
            Thread.interrupted();
        }
    }

    @Override
    public void wakeUp() {
        wakeUps.release();
    }

    @Override
    public void close() {}
}
