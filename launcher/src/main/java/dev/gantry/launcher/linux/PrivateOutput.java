package dev.gantry.launcher.linux;

import com.sun.jna.Memory;
import dev.gantry.launcher.PromptOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/**
 * A descriptor as a stream: blocks until all is written, whatever mode the descriptor is in. Any thread, one at a time (its own
 * lock). Owns the descriptor.
 *
 * <p>The kernel wakes who waits for a full pipe at its reader's every read, and both take turns of a few KiB on one processor. So a pipe that
 * was found full is made bigger, and whoever finds the bigger one full leaves its reader alone for a moment before waiting.
 */
final class PrivateOutput extends OutputStream implements PromptOutput {
    private static final int PIECE = 64 * 1024;
    /** What is in the pipe goes before all that follows: much more would let a slow reader wait long for what is no output. */
    static final int BIG_PIPE = 512 * 1024;
    /** As long as a quick reader takes for half a big pipe. */
    private static final long FULL_PIPE_NANOS = 250_000;

    private static final int POLLFD_BYTES = 8;
    private static final short POLLOUT = 4;
    private static final int FOREVER = -1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    /** Above the numbers that a careless program closes or reuses. */
    private static final int LOWEST = 10;

    private final int fd;
    /** Another one for the same pipe, which never waits: the mode of the first is shared with whoever made the pipe. -1: none. */
    private final int prompt;

    private final boolean socket;
    /** Guarded by this, as is all below. */
    private final Memory piece = new Memory(PIECE + POLLFD_BYTES);

    private boolean closed;
    /** Whether it was tried to make the pipe bigger, and whether it is so. */
    private boolean wasFull;

    private boolean isBig;

    PrivateOutput(int fd) {
        this.fd = fd;
        String kind = Descriptors.link(fd);
        this.socket = kind.startsWith("socket:");
        this.prompt = kind.startsWith("pipe:") ? promptOne(fd) : -1;
    }

    private static int promptOne(int fd) {
        try {
            int low = Descriptors.open("/proc/self/fd/" + fd, Libc.O_WRONLY | Libc.O_NONBLOCK, 0);
            int high = Libc.fcntl(low, Libc.F_DUPFD_CLOEXEC, LOWEST);
            Descriptors.close(low);
            return high;
        } catch (SystemCallException e) {
            // Made by another user, or nobody reads it any more.
            return -1;
        }
    }

    /** Moves standard output here and points descriptor 1 at standard error. */
    static PrivateOutput takeStandardOutput() throws IOException {
        int copy = SystemCallException.check(
                Libc.fcntl(STDOUT, Libc.F_DUPFD_CLOEXEC, LOWEST), () -> "fcntl(1, F_DUPFD_CLOEXEC, " + LOWEST + ")");
        if (Libc.dup2(STDERR, STDOUT) == -1) {
            int errno = Libc.errno();
            Descriptors.close(copy);
            throw new SystemCallException("dup2(2, 1)", errno);
        }
        return new PrivateOutput(copy);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (closed) {
            throw new IOException("the stream is closed");
        }
        int done = 0;
        while (done < length) {
            int count = Math.min(PIECE, length - done);
            piece.write(0, bytes, offset + done, count);
            writePiece(count);
            done += count;
        }
    }

    @Override
    public synchronized int writeAvailable(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int done = 0;
        while (!closed && (socket || prompt != -1) && done < length) {
            int count = Math.min(PIECE, length - done);
            piece.write(0, bytes, offset + done, count);
            long written = writeNow(CStrings.address(piece), count);
            if (written < 0) {
                int errno = Libc.errno();
                if (done > 0 || Errno.EAGAIN.is(errno) || Errno.EINTR.is(errno)) {
                    // What was written counts: the next one to write finds the same.
                    return done;
                }
                throw new SystemCallException("write(" + fd + ", " + count + " bytes)", errno);
            }
            done += (int) written;
            if (written < count) {
                return done;
            }
        }
        return done;
    }

    private long writeNow(long from, int count) {
        return socket ? Libc.send(fd, from, count, MSG_DONTWAIT | MSG_NOSIGNAL) : Libc.write(prompt, from, count);
    }

    private void writePiece(int count) throws IOException {
        long at = CStrings.address(piece);
        long end = at + count;
        if (prompt != -1) {
            at += Math.max(0, writeNow(at, count));
            if (at < end) {
                pipeIsFull();
            }
        }
        while (at < end) {
            long written = Libc.write(fd, at, end - at);
            if (written >= 0) {
                at += written;
                continue;
            }
            int errno = Libc.errno();
            if (Errno.EAGAIN.is(errno)) {
                awaitWritable();
            } else if (!Errno.EINTR.is(errno)) {
                throw new SystemCallException("write(" + fd + ", " + (end - at) + " bytes)", errno);
            }
        }
    }

    private void pipeIsFull() {
        if (!wasFull) {
            wasFull = true;
            isBig = Descriptors.pipeBytes(fd) >= BIG_PIPE || Descriptors.growPipe(fd, BIG_PIPE);
        } else if (isBig) {
            LockSupport.parkNanos(FULL_PIPE_NANOS);
        }
    }

    /** Somebody else may have made the file behind the descriptor non-blocking: it is shared with the parent process. */
    private void awaitWritable() {
        piece.setInt(PIECE, fd);
        piece.setShort(PIECE + 4L, POLLOUT);
        piece.setShort(PIECE + 6L, (short) 0);
        Libc.poll(CStrings.address(piece) + PIECE, 1, FOREVER);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Descriptors.close(fd);
            if (prompt != -1) {
                Descriptors.close(prompt);
            }
            piece.close();
        }
    }
}
