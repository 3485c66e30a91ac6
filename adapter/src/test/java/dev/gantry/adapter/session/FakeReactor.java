package dev.gantry.adapter.session;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A reactor whose time stands still until {@link #advance}, and whose processes are {@link FakeTransport}s. The test's thread is its. */
final class FakeReactor implements Reactor {
    final List<FakeTransport> spawned = new ArrayList<>();
    final Set<Capability> capabilities = EnumSet.allOf(Capability.class);

    @Nullable SpawnException nextSpawnFails;

    @Nullable UnsupportedCapabilityException nextStartLacks;

    private final PriorityQueue<Call> calls =
            new PriorityQueue<>(Comparator.comparing((Call call) -> call.at).thenComparing(call -> call.number));
    private Duration now = Duration.ZERO;
    private int numbers;

    FakeTransport lastSpawned() {
        return spawned.get(spawned.size() - 1);
    }

    /** Lets time pass and runs what is due, in order. */
    void advance(Duration time) {
        Duration end = now.plus(time);
        for (Call call = calls.peek(); call != null && call.at.compareTo(end) <= 0; call = calls.peek()) {
            calls.poll();
            now = call.at;
            call.run();
        }
        now = end;
    }

    /** What runs now takes its time. */
    void spend(Duration time) {
        now = now.plus(time);
    }

    /** Whether no timer is set. */
    boolean isIdle() {
        return calls.stream().noneMatch(Call::isActive);
    }

    @Override
    public String backendName() {
        return "fake";
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean inReactorThread() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        callLater(Duration.ZERO, task);
    }

    @Override
    public <T> T call(Callable<T> task) throws Exception {
        return task.call();
    }

    @Override
    public DelayedCall callLater(Duration delay, Runnable task) {
        Call call = new Call(now.plus(delay), numbers++, task);
        calls.add(call);
        return call;
    }

    @Override
    public long nanoTime() {
        return now.toNanos();
    }

    @Override
    public ProcessTransport spawnProcess(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        if (nextStartLacks != null) {
            UnsupportedCapabilityException lacking = nextStartLacks;
            nextStartLacks = null;
            throw lacking;
        }
        if (nextSpawnFails != null) {
            SpawnException failure = nextSpawnFails;
            nextSpawnFails = null;
            throw failure;
        }
        FakeTransport transport = new FakeTransport(protocol, request, 1000 + spawned.size());
        spawned.add(transport);
        transport.starts();
        return transport;
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) {
        FakeTransport transport = new FakeTransport(protocol, request, 1000 + spawned.size());
        spawned.add(transport);
        return new TerminalLaunch() {
            @Override
            public List<String> command() {
                return List.of("shim");
            }

            @Override
            public void whenFailed(java.util.function.Consumer<SpawnException> listener) {}

            @Override
            public void cancel() {
                transport.startCancelled = true;
            }
        };
    }

    @Override
    public void warmUp() {}

    @Override
    public void close() {}

    private static final class Call implements DelayedCall {
        private final Duration at;
        private final int number;
        private Optional<Runnable> task;

        Call(Duration at, int number, Runnable task) {
            this.at = at;
            this.number = number;
            this.task = Optional.of(task);
        }

        void run() {
            Optional<Runnable> due = task;
            task = Optional.empty();
            due.ifPresent(Runnable::run);
        }

        @Override
        public void cancel() {
            task = Optional.empty();
        }

        @Override
        public boolean isActive() {
            return task.isPresent();
        }
    }
}
