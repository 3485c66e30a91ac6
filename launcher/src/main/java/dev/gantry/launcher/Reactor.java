package dev.gantry.launcher;

import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/**
 * One thread that runs everything: child pipes, exits, timers, tasks. Nothing that runs on it may block.
 *
 * <p>{@link #execute}, {@link #call}, {@link #spawnProcess}, {@link #callLater} and {@link #close} may be called from any
 * thread.
 */
public interface Reactor extends Executor, AutoCloseable {
    /** The backend's name: "linux", "windows", "portable". */
    String backendName();

    Set<Capability> capabilities();

    boolean inReactorThread();

    /**
     * Runs a task on the reactor's thread, after what was queued before.
     *
     * @throws java.util.concurrent.RejectedExecutionException after {@link #close}
     */
    @Override
    void execute(Runnable task);

    /** Runs a task on the reactor's thread and waits for its result; on the reactor's thread, directly. */
    <T> T call(Callable<T> task) throws Exception;

    /** Runs a task on the reactor's thread after a delay. */
    DelayedCall callLater(Duration delay, Runnable task);

    /** The time by which {@link #callLater} counts, in nanoseconds from any origin: only a difference means something. From any thread. */
    long nanoTime();

    /**
     * Starts a process. When this returns, the program is running (its exec has succeeded) and {@link
     * ProcessProtocol#connectionMade} was called. From another thread, it waits for the reactor.
     *
     * @throws SpawnException if it could not be started: which step, which file, why. No descriptor and no process is left behind
     * @throws UnsupportedCapabilityException if the request needs what this backend cannot do
     */
    ProcessTransport spawnProcess(ProcessProtocol protocol, SpawnRequest request) throws SpawnException;

    /**
     * Prepares a process that somebody else (a terminal) will start, by running {@link TerminalLaunch#command()}. The protocol
     * hears {@code connectionMade} when that has happened, then {@code processExited} and {@code processEnded}; never data:
     * descriptors 0, 1 and 2 are the terminal's. The request's {@link ChildFd}s must be empty. Its group is not used: the
     * program's group is the shell's, so signals to the group go to the program and its descendants one by one.
     *
     * <p>A failure is told by {@link TerminalLaunch#whenFailed}. {@code connectionMade} comes right before the program is
     * executed; if just that fails (a missing interpreter), the terminal shows why and the process ends with exit code 127 or
     * 126. Elsewhere than on Linux 6.15 and later, an exit code from 129 to 192 is taken for a death by signal, as a shell
     * tells both alike; and where the shell was killed, so that nobody can tell the status, SIGKILL stands for it.
     *
     * @throws IllegalArgumentException if a shell cannot start what is requested
     * @throws SpawnException if the program is a binary that is none of this machine, which a shell would read as a script
     * @throws UnsupportedCapabilityException if this backend cannot
     */
    TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) throws IOException;

    /**
     * Does early, in the background, what a first {@link #spawnProcess} needs (start the guardian, link libraries), to take it
     * off that path.
     */
    void warmUp();

    /**
     * Ends the reactor: kills guarded trees, closes all descriptors, ends the guardian and the thread, and returns when that is
     * done. Unguarded processes live on. Idempotent. No callback runs afterwards.
     */
    @Override
    void close();
}
