package dev.gantry.launcher.linux;

import dev.gantry.launcher.engine.CallbackRunner;
import dev.gantry.launcher.engine.ChildChannel;
import dev.gantry.launcher.engine.Outlet;
import dev.gantry.launcher.engine.WriteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Our end of one of the child's descriptors: reads, writes or both. Owns the descriptor; ends once, by the other side, by an error
 * or by us. Of a socket pair the child may end its direction alone: then ours goes on until it ends, too. Confined to the reactor's
 * thread.
 */
final class Channel implements ChildChannel, Outlet {
    /** Reads in one turn: enough for a flood to be carried well, few enough that others get theirs. */
    private static final int READS_PER_TURN = 4;
    /** A page: a line is less, and what is less comes rarely with more behind it. */
    private static final int WORTH_ANOTHER_READ = 4096;

    private static final int SHUT_WR = 1;

    private final Plumbing.OurEnd end;
    private final IoBuffers buffers;
    private final Listener listener;
    private final Epoll.Watch watch;
    private final WriteBuffer output;
    private boolean reading;
    /** The child writes no more, and still reads. */
    private boolean readEnded;

    private boolean writeWanted;
    private boolean draining;
    private boolean open = true;
    private String link = "";
    /** Who makes the pipe big; whom to tell when one that is big is closed. */
    private Optional<BigPipes> growing;

    private Optional<BigPipes> grown = Optional.empty();

    Channel(
            Plumbing.OurEnd end,
            Epoll epoll,
            IoBuffers buffers,
            CallbackRunner callbacks,
            String processName,
            Listener listener) {
        this.end = end;
        this.buffers = buffers;
        this.listener = listener;
        this.growing = end.bigPipes();
        String name = "descriptor " + end.childFd() + " of " + processName;
        this.watch = epoll.watch(end.fd(), name, this::ready);
        this.output = new WriteBuffer(this, callbacks, name);
        if (!end.writable()) {
            output.die();
        }
    }

    @Override
    public int childFd() {
        return end.childFd();
    }

    int fd() {
        return end.fd();
    }

