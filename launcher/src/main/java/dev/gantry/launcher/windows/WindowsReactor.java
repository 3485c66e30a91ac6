package dev.gantry.launcher.windows;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.LoopReactor;
import dev.gantry.launcher.engine.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The reactor of this platform: one thread on a completion port; the system's thread pool waits for processes. Its fields are confined
 * to that thread; the methods of {@link dev.gantry.launcher.Reactor} say who may call them. Closed by whoever opened it.
 */
final class WindowsReactor extends LoopReactor {
    private static final int ACTIVE_PROCESS_ZERO = 4;
    private static final Duration SETTLE_AGAIN = Duration.ofMillis(5);
    /** How long the end of the reactor waits for an event that it has sent. */
    private static final Duration LAST_EVENT = Duration.ofSeconds(1);

    private final ReactorOptions options;
    private final CompletionPort port;
    private final ReadBuffers buffers = new ReadBuffers();
    private final ProcessExits exits;
    /** Those of which we still hold a pipe, the process or the job. */
    private final Set<WindowsTransport> transports = new LinkedHashSet<>();

    private boolean settling;

    private WindowsReactor(ReactorOptions options, Set<Capability> capabilities, CompletionPort port) {
        super(
                WindowsBackend.NAME,
                capabilities,
                new EventLoop(options.threadName(), port, NanoClock.system(), options.errorHandler()));
        this.options = options;
        this.port = port;
        this.exits = new ProcessExits(port);
        port.reportTo(loop());
    }

    static WindowsReactor open(ReactorOptions options, Set<Capability> capabilities) throws IOException {
        // Who was started so that he ignores Ctrl+C would hand that down to all that he starts.
        Kernel32.SetConsoleCtrlHandler(null, 0);
        WindowsReactor reactor = new WindowsReactor(options, capabilities, new CompletionPort());
        reactor.loop().start();
        return reactor;
    }

    CompletionPort port() {
        return port;
    }

    ReadBuffers buffers() {
        return buffers;
    }

    void trace(Supplier<String> what) {
        loop().guarded("the trace listener", () -> options.trace().accept(what.get()));
    }

    @Override
    protected ProcessTransport spawnInLoop(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        // A job's last message is not sure to come.
        List.copyOf(transports).forEach(this::closeIfOver);
        Plan plan = Plan.of(request);
        try (StandardHandles handles = StandardHandles.open(request.childFds(), plan.directory(), port)) {
            WindowsChild child = Spawner.spawn(plan, handles);
            handles.closeChilds();
            return begun(protocol, child, request, handles);
        }
    }

    private WindowsTransport begun(
            ProcessProtocol protocol, WindowsChild child, SpawnRequest request, StandardHandles handles)
            throws SpawnException {
        WindowsTransport transport =
                new WindowsTransport(this, protocol, child, String.join(" ", request.command()), handles);
        transports.add(transport);
        try {
            child.job().reportTo(port, message -> jobTells(transport, message));
            trace(() -> "started " + transport);
            transport.begin(exits);
            return transport;
        } catch (SystemCallException refused) {
            // A process that nobody hears is none.
            forget(transport);
            throw new SpawnException(
                    Step.EXECUTE,
                    request.command().get(0),
                    refused.code(),
                    "cannot watch " + transport + ", which was ended again: " + refused.getMessage());
        }
    }

    /** Lets go of everything that is of a process, and ends it. */
    private void forget(WindowsTransport transport) {
        transports.remove(transport);
        transport.stopWaiting();
        transport.abandon();
        loop().guarded("ending " + transport, transport.child()::destroy);
    }

    private void jobTells(WindowsTransport transport, int message) {
        if (message == ACTIVE_PROCESS_ZERO) {
            closeIfOver(transport);
        }
    }

    /** Lets go of what is of a process that has ended, and whose tree has, or may outlive us. */
    void closeIfOver(WindowsTransport transport) {
        WindowsChild child = transport.child();
        if (transport.state() == ProcessTransport.State.ENDED && child.isOver()) {
            transports.remove(transport);
            child.close();
        }
    }

    /** Goes back to our own console as soon as we may. */
    void settleConsoles() {
        if (!settling && Consoles.system().settle()) {
            settling = true;
            loop().callLater(SETTLE_AGAIN, () -> {
                settling = false;
                settleConsoles();
            });
        }
    }

    /** Its processes may outlive us. */
    void release(WindowsTransport transport) {
        try {
            transport.child().release();
            closeIfOver(transport);
        } catch (SystemCallException refused) {
            loop().report("releasing " + transport, refused);
        }
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) {
        throw WindowsBackend.lacks(Capability.TERMINAL_LAUNCH, "watching a process that a terminal starts");
    }

    @Override
    public void warmUp() {
        Spawner.warmUp();
    }

    @Override
    public void close() {
        loop().close(() -> {
            for (WindowsTransport transport : List.copyOf(transports)) {
                transport.stopWaiting();
                transport.abandon();
                transport.child().close();
            }
            transports.clear();
            buffers.close();
            if (settling) {
                Consoles.system().settleWithin(LAST_EVENT);
            }
        });
    }
}
