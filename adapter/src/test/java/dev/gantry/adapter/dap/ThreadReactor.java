package dev.gantry.adapter.dap;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A reactor with a real thread and real time, and no processes. */
final class ThreadReactor implements Reactor {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "test-reactor"));

    @Override
    public void execute(Runnable task) {
        executor.execute(task);
    }

    @Override
    public <T> T call(Callable<T> task) throws Exception {
        return executor.submit(task).get(30, TimeUnit.SECONDS);
    }

    @Override
    public DelayedCall callLater(Duration delay, Runnable task) {
        ScheduledFuture<?> future = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        return new DelayedCall() {
            @Override
            public void cancel() {
                future.cancel(false);
            }

            @Override
            public boolean isActive() {
                return !future.isDone();
            }
        };
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public boolean inReactorThread() {
        return Thread.currentThread().getName().equals("test-reactor");
    }

    @Override
    public String backendName() {
        return "test";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public ProcessTransport spawnProcess(ProcessProtocol protocol, SpawnRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void warmUp() {}

    @Override
    public void close() {
        executor.shutdownNow();
        try {
            if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test's reactor does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