    /** The child's end, as /proc/PID/fd shows it. Known after the end only if it was asked for before. */
    String link() {
        if (link.isEmpty() && open) {
            link = end.link();
        }
        return link;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Whether data can still come. */
    boolean isReadable() {
        return end.readable() && !readEnded;
    }

    @Override
    public boolean isWritable() {
        return end.writable();
    }

    @Override
    public boolean isConversation() {
        return end.readable() && end.writable() && !end.terminal();
    }

    boolean isTerminal() {
        return end.terminal();
    }

    @Override
    public WriteBuffer output() {
        return output;
    }

    @Override
    public long queuedBytes() {
        return output.queuedBytes();
    }

    @Override
    public void setReading(boolean on) {
        reading = on && isReadable();
        updateWatch();
    }

    @Override
    public void drain() {
        boolean leftUnread = isConversation() && !reading;
        if (!open || !isReadable() || draining || leftUnread) {
            return;
        }
        draining = true;
        try {
            // What a terminal holds is not all counted before it is read.
            int available = end.terminal() ? IoBuffers.BYTES : Descriptors.readable(end.fd());
            buffers.forReading(buffer -> drain(buffer, available));
        } finally {
            draining = false;
        }
    }

    private void drain(ByteBuffer buffer, int available) {
        int left = available;
        while (left > 0 && open) {
            long count = read(buffer, 0, Math.min(left, IoBuffers.BYTES));
            if (count <= 0) {
                return;
            }
            left -= (int) count;
            deliver(buffer, (int) count);
        }
    }

    @Override
    public void close() {
        if (end.writable() && !output.hasEnded()) {
            output.close();
        } else {
            abort("closed");
        }
    }

    @Override
    public void abort(String why) {
        if (release()) {
            listener.lost(this, why);
        }
    }

    @Override
    public void processGone() {
        if (!isReadable()) {
            abort("the process has ended");
        } else if (open && end.writable()) {
            output.die();
            writeWanted = false;
            if (!end.terminal()) {
                Libc.shutdown(end.fd(), SHUT_WR);
            }
            updateWatch();
        }
    }

    @Override
    public boolean release() {
        if (!open) {
            return false;
        }
        open = false;
        watch.cancel();
        output.die();
        end.close();
        grown.ifPresent(BigPipes::closed);
        return true;
    }

    private void ready(int events) {
        boolean hungUp = (events & (Epoll.HUP | Epoll.ERR)) != 0;
        if (hungUp && !isReadable()) {
            abort("nobody reads it any more");
            return;
        }
        if (reading && (hungUp || (events & Epoll.IN) != 0)) {
            buffers.forReading(this::readTurn);
        }
        if (open && writeWanted && (events & Epoll.OUT) != 0) {
            output.writable();
        }
        if (open && hungUp && !reading) {
            // Paused, and nobody will read what we write: without interest, else the kernel reports it for ever.
            output.die();
            writeWanted = false;
            updateWatch();
        }
    }

    private void readTurn(ByteBuffer buffer) {
        for (int i = 0; i < READS_PER_TURN && open && reading; i++) {
            long count = fill(buffer);
            if (count > 0) {
                deliver(buffer, (int) count);
                if (count < IoBuffers.BYTES / 2) {
                    // Most likely empty; if not, the next turn comes at once.
                    return;
                }
                if (count == IoBuffers.BYTES && open) {
                    flooded();
                }
            } else if (count == 0) {
                endOfData();
            } else if (!isTransient((int) -count)) {
                abort(Errno.EIO.is((int) -count) ? "end of data" : "read: " + Errno.describe((int) -count));
            } else {
                return;
            }
        }
    }

    /**
     * Reads until the buffer is full or there seems to be no more: a program that writes a few KiB at a time would otherwise take a turn of
     * the loop for each. The count as {@link #read} gives it, of all together.
     */
    private long fill(ByteBuffer buffer) {
        long filled = read(buffer, 0, IoBuffers.BYTES);
        long last = filled;
        while (last >= WORTH_ANOTHER_READ && filled < IoBuffers.BYTES) {
            last = read(buffer, (int) filled, IoBuffers.BYTES - (int) filled);
            // An end or an error is met again by the next one.
            filled += Math.max(0, last);
        }
        return filled;
    }

    /** As much as an ordinary pipe holds. */
    private void flooded() {
        if (growing.isPresent() && growing.get().hasRoom()) {
            BigPipes pipes = growing.get();
            growing = Optional.empty();
            grown = pipes.grow(end.fd()) ? Optional.of(pipes) : Optional.empty();
        }
    }

    private void endOfData() {
        if (!end.writable() || end.terminal() || output.hasEnded()) {
            abort("end of data");
            return;
        }
        // Of a pair, half: if the other side is closed altogether, a hang-up tells so.
        readEnded = true;
        reading = false;
        updateWatch();
    }

    /** The count, 0 at the end, or the negative error number; the buffer is reused, so no object is made for each read. */
    private long read(ByteBuffer buffer, int offset, int limit) {
        long count = Libc.read(end.fd(), buffers.address(buffer) + offset, limit);
        return count == -1 ? -Libc.errno() : count;
    }

    /** Nothing is ready, or a signal came in between: epoll tells when to try again. */
    private static boolean isTransient(int errno) {
        return Errno.EAGAIN.is(errno) || Errno.EINTR.is(errno);
    }

    private void deliver(ByteBuffer buffer, int count) {
        listener.received(this, buffers.forReceiver(buffer, count));
    }

    private void updateWatch() {
        if (!open) {
            return;
        }
        int mask = (reading ? Epoll.IN : 0) | (writeWanted ? Epoll.OUT : 0);
        if (mask == 0 && isReadable()) {
            watch.wantNothing();
        } else {
            // What we only write to is watched even with nothing to write: an error means that nobody reads it any
            // more.
            watch.want(mask);
        }
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            ByteBuffer piece = buffers.forWriting(data);
            int wanted = piece.remaining();
            long count = Libc.write(end.fd(), Libc.address(piece) + piece.position(), wanted);
            if (count == -1) {
                int errno = Libc.errno();
                if (isTransient(errno)) {
                    return;
                }
                throw new SystemCallException("write(" + end.fd() + ", " + wanted + " bytes)", errno);
            }
            data.position(data.position() + (int) count);
            if (count < wanted) {
                return;
            }
        }
    }

    @Override
    public void wantWritable(boolean wanted) {
        writeWanted = wanted;
        updateWatch();
    }

    @Override
    public void finished() {
        abort("closed");
    }

    @Override
    public void broken(IOException cause) {
        if (isReadable()) {
            // The other direction may still hold data; its end will be noticed there.
            writeWanted = false;
            updateWatch();
        } else {
            abort(String.valueOf(cause.getMessage()));
        }
    }
}
