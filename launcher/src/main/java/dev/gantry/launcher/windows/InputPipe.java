package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.Outlet;
import dev.gantry.launcher.engine.WriteBuffer;
import dev.gantry.launcher.windows.CompletionPort.Start;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Our end of a pipe that the child reads from: one write under way at a time, of at most 64 KiB, in memory that the system may use
 * until it is done. A read of no bytes ends when nobody has the child's end any more. Owns the handle. Confined to the loop's thread.
 */
final class InputPipe extends PipeChannel implements Outlet {
    private static final int PIECE = 64 * 1024;

    private final CompletionPort port;
    private final EventLoop loop;
    private final WriteBuffer output;
    private final CompletionPort.Operation watch;
    /** Made with the first write, with its memory. */
    private CompletionPort.@Nullable Operation write;

    private @Nullable ByteBuffer piece;
    /** Bytes that the system has not taken yet. */
    private int pending;

    private boolean wanted;
    /** Whether a turn is on its way that tells of room. */
    private boolean telling;
    /** All was handed over; closes when the system has taken it. */
    private boolean finishing;

    InputPipe(int childFd, long pipe, CompletionPort port, EventLoop loop, String processName, Listener listener) {
        super(childFd, pipe, processName, listener);
        this.port = port;
        this.loop = loop;
        this.output = new WriteBuffer(this, loop, name());
        this.watch = port.new Operation(name(), new Memory(1), (succeeded, bytes) -> watched(succeeded));
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public WriteBuffer output() {
        return output;
    }

    @Override
    public long queuedBytes() {
        return isOpen() ? output.queuedBytes() + pending : 0;
    }

    /** Nothing is read here; the first call begins to watch for the end of whoever reads. */
    @Override
    public void setReading(boolean on) {
        if (!isOpen() || watch.isActive()) {
            return;
        }
        try {
            // Should it be done at once, somebody has written where only reading is possible: no matter of ours.
            watch.start(overlapped -> Kernel32.ReadFile(pipe(), watch.bufferAddress(), 0, 0, overlapped));
        } catch (SystemCallException nobodyReads) {
            loop.execute(() -> abort("nobody reads it any more"));
        }
    }

    private void watched(boolean succeeded) {
        if (!succeeded) {
            abort("nobody reads it any more");
        }
    }

    @Override
    public void drain() {}

    @Override
    public void close() {
        output.close();
    }

    @Override
    void releasing() {
        pending = 0;
        output.die();
        // The close alone would leave a write under way until somebody reads it.
        Kernel32.CancelIoEx(pipe(), 0);
    }

    @Override
    public void processGone() {
        abort("the process has ended");
    }

    @Override
    public void write(ByteBuffer data) throws IOException {
        while (isOpen() && data.hasRemaining() && pending == 0) {
            int count = Math.min(data.remaining(), PIECE);
            CompletionPort.Operation operation = operation();
            Objects.requireNonNull(piece).clear().put(data.duplicate().limit(data.position() + count));
            Start start = operation.start(
                    overlapped -> Kernel32.WriteFile(pipe(), operation.bufferAddress(), count, 0, overlapped));
            data.position(data.position() + count);
            pending = start == Start.UNDER_WAY ? count : 0;
        }
    }

    private CompletionPort.Operation operation() {
        CompletionPort.Operation operation = write;
        if (operation == null) {
            Memory memory = new Memory(PIECE);
            piece = memory.getByteBuffer(0, PIECE).order(ByteOrder.BIG_ENDIAN);
            operation = port.new Operation("a write to " + name(), memory, (succeeded, bytes) -> written(succeeded));
            write = operation;
        }
        return operation;
    }

    private void written(boolean succeeded) {
        if (!isOpen()) {
            return;
        }
        pending = 0;
        if (!succeeded) {
            abort("nobody reads it any more");
        } else if (finishing) {
            abort("closed");
        } else if (wanted) {
            tellOfRoom();
        }
    }

    @Override
    public void wantWritable(boolean isWanted) {
        wanted = isWanted;
        if (isWanted && pending == 0) {
            tellLater();
        }
    }

    private void tellLater() {
        if (!telling) {
            telling = true;
            loop.execute(() -> {
                telling = false;
                tellOfRoom();
            });
        }
    }

    private void tellOfRoom() {
        if (isOpen() && wanted && pending == 0) {
            output.writable();
            if (isOpen() && wanted && pending == 0) {
                // Wanted still, though nothing was written: a piece may come with the next turn.
                tellLater();
            }
        }
    }

    @Override
    public void finished() {
        finishing = true;
        if (pending == 0) {
            abort("closed");
        }
    }

    @Override
    public void broken(IOException cause) {
        abort(String.valueOf(cause.getMessage()));
    }
}
