package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ResourceUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A started process and the job that holds it and what it starts. Its handle keeps its number from being given to another. Owns
 * both; {@link #close} when nobody asks any more. Confined to the reactor's thread.
 */
final class WindowsChild implements AutoCloseable, EndRequests.Members {
    private static final int SIGNALLED = 0;
    private static final int STILL_ACTIVE = 259;

    private final long process;
    private final int pid;
    private final Job job;
    private final long startedAt = System.nanoTime();
    private @Nullable ResourceUsage complete;
    private boolean released;
    private boolean closed;

    WindowsChild(long process, int pid, Job job) {
        this.process = process;
        this.pid = pid;
        this.job = job;
    }

    int pid() {
        return pid;
    }

    long process() {
        return process;
    }

    /** Itself alone, while it lives. */
    @Override
    public List<Long> pids() {
        return hasExited() ? List.of() : List.of((long) pid);
    }

    /** Its own handle holds it. */
    @Override
    public EndRequests.Held hold(long member) {
        return new EndRequests.Held() {
            @Override
            public boolean isMember() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    Job job() {
        return job;
    }

    boolean hasExited() {
        return complete != null || Kernel32.WaitForSingleObject(process, 0) == SIGNALLED;
    }

    /** It has ended: how. Its usage is complete from now on. */
    ExitReason reap() {
        complete = measured();
        try (Memory code = new Memory(4)) {
            return Kernel32.GetExitCodeProcess(process, Pointer.nativeValue(code)) == 0
                    ? ExitReason.unknown()
                    : ExitReason.ofCode(code.getInt(0));
        }
    }

    /**
     * Ends it at once.
     *
     * @return false if it is ending already: the system then denies it
     */
    boolean terminate(int code) throws SystemCallException {
        if (Kernel32.TerminateProcess(process, code) != 0) {
            return true;
        }
        int error = Kernel32.lastError();
        if (error == WindowsError.ACCESS_DENIED && (hasExited() || exitCode() != STILL_ACTIVE)) {
            return false;
        }
        throw new SystemCallException("TerminateProcess(" + pid + ", " + code + ")", error);
    }

    private int exitCode() {
        try (Memory code = new Memory(4)) {
            return Kernel32.GetExitCodeProcess(process, Pointer.nativeValue(code)) == 0 ? STILL_ACTIVE : code.getInt(0);
        }
    }

    List<ProcessInfo> tree() {
        try {
            return ProcessTable.of(job.pids(), pid);
        } catch (SystemCallException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    ResourceUsage usage() {
        ResourceUsage known = complete;
        return known == null ? measured() : known;
    }

    private ResourceUsage measured() {
        ProcessTable.Times times = ProcessTable.Times.of(process);
        long peak = ProcessTable.residentBytes(process, true);
        return new ResourceUsage(
                age(),
                Optional.of(times.user()),
                Optional.of(times.kernel()),
                peak > 0 ? OptionalLong.of(peak) : OptionalLong.empty(),
                false);
    }

    /** It has ended, and nobody of its tree is left or our matter: there is nothing to ask or to end any more. */
    boolean isOver() {
        try {
            return complete != null && (released || job.pids().isEmpty());
        } catch (SystemCallException unknown) {
            return false;
        }
    }

    /** Its processes may outlive us from now on. */
    void release() throws SystemCallException {
        released = true;
        if (!job.isClosed()) {
            job.setGuarded(false);
        }
    }

    /** Ends all its processes, and closes. */
    void destroy() {
        try {
            job.terminate(EndRequests.killedCode());
        } catch (SystemCallException refused) {
            throw new IllegalStateException(refused.getMessage(), refused);
        } finally {
            close();
        }
    }

    /** Ends what is guarded. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            job.close();
            Kernel32.CloseHandle(process);
        }
    }
}
