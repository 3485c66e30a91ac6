package dev.gantry.launcher.portable;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.LoopReactor;
import dev.gantry.launcher.engine.NanoClock;
import dev.gantry.launcher.engine.ParkingPoller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The event loop, to which pumps and waiters post. Any thread may call it, as {@link dev.gantry.launcher.Reactor} says. Closed by whoever opened
 * it: that lets go of all pipes; a pump that is blocked in a read or write ends when that returns.
 */
final class PortableReactor extends LoopReactor {
    private final java.util.function.Consumer<String> trace;
    /** Not yet ended. Confined to the loop's thread. */
    private final Set<PortableTransport> live = new LinkedHashSet<>();

    private PortableReactor(ReactorOptions options, Set<Capability> capabilities) {
        super(
                PortableBackend.NAME,
                capabilities,
                new EventLoop(options.threadName(), new ParkingPoller(), NanoClock.system(), options.errorHandler()));
        this.trace = options.trace();
    }

    static PortableReactor start(ReactorOptions options, Set<Capability> capabilities) {
        PortableReactor reactor = new PortableReactor(options, capabilities);
        reactor.loop().start();
        return reactor;
    }

    @Override
    protected ProcessTransport spawnInLoop(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
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
                    PortableTransport.of(process, reader, request, protocol, loop(), trace, live::remove);
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
        loop().close(() -> {
            List<PortableTransport> left = new ArrayList<>(live);
            left.forEach(PortableTransport::letGo);
        });
    }
}
