package dev.gantry.launcher.windows;

import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.WriteBuffer;
import dev.gantry.launcher.windows.CompletionPort.Start;
import java.nio.ByteOrder;

/**
 * Our end of a pipe that the child writes to. It waits by a read of no bytes, which ends when there is something to read, or nobody
 * is left to write; what is there is then read into a buffer that all pipes share. So a pipe that is paused or silent has no data in
 * our hands, and no memory of its own. Owns the handle. Confined to the loop's thread.
 */
final class OutputPipe extends PipeChannel {
    /** Reads in one turn: enough for a flood to be carried well, few enough that others get theirs. */
    private static final int READS_PER_TURN = 4;

    private final ReadBuffers buffers;
    private final EventLoop loop;
    private final CompletionPort.Operation wait;
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
        super(childFd, pipe, processName, listener);
        this.buffers = buffers;
        this.loop = loop;
        this.wait = port.new Operation(name(), null, (succeeded, bytes) -> look());
    }

    @Override
    public boolean isWritable() {
        return false;
    }

    @Override
    public WriteBuffer output() {
        throw new UnsupportedOperationException(name() + " is not mapped for writing");
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
        if (!isOpen() || draining) {
            return;
        }
        draining = true;
        try {
            int left = buffers.available(pipe());
            while (left > 0 && isOpen()) {
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

    /** What it has written still comes; the end of the data, or somebody else who writes, is no matter of the process. */
    @Override
    public void processGone() {}

    private void awaitData() {
        if (!isOpen() || !reading || wait.isActive()) {
            return;
        }
        try {
            if (wait.start(overlapped -> Kernel32.ReadFile(pipe(), buffers.address(), 0, 0, overlapped))
                    == Start.DONE) {
                // With a turn of its own: whoever resumes is not called back from within his call.
                loop.execute(this::look);
            }
        } catch (SystemCallException ended) {
            loop.execute(this::look);
        }
    }

    /** There is something to read, or never will be; or an operation was cancelled by the close. */
    private void look() {
        if (!isOpen() || !reading || wait.isActive()) {
            return;
        }
        for (int i = 0; i < READS_PER_TURN && isOpen() && reading; i++) {
            int available = buffers.available(pipe());
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
                pipe(),
                limit,
                (buffer, count) -> listener()
                        .received(
                                this,
                                buffer.asReadOnlyBuffer()
                                        .order(ByteOrder.BIG_ENDIAN)
                                        .position(0)
                                        .limit(count)));
    }
}
