package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The buffer that all pipes of a reactor are read into, and the reads themselves: of bytes that are known to be there, so that each
 * ends in its own call. Confined to the reactor's thread, which closes it.
 */
final class ReadBuffers implements AutoCloseable {
    static final int BYTES = 64 * 1024;

    private static final int OVERLAPPED_BYTES = 32;
    private static final int EVENT_AT = 24;
    /** In the event of an OVERLAPPED: the operation's end is not told to the file's completion port. */
    private static final long NO_PACKET = 1;

    private final ByteBuffer shared = ByteBuffer.allocateDirect(BYTES);
    private final long sharedAddress = Kernel32.address(shared);
    private final Memory overlapped = new Memory(OVERLAPPED_BYTES);
    private final ByteBuffer count = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
    private final long countAddress = Kernel32.address(count);
    /** The reads' own: the file itself is signalled also by the waits of {@link OutputPipe}. */
    private final long event;

    private boolean inUse;
    private boolean closed;

    ReadBuffers() {
        event = Kernel32.CreateEventW(0, 1, 0, 0);
        if (event == 0) {
            throw new IllegalStateException("CreateEventW: " + WindowsError.describe(Kernel32.lastError()));
        }
    }

    /** Takes what was read. */
    interface Taker {
        /** The buffer's first bytes; valid during the call only. */
        void take(ByteBuffer buffer, int bytes);
    }

    /** Somewhere that a read of no bytes may be told. */
    long address() {
        return sharedAddress;
    }

    /** Bytes in a pipe at this moment; -1 if it has none and never will have. */
    int available(long pipe) {
        return Kernel32.PeekNamedPipe(pipe, 0, 0, 0, countAddress, 0) == 0 ? -1 : count.getInt(0);
    }

    /**
     * Reads bytes that are there.
     *
     * @param taker hears of them within the call; not if there are none
     * @return how many; -1 if the pipe has broken
     */
    int read(long pipe, int limit, Taker taker) {
        if (inUse) {
            // A protocol that drains in a callback, whose data is in the shared one.
            ByteBuffer another = ByteBuffer.allocateDirect(BYTES);
            return read(pipe, another, Kernel32.address(another), limit, taker);
        }
        inUse = true;
        try {
            return read(pipe, shared, sharedAddress, limit, taker);
        } finally {
            inUse = false;
        }
    }

    private int read(long pipe, ByteBuffer buffer, long address, int limit, Taker taker) {
        overlapped.clear();
        overlapped.setLong(EVENT_AT, event | NO_PACKET);
        long operation = Pointer.nativeValue(overlapped);
        if (Kernel32.ReadFile(pipe, address, limit, countAddress, operation) == 0) {
            if (Kernel32.lastError() != WindowsError.IO_PENDING) {
                return -1;
            }
            // Nobody else reads this pipe, so that does not happen; should it, the memory must be ours again before we
            // go on.
            Kernel32.CancelIoEx(pipe, operation);
            if (Kernel32.GetOverlappedResult(pipe, operation, countAddress, 1) == 0) {
                return 0;
            }
        }
        int bytes = count.getInt(0);
        if (bytes > 0) {
            taker.take(buffer, bytes);
        }
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Kernel32.CloseHandle(event);
        }
    }
}
