package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.engine.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
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
    private static final short POLLIN = 1;
    /** A killed process cannot fork, so few rounds are needed; the bound is for those that cannot be killed. */
    private static final int MOST_ROUNDS = 5;

    private final ProcessId id;
    private final LinuxReactor reactor;
    private final ProcFs proc;
    private final SignalSender sender;
    private final Consumer<String> trace;
    /** Empty if it was gone before we could look: its number may be anybody's. */
    private final Optional<PidFd> handle;
    /** Whom of its descendants was ever seen, and itself. */
    private final Set<ProcessId> seen = new LinkedHashSet<>();

    private final NanoClock clock = NanoClock.system();
    private final long startedAt = clock.nanoTime();
    private Optional<ResourceUsage> atEnd = Optional.empty();
    private Epoll.@Nullable Watch watch;

    private TerminalTarget(
            ProcessId id, LinuxReactor reactor, ProcFs proc, Consumer<String> trace, Optional<PidFd> handle) {
        this.id = id;
        this.reactor = reactor;
        this.proc = proc;
        this.sender = new PidFdSender(proc);
        this.trace = trace;
        this.handle = handle;
        seen.add(id);
    }

    /** The process that a shell has told; perhaps it has ended already. */
    static TerminalTarget open(ProcessId id, LinuxReactor reactor, ProcFs proc, Consumer<String> trace) {
        return new TerminalTarget(id, reactor, proc, trace, handle(id, proc, trace));
    }

    /** The handle first, the comparison then: the number cannot change hands in between. */
    private static Optional<PidFd> handle(ProcessId id, ProcFs proc, Consumer<String> trace) {
        try {
            PidFd opened = PidFd.open(id.pid());
            if (proc.identity(id.pid()).equals(Optional.of(id))) {
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

    /** Itself first, zombies left out; whoever was seen once is known when its parent has ended. */
    List<ProcessInfo> tree() {
        List<ProcessInfo> living = proc.tree(List.copyOf(seen));
        living.forEach(process -> seen.add(new ProcessId(process.pid(), process.startTime())));
        return living;
    }

    /**
     * Signals itself and all its descendants one by one.
     *
     * @return whether it was sent to anybody
     */
    boolean signalTree(Signal signal) throws IOException {
        List<ProcessInfo> living = tree();
        if (signal == Signal.KILL) {
            kill();
            return !living.isEmpty();
        }
        Optional<IOException> refusal = Optional.empty();
        boolean sent = false;
        for (ProcessInfo process : living) {
            try {
                sent |= sender.send(new ProcessId(process.pid(), process.startTime()), signal);
            } catch (IOException refused) {
                refusal = Optional.of(refused);
            }
        }
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return sent;
    }

    private void kill() throws IOException {
        TreeKill kill = new TreeKill(proc, sender, List.copyOf(seen), trace);
        boolean over = false;
        for (int round = 0; round < MOST_ROUNDS && !over; round++) {
            over = kill.round();
        }
        Optional<IOException> refusal = kill.refusals().values().stream().findFirst();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
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
        ByteBuffer pollfd = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
        pollfd.putInt(0, handle.get().fd()).putShort(4, POLLIN);
        Libc.poll(Libc.address(pollfd), 1, (int) Math.max(0, limit.toMillis()));
    }

    /** The time, and what /proc tells while it lives; its parent alone learns the sums at the end. */
    ResourceUsage usage() {
        return atEnd.orElseGet(() -> {
            boolean alive = proc.isAlive(id);
            Optional<ChildStat> stat = alive ? ChildStat.read(id.pid()) : Optional.empty();
            OptionalLong peak = alive ? proc.peakResidentBytes(id.pid()) : OptionalLong.empty();
            return new ResourceUsage(
                    wallTime(), stat.map(ChildStat::userTime), stat.map(ChildStat::systemTime), peak, false);
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
