package dev.gantry.launcher.engine;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;

/** What a reactor is by its {@link EventLoop}; starting processes, early work and the end are the platform's. */
public abstract class LoopReactor implements Reactor {
    private final String backendName;
    private final Set<Capability> capabilities;
    private final EventLoop loop;

    protected LoopReactor(String backendName, Set<Capability> capabilities, EventLoop loop) {
        this.backendName = backendName;
        this.capabilities = capabilities;
        this.loop = loop;
    }

    public final EventLoop loop() {
        return loop;
    }

    /** As {@link #spawnProcess}, on the loop's thread. */
    protected abstract ProcessTransport spawnInLoop(ProcessProtocol protocol, SpawnRequest request)
            throws SpawnException;

    @Override
    public final String backendName() {
        return backendName;
    }

    @Override
    public final Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public final boolean inReactorThread() {
        return loop.inLoopThread();
    }

    @Override
    public final void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public final <T> T call(Callable<T> task) throws Exception {
        return loop.call(task);
    }

    @Override
    public final DelayedCall callLater(Duration delay, Runnable task) {
        return loop.callLater(delay, task);
    }

    @Override
    public final long nanoTime() {
        return loop.nanoTime();
    }

    @Override
    public final ProcessTransport spawnProcess(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        try {
            return loop.callUninterruptibly(() -> spawnInLoop(protocol, request));
        } catch (SpawnException | RuntimeException expected) {
            throw expected;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
