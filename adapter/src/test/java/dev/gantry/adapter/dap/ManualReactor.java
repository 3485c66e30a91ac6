package dev.gantry.adapter.dap;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A reactor that the test turns by hand, with a clock of its own. Tasks may be posted from any thread. */
final class ManualReactor implements Reactor {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Timer> timers = new ArrayList<>();
    private long now = 1_000_000_000L;

    @Override
    public long nanoTime() {
        return now;
    }

    /** Runs what is posted. */
    void turn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, running timers when they are due. */
    void pass(Duration time) {
        long end = now + time.toNanos();
        turn();
        while (true) {
            Timer next = timers.stream()
                    .filter(timer -> timer.active && timer.at <= end)
                    .min(Comparator.comparingLong(timer -> timer.at))
                    .orElse(null);
            if (next == null) {
                break;
            }
            now = Math.max(now, next.at);
            next.active = false;
            next.task.run();
            turn();
        }
        timers.removeIf(timer -> !timer.active);
        now = end;
    }

    int activeTimers() {
        return (int) timers.stream().filter(timer -> timer.active).count();
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public DelayedCall callLater(Duration delay, Runnable task) {
        Timer timer = new Timer(now + delay.toNanos(), task);
        timers.add(timer);
        return timer;
    }

    @Override
    public boolean inReactorThread() {
        return true;
    }

    @Override
    public String backendName() {
        return "manual";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public <T> T call(Callable<T> task) throws Exception {
        return task.call();
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
    public void close() {}

    private static final class Timer implements DelayedCall {
        private final long at;
        private final Runnable task;
        private boolean active = true;

        Timer(long at, Runnable task) {
            this.at = at;
            this.task = task;
        }

        @Override
        public void cancel() {
            active = false;
        }

        @Override
        public boolean isActive() {
            return active;
        }
    }
}
