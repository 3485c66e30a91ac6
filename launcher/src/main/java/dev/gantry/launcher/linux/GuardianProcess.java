package dev.gantry.launcher.linux;

import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ProcessTransport.State;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.engine.NanoClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The running guardian: started when it is first needed. If it is lost, or takes nothing any more, another one is started and told
 * everything; where that fails it is tried again, at longer and longer intervals, as long as anything is guarded. Confined to the
 * reactor's thread; ended by {@link #endInput} and {@link #awaitEnd}.
 */
final class GuardianProcess {
    /** Its pipe: as much as an unprivileged user may have. What does not fit into it would be lost with us. */
    private static final int PIPE_BYTES = 1 << 20;
    /** One that lived shorter than this is not followed by another one at once. */
    private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final LinuxReactor reactor;
    private final NanoClock clock = NanoClock.system();
    private final Guardian guardian = new Guardian(this::write);
    private @Nullable SpawnRequest request;
    private @Nullable LinuxTransport process;
    private long startedAt;
    private Duration pause = FIRST_PAUSE;
    private @Nullable DelayedCall retry;
    /** The last failure was reported: those that follow are the same story. */
    private boolean reported;

    /** A look at its progress is on its way. */
    private boolean watching;

    private boolean closed;

    GuardianProcess(LinuxReactor reactor) {
        this.reactor = reactor;
    }

    Guardian guardian() {
        return guardian;
    }

    boolean isRunning() {
        LinuxTransport current = process;
        return current != null && current.state() == State.SPAWNED;
    }

    /** Its process id, while it runs. */
    OptionalLong pid() {
        LinuxTransport current = process;
        return current != null && isRunning() ? OptionalLong.of(current.pid()) : OptionalLong.empty();
    }

    /**
     * Starts it unless it runs.
     *
     * @throws IOException if it cannot be started: nothing may be guarded then
     */
    void ensureRunning() throws IOException {
        if (isRunning() || closed) {
            return;
        }
        cancelRetry();
        try {
            start();
        } catch (IOException | RuntimeException e) {
            retryLater();
            throw e;
        }
    }

    private void start() throws IOException {
        LinuxTransport started;
        try {
            started = reactor.spawnGuardian(new Watch(), request());
        } catch (SpawnException e) {
            throw new IOException("the guardian process could not be started: " + e.getMessage(), e);
        }
        started.inputFd().ifPresent(fd -> Descriptors.growPipe(fd, PIPE_BYTES));
        process = started;
        startedAt = clock.nanoTime();
        reported = false;
        // More than the pipe holds is taken as it is read.
        guardian.replay().forEach(lines -> started.write(ByteBuffer.wrap(lines)));
        watchProgress(started);
    }

    /** Made once: its script may not be readable when another guardian is needed. */
    private SpawnRequest request() {
        SpawnRequest made = request;
        if (made == null) {
            made = Guardian.request();
            request = made;
        }
        return made;
    }

    private boolean write(byte[] lines) throws IOException {
        if (closed) {
            // The end has been told to it by closing its input.
            return true;
        }
        LinuxTransport running = process;
        if (running == null || running.inputFd().isEmpty()) {
            throw new IOException("the guardian process is gone, and another one does not run yet");
        }
        running.write(ByteBuffer.wrap(lines));
        if (running.queuedBytes() > 0) {
            if (isYoung()) {
                watchProgress(running);
                return false;
            }
            replace(running);
        }
        LinuxTransport current = process;
        return current != null && current.inputFd().isPresent() && current.queuedBytes() == 0;
    }

    /** It has just been started, and may be in the middle of what that told it. */
    private boolean isYoung() {
        return clock.nanoTime() - startedAt < SHORT_LIFE.toNanos();
    }

    private void replace(LinuxTransport stuck) throws IOException {
        reactor.trace(() -> "the guardian process " + stuck.pid() + " is stopped or stuck; starting another one");
        discard(stuck);
        // That one is told everything that is in force.
        ensureRunning();
    }

    /** As long as something waits for it, it must take some of that. */
    private void watchProgress(LinuxTransport running) {
        long before = running.queuedBytes();
        if (before == 0 || watching) {
            return;
        }
        watching = true;
        reactor.loop().callLater(SHORT_LIFE, () -> {
            watching = false;
            if (process != running || closed) {
                return;
            }
            if (running.queuedBytes() < before) {
                watchProgress(running);
                return;
            }
            reactor.trace(() -> "the guardian process " + running.pid() + " reads nothing; starting another one");
            discard(running);
            retryLater();
        });
    }

    /** Killed before its pipe is closed: it would take the end of that for ours. */
    private void discard(LinuxTransport unusable) {
        process = null;
        try {
            unusable.signalProcess(Signal.KILL);
            unusable.abortConnection();
        } catch (IOException e) {
            // It is dead already; or it lives, its pipe stays open, and nothing happens until we are gone.
            reactor.trace(() -> "discarding a guardian process: " + e.getMessage());
        }
    }

    /** It knows of nothing any more, or all that it knows of is dead or ended by it now: it ends by itself at the end of its input. */
    void endInput() {
        closed = true;
        cancelRetry();
        LinuxTransport running = process;
        if (running != null) {
            running.loseConnection();
        }
    }

    /** Blocks, for the reactor's own end only. */
    void awaitEnd(Duration limit) {
        LinuxTransport running = process;
        process = null;
        if (running != null) {
            running.child().awaitDeath(limit);
        }
    }

    private void restart() {
        retry = null;
        if (closed || isRunning() || guardian.isIdle()) {
            return;
        }
        try {
            ensureRunning();
        } catch (IOException | RuntimeException e) {
            if (reported) {
                reactor.trace(() -> String.valueOf(e.getMessage()));
            } else {
                reported = true;
                reactor.loop().report("starting another guardian; what is guarded is not safe until one runs", e);
            }
        }
    }

    private void retryLater() {
        cancelRetry();
        retry = reactor.loop().callLater(pause, this::restart);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
    }

    private void cancelRetry() {
        DelayedCall pending = retry;
        if (pending != null) {
            pending.cancel();
            retry = null;
        }
    }

    /** Notices its end: somebody killed it. */
    private final class Watch implements ProcessProtocol {
        private @Nullable LinuxTransport watched;

        @Override
        public void connectionMade(ProcessTransport transport) {
            watched = (LinuxTransport) transport;
        }

        @Override
        public void processEnded(ExitReason reason) {
            if (closed || process != watched) {
                return;
            }
            process = null;
            reactor.trace(() -> "the guardian process ended: " + reason);
            if (isYoung()) {
                retryLater();
            } else {
                pause = FIRST_PAUSE;
                restart();
            }
        }
    }
}
