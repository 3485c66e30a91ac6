package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ResourceUsage;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A child process without its pipes: its handle, its signals, its death. Waits for the death by itself, and so outlives a
 * transport that was detached. Confined to the reactor's thread; closed by the reactor when the transport has ended and it was
 * reaped.
 */
final class LinuxChild implements AutoCloseable {
    private static final int HIGHEST_SIGNAL = 64;

    private final ProcessId id;
    private final PidFd pidFd;
    private final ProcessGroup group;
    private final ProcFs proc;
    private final UsageMeter meter;
    private final Epoll.Watch watch;
    private final Set<Integer> terminalFds;
    private boolean guarded;
    private Consumer<ExitReason> listener = reason -> {};
    private boolean reaped;

    /** What is known of a child from its start. */
    record Facts(ProcessId id, ProcessGroup group, Set<Integer> terminalFds, boolean guarded) {}

    /**
     * A child that was just started.
     *
     * @throws IllegalStateException if the kernel does not watch its end; then nothing is held, and the handle is still the caller's
     */
    LinuxChild(Facts facts, PidFd pidFd, ProcFs proc, UsageMeter meter, Epoll epoll) {
        this.id = facts.id();
        this.group = facts.group();
        this.terminalFds = facts.terminalFds();
        this.guarded = facts.guarded();
        this.pidFd = pidFd;
        this.proc = proc;
        this.meter = meter;
        this.watch = epoll.watch(pidFd.fd(), "the end of process " + id.pid(), events -> reapIfDead());
        try {
            watch.want(Epoll.IN);
        } catch (IllegalStateException e) {
            watch.cancel();
            throw e;
        }
        meter.start();
    }

    long pid() {
        return id.pid();
    }

    ProcessId id() {
        return id;
    }

    boolean leadsGroup() {
        return group != ProcessGroup.INHERIT;
    }

    boolean isTerminalFd(int childFd) {
        return terminalFds.contains(childFd);
    }

    boolean isGuarded() {
        return guarded;
    }

    /** It may outlive us. */
    void unguard() {
        guarded = false;
    }

    boolean isReaped() {
        return reaped;
    }

    ResourceUsage usage() {
        return meter.usage();
    }

    /** Hears how it ended, once, by whomever it was reaped. */
    void whenReaped(Consumer<ExitReason> newListener) {
        listener = newListener;
    }

    void signal(int number) throws IOException {
        check(number);
        if (reaped) {
            throw new ProcessExitedAlreadyException("process " + pid() + " has ended: signal " + number + " not sent");
        }
        pidFd.signal(number);
    }

    /**
     * Signals the group that the child leads.
     *
     * @param relatives who lives of the child's tree; asked only on a kernel before 6.9, after the leader was reaped
     */
    void signalGroup(int number, Supplier<List<ProcessInfo>> relatives) throws IOException {
        check(number);
        if (group == ProcessGroup.INHERIT) {
            signal(number);
            return;
        }
        if (!pidFd.isClosed() && pidFd.signalGroup(number)) {
            return;
        }
        // The number of a group is not given to anybody else while the leader is unreaped or a member lives.
        if (reaped && relatives.get().stream().noneMatch(this::isMember)) {
            throw new ProcessExitedAlreadyException(
                    "no member of group " + pid() + " is known to be alive: signal " + number + " not sent");
        }
        SystemCallException.check(Libc.kill((int) -pid(), number), () -> "kill(" + -pid() + ", " + number + ")");
    }

    /** Reaps the child if it is dead. */
    private void reapIfDead() {
        try {
            pidFd.reap().ifPresent(this::died);
        } catch (SystemCallException e) {
            // It is dead, and was reaped by somebody else in this program, who waits for any child.
            reapedByOthers();
        }
    }

    private void reapedByOthers() {
        Optional<ExitReason> told = pidFd.reasonToldByKernel();
        if (told.isEmpty() && pidFd.isKnownToKernel()) {
            // Just being reaped: it is told in a moment. The watch reports the end until then.
            return;
        }
        meter.reapedByOthers();
        reaped(told.orElse(ExitReason.unknown()));
    }

    /** Blocks, for the reactor's own end only, until the child is dead and reaped or the time is over. */
    void awaitDeath(Duration limit) {
        if (!reaped && pidFd.awaitEnd(limit)) {
            reapIfDead();
        }
    }

    /** The reactor ends and the child lives on: somebody else reaps it one day. */
    void outliveReactor() {
        watch.cancel();
        meter.stop();
        LateReaper.take(pidFd);
    }

    /** Kills it at once and blocks until it is gone, for a start that failed half-way. */
    void destroy() {
        close();
        PidFd.destroyChild(pid());
    }

    private void died(PidFd.Death death) {
        meter.died(death);
        reaped(death.reason());
    }

    private void reaped(ExitReason reason) {
        reaped = true;
        watch.cancel();
        listener.accept(reason);
    }

    private boolean isMember(ProcessInfo process) {
        return proc.stat(process.pid())
                .filter(stat -> stat.groupId() == pid() && stat.id().startTime() == process.startTime())
                .isPresent();
    }

    private static void check(int number) {
        if (number < 1 || number > HIGHEST_SIGNAL) {
            throw new IllegalArgumentException("signal " + number + ": must be 1 to " + HIGHEST_SIGNAL);
        }
    }

    @Override
    public void close() {
        watch.cancel();
        meter.stop();
        pidFd.close();
    }
}
