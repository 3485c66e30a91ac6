package dev.gantry.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A started process: a consumer of what goes to its standard input, a producer of what it writes, and the handle to signal
 * and observe it. Confined to the reactor's thread: other threads get an {@link IllegalStateException}; {@link
 * Reactor#execute} brings them there.
 *
 * <p>What a backend cannot do is missing in {@link Reactor#capabilities()} and throws {@link UnsupportedCapabilityException}.
 *
 * <p>After Twisted's IProcessTransport, IConsumer and IPushProducer.
 */
public interface ProcessTransport extends Consumer, Producer {
    /** Where a process is in its life. */
    enum State {
        /** Started, not reaped. */
        SPAWNED,
        /** Reaped; some descriptor is still open. */
        EXITED,
        /** Reaped and all descriptors closed, or detached. */
        ENDED
    }

    long pid();

    State state();

    /** Queues bytes for standard input. A no-op once that is closed. */
    @Override
    void write(ByteBuffer data);

    /** Queues several pieces for standard input, in order. */
    default void writeSequence(Iterable<ByteBuffer> sequence) {
        sequence.forEach(this::write);
    }

    /**
     * Queues bytes for any descriptor mapped for writing. A no-op once that is closed.
     *
     * @throws NoSuchChildFdException if {@code childFd} is not mapped for writing
     */
    void writeToChild(int childFd, ByteBuffer data);

    /**
     * Closes our end of a descriptor. One that we write to closes after what is queued was written, and after a registered
     * producer has unregistered; one that we read closes at once. Idempotent.
     *
     * @throws NoSuchChildFdException if {@code childFd} was never a pipe to us
     */
    void closeChildFd(int childFd);

    /** {@link #closeChildFd} of 0; a no-op if 0 is no pipe to us. On a pty: the end-of-file character. */
    void closeStdin();

    /** {@link #closeChildFd} of 1; a no-op if 1 is no pipe to us. */
    void closeStdout();

    /** {@link #closeChildFd} of 2; a no-op if 2 is no pipe to us. */
    void closeStderr();

    /** Closes all descriptors, as {@link #closeChildFd} does each. Sends no signal. A no-op after the end. */
    void loseConnection();

    /** As {@link #loseConnection()}, but drops what is queued and does not wait for producers. */
    void abortConnection();

    /**
     * Stops reading all descriptors but those of both ways: the child's writes block once its pipes are full. What is said on a
     * {@link ChildFd.ReadWrite} is a conversation, which has to go on however much output nobody takes.
     */
    @Override
    void pauseProducing();

    /** Reads again. */
    @Override
    void resumeProducing();

    /** {@link #loseConnection()}. */
    @Override
    void stopProducing();

    /**
     * Reads a descriptor of both ways, or leaves it unread for a while: what is said on it is not held by {@link #pauseProducing()}.
     *
     * @throws NoSuchChildFdException if {@code childFd} is not mapped for both
     */
    default void setReading(int childFd, boolean on) {
        throw new NoSuchChildFdException("descriptor " + childFd + " of " + this + " is not mapped for both ways");
    }

    /** Bytes queued for standard input and not yet written. */
    long queuedBytes();

    /**
     * Reads what is in the pipes at this moment (bounded by what they hold at the call) and delivers it, even while paused:
     * afterwards all that the child had written before is with the protocol.
     */
    void drainAvailable();

    /**
     * Sends a signal to the process itself.
     *
     * @throws ProcessExitedAlreadyException after the process was reaped; the signal never reaches a stranger with its number
     * @throws UnsupportedCapabilityException if this backend has no such signal
     * @throws IOException if the system refuses, with call and errno
     */
    void signalProcess(Signal signal) throws IOException;

    /**
     * By name, with or without "SIG", in any case; "KILL", "TERM" and "INT" are known everywhere.
     *
     * @throws IllegalArgumentException if there is no such signal
     */
    default void signalProcess(String name) throws IOException {
        signalProcess(Signal.named(name));
    }

    /**
     * By number.
     *
     * @throws IllegalArgumentException if the number is no signal of this platform
     */
    void signalProcess(int number) throws IOException;

    /**
     * Sends a signal to the child's process group, as a terminal does on Ctrl+C. Needs {@link ProcessGroup#NEW_GROUP} or
     * {@link ProcessGroup#NEW_SESSION}, else it goes to the process alone.
     *
     * @throws ProcessExitedAlreadyException if no member of the group is known to be alive
     */
    void signalGroup(Signal signal) throws IOException;

    /**
     * Sends a signal to every live process of {@link #tree()}. {@link Signal#KILL} stops all of them first and walks to a fixed
     * point, so that none escapes by forking. No exception if none is left.
     *
     * @throws IOException if a process could not be signalled: the first refusal, with the others as suppressed ones. Whoever can be
     *     signalled was
     */
    void signalTree(Signal signal) throws IOException;

    /**
     * Sends a signal to one live process of {@link #tree()}, and to no stranger that got its number since.
     *
     * @throws ProcessExitedAlreadyException if there is no such process in the tree now
     * @throws UnsupportedCapabilityException if this backend signals the child or all of its tree, and nobody else
     */
    void signalDescendant(long pid, Signal signal) throws IOException;

    /**
     * The live processes of this child: itself first, then descendants, adopted orphans included. Empty when none is left.
     * Zombies are not listed.
     */
    List<ProcessInfo> tree();

    /** Live processes that hold one of the child's piped descriptors open, other than ourselves. */
    List<ProcessInfo> holdersOfPipes();

    /**
     * Tells a terminal's new size.
     *
     * @throws UnsupportedCapabilityException if the child has no pty
     */
    void resize(WindowSize size) throws IOException;

    /** What the process used; complete once it was reaped, else what is known now. */
    ResourceUsage usage();

    /** How it ended, once it was reaped. */
    Optional<ExitReason> exitReason();

    /**
     * Lets the guardian forget this process and all its descendants: they will outlive us. A no-op without guardian.
     */
    void release();

    /**
     * Lets the process live on without us: releases its tree, gives its pipes to a drainer process that keeps them open, and
     * calls nothing of the protocol any more.
     *
     * @return the drainer's process id, empty if no pipe was open
     * @throws UnsupportedCapabilityException if this backend cannot
     * @throws IOException if the drainer could not be started: then nothing has changed, and the process is still ours
     */
    Optional<Long> detach() throws IOException;
}
