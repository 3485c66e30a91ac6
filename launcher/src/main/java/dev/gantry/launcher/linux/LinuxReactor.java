package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessProtocol;
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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The reactor of this platform: one thread in epoll, no other. Its fields are confined to that thread; the methods of {@link
 * dev.gantry.launcher.Reactor} say who may call them. Closed by whoever opened it.
 */
final class LinuxReactor extends LoopReactor {
    /** How long the end of the reactor waits for the death of what it has killed. */
    private static final Duration DEATH = Duration.ofSeconds(1);

    private final ReactorOptions options;
    private final Epoll epoll;
    private final IoBuffers buffers = new IoBuffers();
    private final TreeKeeper keeper;
    private final TreeWatch watch;
    private final Optional<OrphanReaper> reaper;
    private final Spawner spawner;
    private final Set<LinuxTransport> transports = new LinkedHashSet<>();
    /** Unreaped ones, those of detached transports included. */
    private final Map<Long, LinuxChild> children = new HashMap<>();

    private LinuxReactor(ReactorOptions options, Set<Capability> capabilities, Epoll epoll, TreeKeeper.Factory keepers)
            throws IOException {
        super(
                LinuxBackend.NAME,
                capabilities,
                new EventLoop(options.threadName(), epoll, NanoClock.system(), options.errorHandler()));
        this.options = options;
        this.epoll = epoll;
        NanoClock clock = NanoClock.system();
        epoll.reportTo(loop());
        this.spawner = new Spawner(this, clock);
        this.keeper = keepers.open(this);
        ProcFs proc = ProcFs.system();
        this.reaper = options.subreaper()
                ? Optional.of(new OrphanReaper(proc, keeper, clock, () -> JdkChildren.now(proc)))
                : Optional.empty();
        this.watch = new TreeWatch(loop(), clock, OwnProcess::threadNanos, keeper, reaper);
    }

    static LinuxReactor open(ReactorOptions options, Set<Capability> capabilities, TreeKeeper.Factory keepers)
            throws IOException {
        OwnProcess.keepChildrenWaitable();
        Epoll epoll = new Epoll();
        LinuxReactor reactor;
        try {
            reactor = new LinuxReactor(options, capabilities, epoll, keepers);
            if (options.subreaper()) {
                OwnProcess.becomeSubreaper();
            }
        } catch (IOException | RuntimeException | Error e) {
            epoll.close();
            throw e;
        }
        reactor.watch.start();
        reactor.loop().start();
        return reactor;
    }

    boolean isSubreaper() {
        return options.subreaper();
    }

    /** So that what has become our child since the last regular look is known. */
    void lookForOrphans() {
        reaper.ifPresent(OrphanReaper::look);
    }

    /** So that children that were there before us are known to be no orphans of ours. */
    void lookForInherited() {
        reaper.ifPresent(OrphanReaper::firstLook);
    }

    /** There is a new tree to keep: it is looked at soon. */
    void hurry() {
        watch.hurry();
    }

    /** Starts a process of ours that takes over descriptors of ours; it is reaped if it ends before us. */
    long spawnDrainer(Drainer.Plan plan) throws IOException {
        LinuxChild drainer = spawner.spawnDrainer(plan);
        keeper.started(drainer.id(), drainer.leadsGroup());
        add(drainer);
        drainer.whenReaped(death -> {
            remove(drainer);
            drainer.close();
        });
        return drainer.pid();
    }

    private void add(LinuxChild child) {
        children.put(child.pid(), child);
        Lineages.awaited(child.pid());
    }

    /** It was reaped: its number is free for others. */
    private void remove(LinuxChild child) {
        children.remove(child.pid());
        Lineages.reaped(child.pid());
        keeper.reaped(child.id());
    }

    Epoll epoll() {
        return epoll;
    }

    IoBuffers buffers() {
        return buffers;
    }

    TreeKeeper keeper() {
        return keeper;
    }

    void assertInThread() {
        loop().assertInLoop();
    }

    void trace(Supplier<String> what) {
        loop().guarded("the trace listener", () -> options.trace().accept(what.get()));
    }

    /** Starts the keeper's own process: nobody's orphans can come of it. */
    LinuxTransport spawnGuardian(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        return spawn(protocol, request, child -> {});
    }

    @Override
    protected LinuxTransport spawnInLoop(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        return spawn(protocol, request, child -> keeper.started(child.id(), child.leadsGroup()));
    }

    private LinuxTransport spawn(ProcessProtocol protocol, SpawnRequest request, Consumer<LinuxChild> unguarded)
            throws SpawnException {
        LinuxTransport transport = spawner.spawn(protocol, request);
        LinuxChild child = transport.child();
        transports.add(transport);
        if (child.isGuarded()) {
            hurry();
        } else {
            unguarded.accept(child);
        }
        add(child);
        trace(() -> "started " + transport);
        try {
            transport.begin();
        } catch (IllegalStateException e) {
            // The kernel would not watch its pipes: a process that nobody hears is none.
            transports.remove(transport);
            transport.abandon();
            child.destroy();
            remove(child);
            throw new SpawnException(Step.DESCRIPTORS, transport.toString(), 0, String.valueOf(e.getMessage()));
        }
        return transport;
    }

    /** A child was reaped. */
    void reaped(LinuxTransport transport) {
        LinuxChild child = transport.child();
        remove(child);
        if (!transports.contains(transport)) {
            child.close();
        }
    }

    /** A transport has ended, or was detached: then its child is still waited for. */
    void ended(LinuxTransport transport) {
        transports.remove(transport);
        if (transport.child().isReaped()) {
            transport.child().close();
        }
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) throws IOException {
        try {
            return loop().callUninterruptibly(() -> keeper.prepareTerminalLaunch(protocol, request));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void warmUp() {
        PosixSpawn.canCloseRange();
        keeper.warmUp();
    }

    @Override
    public void close() {
        loop().close(this::shutDown);
    }

    private void shutDown() {
        loop().guarded("ending guarded trees", keeper::close);
        for (LinuxChild child : List.copyOf(children.values())) {
            if (child.isGuarded()) {
                loop().guarded("waiting for the end of " + child.pid(), () -> child.awaitDeath(DEATH));
            }
        }
        List.copyOf(transports).forEach(LinuxTransport::abandon);
        reaper.ifPresent(last -> {
            loop().guarded("looking for orphans a last time", last::lastLook);
            loop().guarded("leaving orphans to others", LinuxReactor::ceaseSubreaper);
        });
        loop().guarded("letting processes go", keeper::letGo);
        children.values().forEach(LinuxChild::outliveReactor);
        children.clear();
    }

    private static void ceaseSubreaper() {
        try {
            OwnProcess.ceaseSubreaper();
        } catch (SystemCallException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
