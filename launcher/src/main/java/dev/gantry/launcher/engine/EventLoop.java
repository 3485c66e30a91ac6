package dev.gantry.launcher.engine;

import dev.gantry.launcher.DelayedCall;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread that runs tasks, timers and a poller's events, one at a time. What any of them throws is reported and disturbs
 * nothing else.
 *
 * <p>Should the loop itself fail (no memory is left for its own work), it takes nothing any more, lets nobody wait, and keeps its
 * thread for the last task that {@link #close} brings.
 *
 * <p>{@link #execute}, {@link #call}, {@link #callLater} and {@link #close} may be called from any thread, the rest from its own.
 * The thread is a daemon. Closed by the reactor that made it.
 */
public final class EventLoop implements ProcessLifecycle.EventSink {
    private final Poller poller;
    private final BiConsumer<String, Throwable> errorHandler;
    private final NanoClock clock;
    private final TimerQueue timers;
    private final Thread thread;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    /** Whether a wake-up is on its way: one is enough for any number of tasks. */
    private final AtomicBoolean wakeUpPending = new AtomicBoolean();
    /** Set once, by the first {@link #close}. */
    private final AtomicBoolean closing = new AtomicBoolean();

    private final CountDownLatch closeAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Written before {@link #closeAsked} is counted down; run by the loop as its last task. */
    private volatile Runnable lastTask = () -> {};

    /** From now on no task is taken: {@link #close} was called, or the loop itself failed. */
    private volatile boolean stopped;
    /** Why the loop ended before it was closed. Written before {@link #stopped}. */
    private volatile @Nullable Throwable failure;

    /**
     * A loop that {@link #start} starts.
     *
     * @param errorHandler hears where something was thrown and what; called on the loop's thread
     */
    public EventLoop(String threadName, Poller poller, NanoClock clock, BiConsumer<String, Throwable> errorHandler) {
        this.poller = poller;
        this.errorHandler = errorHandler;
        this.clock = clock;
        this.timers = new TimerQueue(clock);
        this.thread = new Thread(this::run, threadName);
        this.thread.setDaemon(true);
    }

    /** Starts the thread. Once. */
    public void start() {
        thread.start();
    }

    public boolean inLoopThread() {
        return Thread.currentThread() == thread;
    }

    /**
     * Guards what is confined to the loop's thread.
     *
     * @throws IllegalStateException on any other thread
     */
    public void assertInLoop() {
        if (!inLoopThread()) {
            throw new IllegalStateException("called on thread '"
                    + Thread.currentThread().getName() + "'; only '" + thread.getName()
                    + "' may: bring the call there with execute or call");
        }
    }

    @Override
    public void execute(Runnable task) {
        refuseIfStopped();
        tasks.add(task);
        wakeUp();
        if (stopped) {
            // The loop may have ended between the check and the add: a caller that waits must not wait for ever.
            dropTasks();
        }
    }

    private void refuseIfStopped() {
        if (stopped && !inLoopThread()) {
            Throwable cause = failure;
            throw cause == null
                    ? new RejectedExecutionException("the reactor is closed")
                    : new RejectedExecutionException("the reactor has failed (" + cause + "): close it", cause);
        }
    }

    /** Runs on the loop's thread and waits; on that thread, directly. What the task throws comes out unwrapped. */
    public <T> T call(Callable<T> task) throws Exception {
        if (inLoopThread()) {
            return task.call();
        }
        FutureTask<T> future = new FutureTask<>(task);
        execute(future);
        try {
            return resultOf(future);
        } catch (InterruptedException e) {
            // Not interrupting the loop: what has begun goes on.
            future.cancel(false);
            throw e;
        }
    }

    /** As {@link #call}, for what must not be given up half-way; an interrupt is kept for afterwards. */
    public <T> T callUninterruptibly(Callable<T> task) throws Exception {
        if (inLoopThread()) {
            return task.call();
        }
        FutureTask<T> future = new FutureTask<>(task);
        execute(future);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return resultOf(future);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T resultOf(FutureTask<T> future) throws Exception {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw unwrapped(e);
        } catch (CancellationException e) {
            throw new RejectedExecutionException("the reactor was closed before this could run", e);
        }
    }

    public DelayedCall callLater(Duration delay, Runnable task) {
        refuseIfStopped();
        DelayedCall timer = timers.add(delay, task);
        wakeUp();
        return timer;
    }

    /** The time by which {@link #callLater} counts. From any thread. */
    long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public void guarded(String where, Runnable code) {
        try {
            code.run();
        } catch (Throwable thrown) {
            report(where, thrown);
        }
    }

    /** Tells the error handler, and returns normally in any case. */
    @Override
    public void report(String where, Throwable thrown) {
        try {
            errorHandler.accept(where, thrown);
        } catch (Throwable inHandler) {
            logFailedHandler(where, thrown, inHandler);
        }
    }

    private static void logFailedHandler(String where, Throwable thrown, Throwable inHandler) {
        try {
            // A handler may throw just what it was told, which cannot be suppressed by itself.
            if (inHandler != thrown) {
                inHandler.addSuppressed(thrown);
            }
            System.getLogger("dev.gantry.launcher").log(Level.ERROR, "the error handler failed, " + where, inHandler);
        } catch (Throwable nobodyListens) {
            // The loop goes on; there is nobody left to tell.
        }
    }

    /**
     * Ends the loop: runs {@code last} as its last task, closes the poller, drops everything else, and returns when the thread
     * has ended; on the loop's own thread, returns at once, and the thread ends when the running task has returned. The second
     * call waits only.
     */
    public void close(Runnable last) {
        if (closing.compareAndSet(false, true)) {
            lastTask = last;
            stopped = true;
            closeAsked.countDown();
            poller.wakeUp();
        }
        if (!inLoopThread()) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        uninterruptibly(() -> {
            ended.await();
            thread.join();
        });
    }

    private void run() {
        try {
            while (!stopped) {
                turn();
            }
        } catch (Throwable own) {
            // All that others threw is caught before: this is the loop's own, an error of the machine.
            failure = own;
            report("the reactor itself", own);
        } finally {
            stopped = true;
            dropTasks();
            end();
        }
    }

    private void end() {
        try {
            uninterruptibly(closeAsked::await);
            guarded("closing the reactor", lastTask);
        } finally {
            guarded("closing the poller", poller::close);
            timers.clear();
            dropTasks();
            ended.countDown();
        }
    }

    /** Something that waits. */
    private interface Waiting {
        void await() throws InterruptedException;
    }

    /** Waits to the end; an interrupt is kept for afterwards. */
    private static void uninterruptibly(Waiting waiting) {
        boolean interrupted = false;
        while (true) {
            try {
                waiting.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() {
        wakeUpPending.set(false);
        runTasks();
        runTimers();
        if (!stopped) {
            long timeout = tasks.isEmpty() ? timers.nanosToNext() : 0;
            guarded("waiting for events", () -> poller.poll(timeout));
        }
    }

    /** Runs those that are queued now: one that queues itself again does not keep events waiting. */
    private void runTasks() {
        Runnable end = () -> {};
        if (tasks.isEmpty()) {
            return;
        }
        tasks.add(end);
        for (Runnable task = tasks.poll(); task != null && task != end; task = tasks.poll()) {
            guarded("a task", task);
            if (stopped) {
                return;
            }
        }
    }

    private void runTimers() {
        // A timer set by a timer is not due before the clock moves on, but for a delay of 0: bounded by what there is
        // now.
        for (int left = timers.size(); left > 0 && !stopped; left--) {
            var due = timers.pollDue();
            if (due.isEmpty()) {
                return;
            }
            guarded("a delayed call", due.get());
        }
    }

    private void wakeUp() {
        if (!inLoopThread() && wakeUpPending.compareAndSet(false, true)) {
            poller.wakeUp();
        }
    }

    private void dropTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            if (task instanceof FutureTask<?> future) {
                future.cancel(false);
            }
        }
    }

    private static Exception unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : e;
    }
}
