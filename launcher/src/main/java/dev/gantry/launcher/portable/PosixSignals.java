package dev.gantry.launcher.portable;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * KILL and TERM through {@link ProcessHandle}, which checks the start time itself; INT through the shell's kill, after the
 * same check. Not through {@link Process#destroy}, which closes the streams under the pumps. On the loop's thread; INT costs it
 * a few milliseconds, at most {@link #PATIENCE_SECONDS}.
 */
final class PosixSignals {
    private static final int PATIENCE_SECONDS = 2;

    private final ProcessHandle handle;
    private final Optional<Instant> startTime;

    PosixSignals(Process process) {
        this.handle = process.toHandle();
        this.startTime = handle.info().startInstant();
    }

    void send(Signal signal) throws IOException {
        if (!PortableBackend.POSIX && signal != Signal.KILL) {
            throw PortableBackend.lacks(Capability.ALL_SIGNALS, signal.sigName());
        }
        switch (signal) {
            case KILL -> requireSent(signal, handle.destroyForcibly());
            case TERM -> requireSent(signal, handle.destroy());
            case INT -> interrupt();
            default -> throw PortableBackend.lacks(Capability.ALL_SIGNALS, signal.sigName());
        }
    }

    private void requireSent(Signal signal, boolean sent) throws IOException {
        if (!sent) {
            requireAlive();
            throw new IOException("kill(" + handle.pid() + ", " + signal.sigName() + "): the system refuses");
        }
    }

    private void interrupt() throws IOException {
        requireAlive();
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$1\"", "sh", Long.toString(handle.pid()))
                .redirectErrorStream(true)
                .start();
        try (InputStream output = kill.getInputStream()) {
            kill.getOutputStream().close();
            if (!kill.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                kill.destroyForcibly();
                throw new IOException("kill -INT " + handle.pid() + " did not end");
            }
            if (kill.exitValue() != 0) {
                requireAlive();
                throw new IOException("kill -INT " + handle.pid() + ": "
                        + new String(output.readAllBytes(), StandardCharsets.UTF_8).strip());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during kill -INT " + handle.pid(), interrupted);
        }
    }

    private void requireAlive() throws ProcessExitedAlreadyException {
        if (!handle.isAlive() || !handle.info().startInstant().equals(startTime)) {
            throw new ProcessExitedAlreadyException("process " + handle.pid() + " has exited");
        }
    }
}
