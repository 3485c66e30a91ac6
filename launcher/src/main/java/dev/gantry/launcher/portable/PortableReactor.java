package dev.gantry.launcher.portable;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.NanoClock;
import dev.gantry.launcher.engine.ParkingPoller;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The event loop, to which pumps and waiters post. Any thread may call it, as {@link Reactor} says. Closed by whoever opened
 * it: that lets go of all pipes; a pump that is blocked in a read or write ends when that returns.
 */
final class PortableReactor implements Reactor {
    private final EventLoop loop;
    private final Set<Capability> capabilities;
    private final java.util.function.Consumer<String> trace;
    /** Not yet ended. Confined to the loop's thread. */
    private final Set<PortableTransport> live = new LinkedHashSet<>();

    private PortableReactor(ReactorOptions options, Set<Capability> capabilities) {
        this.loop =
                new EventLoop(options.threadName(), new ParkingPoller(), NanoClock.system(), options.errorHandler());
        this.capabilities = capabilities;
        this.trace = options.trace();
    }

    static PortableReactor start(ReactorOptions options, Set<Capability> capabilities) {
        PortableReactor reactor = new PortableReactor(options, capabilities);
        reactor.loop.start();
        return reactor;
    }

    @Override
    public String backendName() {
        return PortableBackend.NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public boolean inReactorThread() {
        return loop.inLoopThread();
    }

    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    @Override
    public <T> T call(Callable<T> task) throws Exception {
        return loop.call(task);
    }

    @Override
    public DelayedCall callLater(Duration delay, Runnable task) {
        return loop.callLater(delay, task);
    }

    @Override
    public ProcessTransport spawnProcess(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        try {
            return loop.callUninterruptibly(() -> spawnInLoop(protocol, request));
        } catch (SpawnException | RuntimeException expected) {
            throw expected;
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private ProcessTransport spawnInLoop(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        FirstReader reader = new FirstReader(PortableTransport.firstOutput(request));
        try {
            return begun(ProcessStart.start(request, reader::start), reader, request, protocol);
        } catch (OutOfMemoryError noThread) {
            throw ProcessStart.withoutThread(request, noThread);
        } finally {
            reader.letGo();
        }
    }

    private PortableTransport begun(
            Process process, FirstReader reader, SpawnRequest request, ProcessProtocol protocol) {
        boolean begun = false;
        try {
            PortableTransport transport =
                    PortableTransport.of(process, reader, request, protocol, loop, trace, live::remove);
            live.add(transport);
            transport.begin();
            begun = true;
            return transport;
        } finally {
            if (!begun) {
                // A process that nobody hears is none. Not Process.destroy, which closes streams under the pumps.
                process.toHandle().destroyForcibly();
            }
        }
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) throws IOException {
        throw PortableBackend.lacks(Capability.TERMINAL_LAUNCH, "watching a process that a terminal starts");
    }

    /** Nothing is worth doing early. */
    @Override
    public void warmUp() {}

    @Override
    public void close() {
        loop.close(() -> {
            List<PortableTransport> left = new ArrayList<>(live);
            left.forEach(PortableTransport::letGo);
        });
    }
}
