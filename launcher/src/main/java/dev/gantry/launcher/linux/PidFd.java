package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A handle to one process that never means another one, whatever becomes of its number. Confined to its owner's
 * thread, which closes it.
 */
final class PidFd implements AutoCloseable {
    private static final boolean X86_64 = System.getProperty("os.arch").equals("amd64");
    private static final long SYS_WAITID = X86_64 ? 247 : 95;
    private static final long SYS_PIDFD_SEND_SIGNAL = 424;
    private static final long SYS_PIDFD_OPEN = 434;

    private static final int P_PID = 1;
    private static final int P_PIDFD = 3;
    private static final int SIGKILL = 9;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int SIGNAL_PROCESS_GROUP = 1 << 2;

    /** PIDFD_GET_INFO with the first version of struct pidfd_info. */
    private static final long PIDFD_GET_INFO = 0xC040FF0BL;

    private static final int INFO_BYTES = 64;
    private static final int INFO_EXIT_CODE = 60;
    private static final long PIDFD_INFO_EXIT = 1 << 3;

    private static final int POLLFD_BYTES = 8;
    private static final int POLLIN = 1;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final int CLD_EXITED = 1;
    private static final int CLD_DUMPED = 3;
    private static final int SI_CODE = 8;
    private static final int SI_PID = 16;
    private static final int SI_STATUS = 24;
    private static final int SIGINFO_BYTES = 128;
    private static final int RUSAGE_BYTES = 144;
    private static final int RU_MAXRSS = 32;
    private static final int BYTES_PER_KIB = 1024;

    private final long pid;
    private final int fd;
    private boolean closed;

    private PidFd(long pid, int fd) {
        this.pid = pid;
        this.fd = fd;
    }

