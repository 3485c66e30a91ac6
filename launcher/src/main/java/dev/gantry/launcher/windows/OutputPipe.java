package dev.gantry.launcher.windows;

import dev.gantry.launcher.engine.ChildChannel;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.WriteBuffer;
import dev.gantry.launcher.windows.CompletionPort.Start;
import java.nio.ByteOrder;

/**
 * Our end of a pipe that the child writes to. It waits by a read of no bytes, which ends when there is something to read, or nobody
 * is left to write; what is there is then read into a buffer that all pipes share. So a pipe that is paused or silent has no data in
 * our hands, and no memory of its own. Owns the handle. Confined to the loop's thread.
 */
final class OutputPipe implements ChildChannel {
    /** Reads in one turn: enough for a flood to be carried well, few enough that others get theirs. */
    private static final int READS_PER_TURN = 4;

    private final int childFd;
    private final long pipe;
    private final ReadBuffers buffers;
    private final EventLoop loop;
    private final Listener listener;
    private final String name;
    private final WriteBuffer noOutput;
    private final CompletionPort.Operation wait;
    private boolean open = true;
    private boolean reading;
    private boolean draining;

    OutputPipe(
            int childFd,
            long pipe,
            CompletionPort port,
            ReadBuffers buffers,
            EventLoop loop,
            String processName,
            Listener listener) {
        this.childFd = childFd;
        this.pipe = pipe;
        this.buffers = buffers;
        this.loop = loop;
        this.listener = listener;
        this.name = "descriptor " + childFd + " of " + processName;
        this.noOutput = InputPipe.deadBuffer(loop, name);
        this.wait = port.new Operation(name, null, (succeeded, bytes) -> look());
    }

    @Override
    public int childFd() {
        return childFd;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public WriteBuffer output() {
        return noOutput;
    }

    @Override
    public long queuedBytes() {
        return 0;
    }

    @Override
    public void setReading(boolean on) {
        reading = on;
        if (on) {
            awaitData();
        }
    }

    @Override
    public void drain() {
        if (!open || draining) {
            return;
        }
        draining = true;
        try {
            int left = buffers.available(pipe);
            while (left > 0 && open) {
                int count = readPiece(Math.min(left, ReadBuffers.BYTES));
                if (count <= 0) {
                    return;
                }
                left -= count;
            }
        } finally {
            draining = false;
        }
    }

    @Override
    public void close() {
        abort("closed");
    }

    @Override
    public void abort(String why) {
        if (release()) {
            listener.lost(this, why);
        }
    }

    @Override
    public boolean release() {
        if (!open) {
            return false;
        }
        open = false;
        Kernel32.CloseHandle(pipe);
        return true;
    }

    /** What it has written still comes; the end of the data, or somebody else who writes, is no matter of the process. */
    @Override
    public void processGone() {}

    private void awaitData() {
        if (!open || !reading || wait.isActive()) {
            return;
        }
        try {
            if (wait.start(overlapped -> Kernel32.ReadFile(pipe, buffers.address(), 0, 0, overlapped)) == Start.DONE) {
                // With a turn of its own: whoever resumes is not called back from within his call.
                loop.execute(this::look);
            }
        } catch (SystemCallException ended) {
            loop.execute(this::look);
        }
    }

    /** There is something to read, or never will be; or an operation was cancelled by the close. */
    private void look() {
        if (!open || !reading || wait.isActive()) {
            return;
        }
        for (int i = 0; i < READS_PER_TURN && open && reading; i++) {
            int available = buffers.available(pipe);
            if (available < 0) {
                abort("end of data");
                return;
            }
            if (available == 0) {
                break;
            }
            if (readPiece(Math.min(available, ReadBuffers.BYTES)) < 0) {
                abort("end of data");
                return;
            }
        }
        awaitData();
    }

    /** Reads and delivers what is known to be there; how many bytes, or -1 if the pipe has broken. */
    private int readPiece(int limit) {
        return buffers.read(
                pipe,
                limit,
                (buffer, count) -> listener.received(
                        this,
                        buffer.asReadOnlyBuffer()
                                .order(ByteOrder.BIG_ENDIAN)
                                .position(0)
                                .limit(count)));
    }
}
