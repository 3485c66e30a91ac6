package dev.gantry.launcher.engine;

import dev.gantry.launcher.DelayedCall;
import java.time.Duration;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Delayed tasks, the earliest first; equal times in the order in which they were set. Any thread; guarded by its own lock,
 * under which no task runs.
 */
final class TimerQueue {
    private final NanoClock clock;
    /** Guarded by this, as is all below. */
    private final PriorityQueue<Timer> heap = new PriorityQueue<>(TimerQueue::compare);

    private long added;

    TimerQueue(NanoClock clock) {
        this.clock = clock;
    }

    synchronized DelayedCall add(Duration delay, Runnable task) {
        Timer timer = new Timer(clock.nanoTime() + nanos(delay), added++, task);
        heap.add(timer);
        return timer;
    }

    /** Takes out the first task that is due; it is no longer active. */
    synchronized Optional<Runnable> pollDue() {
        Timer first = heap.peek();
        if (first == null || first.deadline - clock.nanoTime() > 0) {
            return Optional.empty();
        }
        heap.remove();
        return Optional.ofNullable(first.take());
    }

    /** How long until the first task is due: 0 if it is, {@link Poller#FOREVER} if there is none. */
    synchronized long nanosToNext() {
        Timer first = heap.peek();
        return first == null ? Poller.FOREVER : Math.max(0, first.deadline - clock.nanoTime());
    }

    synchronized int size() {
        return heap.size();
    }

    synchronized void clear() {
        heap.forEach(Timer::take);
        heap.clear();
    }

    private static long nanos(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        try {
            // A quarter of the range keeps differences of deadlines from overflowing.
            return Math.min(delay.toNanos(), Long.MAX_VALUE / 4);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE / 4;
        }
    }

    private static int compare(Timer a, Timer b) {
        // Differences: nanoTime may wrap around.
        int byDeadline = Long.signum(a.deadline - b.deadline);
        return byDeadline != 0 ? byDeadline : Long.compare(a.order, b.order);
    }

    private final class Timer implements DelayedCall {
        private final long deadline;
        private final long order;
        /** Null once it ran or was cancelled. Guarded by the queue. */
        private @Nullable Runnable task;

        Timer(long deadline, long order, Runnable task) {
            this.deadline = deadline;
            this.order = order;
            this.task = task;
        }

        private @Nullable Runnable take() {
            Runnable taken = task;
            task = null;
            return taken;
        }

        @Override
        public void cancel() {
            synchronized (TimerQueue.this) {
                if (take() != null) {
                    heap.remove(this);
                }
            }
        }

        @Override
        public boolean isActive() {
            synchronized (TimerQueue.this) {
                return task != null;
            }
        }
    }
}