    /**
     * Opens a handle; the caller knows that the number means what he thinks (an unreaped child's does).
     *
     * @throws SystemCallException with ESRCH if there is no such process
     */
    static PidFd open(long pid) throws SystemCallException {
        long fd = Libc.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0, 0);
        if (fd == -1) {
            throw new SystemCallException("pidfd_open(" + pid + ")", Libc.errno());
        }
        return new PidFd(pid, (int) fd);
    }

    long pid() {
        return pid;
    }

    int fd() {
        return fd;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Whether waiting by handle works: the kernel has it since 5.4, a handle since 5.3.
     *
     * @return the error number of the attempt to wait for the process, which must not be a child; ECHILD if it works
     */
    int errnoOfWaiting() {
        return Libc.syscall(SYS_WAITID, P_PIDFD, fd, 0, WEXITED | WNOHANG, 0) == -1 ? Libc.errno() : 0;
    }

    /** Blocks until the process has ended or the time is over; says which. */
    boolean awaitEnd(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        try (Memory pollfd = new Memory(POLLFD_BYTES)) {
            pollfd.setInt(0, fd);
            pollfd.setInt(4, POLLIN);
            while (true) {
                long millis = Math.max(0, (deadline - System.nanoTime()) / NANOS_PER_MILLI);
                int count = Libc.poll(CStrings.address(pollfd), 1, (int) Math.min(Integer.MAX_VALUE, millis));
                if (count != -1 || !Errno.EINTR.is(Libc.errno())) {
                    return count == 1;
                }
            }
        }
    }

    /** Where waitid puts what it tells; each thread that reaps keeps one. */
    private static final class Told {
        final ByteBuffer memory =
                ByteBuffer.allocateDirect(SIGINFO_BYTES + RUSAGE_BYTES).order(ByteOrder.nativeOrder());
        final long address = Libc.address(memory);
    }

    private static final ThreadLocal<Told> TOLD = ThreadLocal.withInitial(Told::new);

    /** How a process ended and what it used, its reaped children included. */
    record Death(ExitReason reason, Duration userTime, Duration systemTime, long maxResidentBytes) {}

    /** Reaps the process if it has ended; empty if it lives. */
    Optional<Death> reap() throws SystemCallException {
        Told told = TOLD.get();
        ByteBuffer memory = told.memory;
        memory.putInt(SI_PID, 0);
        long address = told.address;
        while (Libc.syscall(SYS_WAITID, P_PIDFD, fd, address, WEXITED | WNOHANG, address + SIGINFO_BYTES) == -1) {
            int errno = Libc.errno();
            if (!Errno.EINTR.is(errno)) {
                throw new SystemCallException("waitid(P_PIDFD, " + fd + " of process " + pid + ")", errno);
            }
        }
        if (memory.getInt(SI_PID) == 0) {
            return Optional.empty();
        }
        int status = waitStatus(memory.getInt(SI_CODE), memory.getInt(SI_STATUS));
        return Optional.of(new Death(
                ExitReason.of(status),
                timeval(memory, SIGINFO_BYTES),
                timeval(memory, SIGINFO_BYTES + 16),
                memory.getLong(SIGINFO_BYTES + RU_MAXRSS) * BYTES_PER_KIB));
    }

    /**
     * How a process ended that was reaped by somebody else; needs Linux 6.15.
     *
     * @return empty if it was not reaped yet, or the kernel cannot tell
     */
    Optional<ExitReason> reasonToldByKernel() {
        try (Memory info = new Memory(INFO_BYTES)) {
            return toldInto(info) && (info.getLong(0) & PIDFD_INFO_EXIT) != 0
                    ? Optional.of(ExitReason.of(info.getInt(INFO_EXIT_CODE)))
                    : Optional.empty();
        }
    }

    /**
     * Whether the kernel has anything to tell of it. While {@link #reasonToldByKernel} is empty, that means that it lives or is being
     * reaped at this moment; a kernel before 6.13 never has.
     */
    boolean isKnownToKernel() {
        try (Memory info = new Memory(INFO_BYTES)) {
            return toldInto(info);
        }
    }

    private boolean toldInto(Memory info) {
        info.clear();
        info.setLong(0, PIDFD_INFO_EXIT);
        return !closed && Libc.ioctl(fd, PIDFD_GET_INFO, CStrings.address(info)) != -1;
    }

    /** Kills and reaps an unreaped child of ours without a handle, blocking for that moment: for a start that failed half-way. */
    static void destroyChild(long pid) {
        Libc.kill((int) pid, SIGKILL);
        while (Libc.syscall(SYS_WAITID, P_PID, pid, 0, WEXITED, 0) == -1 && Errno.EINTR.is(Libc.errno())) {}
    }

    /** Sends a signal to the process; one that has ended but was not reaped takes it without effect. */
    void signal(int number) throws ProcessExitedAlreadyException, SystemCallException {
        send(number, 0);
    }

    /**
     * Sends a signal to the group that the process leads or led.
     *
     * @return false if the kernel cannot (before 6.9)
     * @throws ProcessExitedAlreadyException if the group has no member
     */
    boolean signalGroup(int number) throws ProcessExitedAlreadyException, SystemCallException {
        try {
            send(number, SIGNAL_PROCESS_GROUP);
            return true;
        } catch (SystemCallException e) {
            if (Errno.EINVAL.is(e.errno())) {
                return false;
            }
            throw e;
        }
    }

    private void send(int number, int flags) throws ProcessExitedAlreadyException, SystemCallException {
        if (Libc.syscall(SYS_PIDFD_SEND_SIGNAL, fd, number, 0, flags, 0) == -1) {
            int errno = Libc.errno();
            if (Errno.ESRCH.is(errno)) {
                throw new ProcessExitedAlreadyException(
                        "process " + pid + " has ended: signal " + number + " not sent");
            }
            throw new SystemCallException(
                    "pidfd_send_signal(" + fd + " of process " + pid + ", " + number + ", flags " + flags + ")", errno);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Descriptors.close(fd);
        }
    }

    /** As wait(2) has it, from what waitid(2) tells. */
    static int waitStatus(int code, int status) {
        if (code == CLD_EXITED) {
            return (status & 0xFF) << 8;
        }
        return code == CLD_DUMPED ? status | 0x80 : status;
    }

    private static Duration timeval(ByteBuffer memory, int at) {
        return Duration.ofSeconds(memory.getLong(at)).plusNanos(memory.getLong(at + 8) * 1000);
    }
}
