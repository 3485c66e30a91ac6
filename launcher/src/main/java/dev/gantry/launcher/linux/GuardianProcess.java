package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport.State;
import dev.gantry.launcher.SpawnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The running guardian: started when it is first needed, started again and told everything if it was lost. Confined to the reactor's
 * thread; ended by {@link #close}.
 */
final class GuardianProcess {
    private static final Duration END = Duration.ofSeconds(1);

    private final LinuxReactor reactor;
    private final Guardian guardian = new Guardian(this::write);
    private @Nullable LinuxTransport process;
    private boolean closed;

    GuardianProcess(LinuxReactor reactor) {
        this.reactor = reactor;
    }

    Guardian guardian() {
        return guardian;
    }

    /**
     * Starts it unless it runs.
     *
     * @throws IOException if it cannot be started: nothing may be guarded then
     */
    void ensureRunning() throws IOException {
        if (process != null || closed) {
            return;
        }
        try {
            process = reactor.spawnHere(new Watch(), Guardian.request());
        } catch (SpawnException e) {
            throw new IOException("the guardian process could not be started: " + e.getMessage(), e);
        }
        for (byte[] lines : guardian.replay()) {
            write(lines);
        }
    }

    private void write(byte[] lines) throws IOException {
        LinuxTransport running = process;
        if (running == null || running.state() != State.SPAWNED) {
            throw new IOException("the guardian process is gone");
        }
        running.write(ByteBuffer.wrap(lines));
    }

    /** It knows of nothing any more, or all that it knows of is dead: it ends by itself at the end of its input. */
    void close() {
        closed = true;
        LinuxTransport running = process;
        process = null;
        if (running != null) {
            running.loseConnection();
            running.child().awaitDeath(END);
        }
    }

    /** Notices its end: somebody killed it. */
    private final class Watch implements ProcessProtocol {
        @Override
        public void processEnded(ExitReason reason) {
            if (closed) {
                return;
            }
            process = null;
            reactor.trace(() -> "the guardian process ended: " + reason + "; starting another one");
            if (!guardian.isIdle()) {
                reactor.loop().guarded("starting another guardian", () -> {
                    try {
                        ensureRunning();
                    } catch (IOException e) {
                        throw new IllegalStateException(e.getMessage(), e);
                    }
                });
            }
        }
    }
}
