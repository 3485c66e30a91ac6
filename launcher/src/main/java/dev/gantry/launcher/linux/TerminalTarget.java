package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.engine.NanoClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A program in a terminal, which is somebody else's child: its handle, its signals, whom it has started, its death. Confined to
 * the reactor's thread; closed by its {@link TerminalRun}.
 */
final class TerminalTarget implements AutoCloseable {
    /** Stands for an end whose status nobody could tell. */
    static final ExitReason UNKNOWN = ExitReason.of(Signal.KILL.number());

    private static final int HIGHEST_SIGNAL = 64;

    private final ProcessId id;
    private final LinuxReactor reactor;
    private final ProcFs proc;
    private final SignalSender sender;
    private final Consumer<String> trace;
    /** Empty if it was gone before we could look: its number may be anybody's. */
    private final Optional<PidFd> handle;
    /** Itself and its descendants. */
    private final Family family;

    private final NanoClock clock = NanoClock.system();
    private final long startedAt = clock.nanoTime();
    private Optional<ResourceUsage> atEnd = Optional.empty();
    private Epoll.@Nullable Watch watch;

    private TerminalTarget(
            Family family, LinuxReactor reactor, ProcFs proc, Consumer<String> trace, Optional<PidFd> handle) {
        this.id = family.root();
        this.family = family;
        this.reactor = reactor;
        this.proc = proc;
        this.sender = new PidFdSender(proc);
        this.trace = trace;
        this.handle = handle;
    }

    /**
     * The process that a shell has told; perhaps it has ended already.
     *
     * @param family its family
     */
    static TerminalTarget open(Family family, LinuxReactor reactor, ProcFs proc, Consumer<String> trace) {
        return new TerminalTarget(family, reactor, proc, trace, handle(family.root(), proc, trace));
    }

    /** The handle first, the comparison then: the number cannot change hands in between. */
    private static Optional<PidFd> handle(ProcessId id, ProcFs proc, Consumer<String> trace) {
        try {
            PidFd opened = PidFd.open(id.pid());
            if (!proc.sight(id.pid()).provesGone(id)) {
                return Optional.of(opened);
            }
            opened.close();
        } catch (SystemCallException refused) {
            trace.accept(String.valueOf(refused.getMessage()));
        }
        trace.accept("process " + id.pid() + " of a terminal launch was gone at once");
        return Optional.empty();
    }

    ProcessId id() {
        return id;
    }

    void signal(int number) throws IOException {
        if (number < 1 || number > HIGHEST_SIGNAL) {
            throw new IllegalArgumentException("signal " + number + ": must be 1 to " + HIGHEST_SIGNAL);
        }
        handle.orElseThrow(() -> new ProcessExitedAlreadyException(
                        "process " + id.pid() + " has ended: signal " + number + " not sent"))
                .signal(number);
    }

    /** Itself first, zombies left out; who was seen before is known though its parent has ended. */
    List<ProcessInfo> tree() {
        return family.living();
    }

    /**
     * Signals itself and all its descendants one by one.
     *
     * @return whether it was sent to anybody
     */
    boolean signalTree(Signal signal) throws IOException {
        return family.signal(signal, sender, trace);
    }

    /** As {@link dev.gantry.launcher.ProcessTransport#signalDescendant}. */
    void signalDescendant(long pid, Signal signal) throws IOException {
        family.signalOne(pid, signal, sender);
    }

    /** How it ended, to the bit, where the kernel remembers the status of a process that others have reaped. */
    Optional<ExitReason> exactReason() {
        return handle.flatMap(PidFd::reasonToldByKernel);
    }

    /** Tells its end without the help of its parent. Once. */
    void whenDead(Consumer<ExitReason> listener) {
        if (handle.isEmpty()) {
            listener.accept(UNKNOWN);
            return;
        }
        Epoll.Watch made = reactor.epoll()
                .watch(handle.get().fd(), "the end of process " + id.pid() + " in a terminal", events -> {
                    unwatch();
                    listener.accept(reasonWithoutParent());
                });
        watch = made;
        made.want(Epoll.IN);
    }

    /** The zombie first, then what the kernel keeps of it: it may be reaped between the two. */
    private ExitReason reasonWithoutParent() {
        OptionalInt zombie = proc.zombieStatus(id);
        return zombie.isPresent()
                ? ExitReason.of(zombie.getAsInt())
                : exactReason().orElse(UNKNOWN);
    }

    /** Blocks, for the reactor's own end only, until it is dead or the time is over. */
    void awaitDeath(Duration limit) {
        if (handle.isEmpty()) {
            return;
        }
        handle.get().awaitEnd(limit);
    }

    /** The time, and what /proc tells while it lives; its parent alone learns the sums at the end. */
    ResourceUsage usage() {
        return atEnd.orElseGet(() -> {
            boolean alive = proc.isAlive(id);
            Optional<ProcStat> stat = alive ? proc.stat(id.pid()) : Optional.empty();
            OptionalLong peak = alive ? proc.peakResidentBytes(id.pid()) : OptionalLong.empty();
            return new ResourceUsage(
                    wallTime(), stat.map(ProcStat::userTime), stat.map(ProcStat::systemTime), peak, false);
        });
    }

    private Duration wallTime() {
        return Duration.ofNanos(clock.nanoTime() - startedAt);
    }

    private void unwatch() {
        Epoll.Watch current = watch;
        if (current != null) {
            current.cancel();
        }
    }

    @Override
    public void close() {
        if (atEnd.isEmpty()) {
            atEnd = Optional.of(
                    new ResourceUsage(wallTime(), Optional.empty(), Optional.empty(), OptionalLong.empty(), false));
        }
        unwatch();
        handle.ifPresent(PidFd::close);
    }
}
