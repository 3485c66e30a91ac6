package dev.gantry.launcher.engine;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ProcessTransport.State;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The end of a process, and the order of its protocol's callbacks: counts the open descriptors and the exit, SPAWNED → EXITED →
 * ENDED. The state changes at once; a callback about it runs as a task of its own, so that none interrupts another and whoever
 * closes something is not called back from within his call. {@code connectionMade} and data are passed on directly.
 *
 * <p>Confined to the loop's thread.
 */
public final class ProcessLifecycle {
    private final ProcessProtocol protocol;
    private final EventSink loop;
    private final String name;
    private final Runnable atEnd;
    private final Set<Integer> openFds;
    private State state = State.SPAWNED;
    private @Nullable ExitReason exitReason;
    /** No callback any more: the process was detached. */
    private boolean silent;

    /** What a lifecycle needs of the loop; an {@link EventLoop} in life, a list of tasks in tests. */
    public interface EventSink extends Executor, CallbackRunner {
        /** What {@link #guarded} does with what a callback throws, for one whose name is put into words only then. */
        void report(String where, Throwable thrown);
    }

    /**
     * The life of a process that was just started.
     *
     * @param fds the child's descriptors whose closing is awaited and told
     * @param name for reports: "/bin/cat (1234)"
     * @param atEnd run before processEnded: the transport's last clean-up
     */
    public ProcessLifecycle(
            ProcessProtocol protocol, EventSink loop, Collection<Integer> fds, String name, Runnable atEnd) {
        this.protocol = protocol;
        this.loop = loop;
        this.openFds = new TreeSet<>(fds);
        this.name = name;
        this.atEnd = atEnd;
    }

    public State state() {
        return state;
    }

    public Optional<ExitReason> exitReason() {
        return Optional.ofNullable(exitReason);
    }

    public void connectionMade(ProcessTransport transport) {
        loop.guarded("connectionMade of " + name, () -> protocol.connectionMade(transport));
    }

    public void dataReceived(int childFd, ByteBuffer data) {
        if (silent) {
            return;
        }
        try {
            protocol.childDataReceived(childFd, data);
        } catch (Throwable thrown) {
            // Not guarded: its name would be made for every read.
            loop.report("childDataReceived(" + childFd + ") of " + name, thrown);
        }
    }

    /** A descriptor is closed. The second time for the same one, a no-op. */
    public void connectionLost(int childFd) {
        if (openFds.remove(childFd)) {
            tell("childConnectionLost(" + childFd + ")", () -> protocol.childConnectionLost(childFd));
            endIfComplete();
        }
    }

    /** The process was reaped. The second time, a no-op. */
    public void exited(ExitReason reason) {
        if (exitReason == null) {
            exitReason = reason;
            if (state == State.SPAWNED) {
                state = State.EXITED;
                tell("processExited", () -> protocol.processExited(reason));
                endIfComplete();
            }
        }
    }

    /** Nothing is told any more, not even what is already on its way. The state is ENDED. */
    public void detached() {
        silent = true;
        if (state != State.ENDED) {
            state = State.ENDED;
            loop.guarded("the end of " + name, atEnd);
        }
    }

    private void endIfComplete() {
        ExitReason reason = exitReason;
        if (state == State.EXITED && reason != null && openFds.isEmpty()) {
            state = State.ENDED;
            loop.guarded("the end of " + name, atEnd);
            tell("processEnded", () -> protocol.processEnded(reason));
        }
    }

    private void tell(String what, Runnable callback) {
        loop.execute(() -> {
            if (!silent) {
                loop.guarded(what + " of " + name, callback);
            }
        });
    }
}
