package dev.gantry.launcher.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.gantry.launcher.engine.CallbackRunner;
import dev.gantry.launcher.engine.Poller;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The poller of this platform: an I/O completion port. It owns the memory that the system writes into: an operation under way lives
 * until its packet was taken, whatever became of its handle. Confined to the loop's thread but for {@link #wakeUp} and {@link
 * #post}; closed by the loop.
 */
final class CompletionPort implements Poller {
    private static final int MAX_PACKETS = 64;
    /** OVERLAPPED_ENTRY: key, OVERLAPPED's address, status, bytes. */
    private static final int PACKET_BYTES = 32;

    private static final int OVERLAPPED_AT = 8;
    private static final int STATUS_AT = 16;
    private static final int BYTES_AT = 24;
    private static final long OVERLAPPED_BYTES = 32;
    private static final long NANOS_PER_MILLI = 1_000_000;
    /** FILE_SKIP_COMPLETION_PORT_ON_SUCCESS. */
    private static final byte SKIP_ON_SUCCESS = 1;

    /** How long the end waits for operations that were cancelled by closing their handles. */
    private static final int LAST_PACKETS_MILLIS = 1000;

    /** The key of all files: their operations are told apart by address. */
    private static final long OF_FILES = 0;

    /** The key of a wake-up; watches count up from 2. */
    private static final long WAKE_UP = 1;

    /** What the system did not give back by the end: it may still write into that memory. */
    private static final Collection<Operation> NEVER_FREED = new ConcurrentLinkedQueue<>();

    private final long port;
    private final ByteBuffer packets =
            ByteBuffer.allocateDirect(MAX_PACKETS * PACKET_BYTES).order(ByteOrder.nativeOrder());
    private final ByteBuffer count = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
    private final long packetsAddress = Kernel32.address(packets);
    private final long countAddress = Kernel32.address(count);
    /** By the address of their OVERLAPPED. */
    private final Map<Long, Operation> underWay = new HashMap<>();

    private final Map<Long, IntConsumer> watches = new HashMap<>();
    private long lastKey = WAKE_UP;
    private @Nullable CallbackRunner callbacks;
    /** Guards the port's handle against being used after it is closed. */
    private final Object portLock = new Object();

    private boolean closed;

    CompletionPort() throws SystemCallException {
        port = Kernel32.CreateIoCompletionPort(Kernel32.INVALID_HANDLE_VALUE, 0, 0, 1);
        if (port == 0) {
            throw SystemCallException.last("CreateIoCompletionPort");
        }
    }

    /** Who isolates the handlers' errors; before the loop starts. */
    void reportTo(CallbackRunner runner) {
        callbacks = runner;
    }

    /** Sends the completions of a file's operations here; those that succeed at once are told by their call alone. */
    void associate(long file, String name) throws SystemCallException {
        if (Kernel32.CreateIoCompletionPort(file, port, OF_FILES, 0) == 0) {
            throw SystemCallException.last("CreateIoCompletionPort of " + name);
        }
        SystemCallException.check(
                Kernel32.SetFileCompletionNotificationModes(file, SKIP_ON_SUCCESS),
                () -> "SetFileCompletionNotificationModes of " + name);
    }

    /**
     * Registers something that others {@link #post}, or a job that sends its messages here.
     *
     * @param handler gets the message's number; 0 for what was posted
     * @return the key to post
     */
    long watch(IntConsumer handler) {
        long key = ++lastKey;
        watches.put(key, handler);
        return key;
    }

    /** The port itself, for a job to send its messages to. */
    long handle() {
        return port;
    }

    void forget(long key) {
        watches.remove(key);
    }

    /** Has the handler of this key run on the loop's thread. Any thread. After {@link #close}, a no-op. */
    void post(long key) {
        synchronized (portLock) {
            if (!closed) {
                Kernel32.PostQueuedCompletionStatus(port, 0, key, 0);
            }
        }
    }

    @Override
    public void wakeUp() {
        post(WAKE_UP);
    }

    @Override
    public void poll(long timeoutNanos) {
        int taken = take(millis(timeoutNanos));
        for (int i = 0; i < taken; i++) {
            int at = i * PACKET_BYTES;
            long key = packets.getLong(at);
            if (key != OF_FILES) {
                // What stands for the OVERLAPPED of a job's message is a process id.
                posted(key, packets.getInt(at + BYTES_AT));
            } else {
                completed(
                        packets.getLong(at + OVERLAPPED_AT),
                        packets.getLong(at + STATUS_AT) == 0,
                        packets.getInt(at + BYTES_AT));
            }
        }
    }

    private int take(int timeoutMillis) {
        if (Kernel32.GetQueuedCompletionStatusEx(port, packetsAddress, MAX_PACKETS, countAddress, timeoutMillis, 0)
                == 0) {
            int code = Kernel32.lastError();
            if (code != WindowsError.WAIT_TIMEOUT) {
                throw new IllegalStateException("GetQueuedCompletionStatusEx: " + WindowsError.describe(code));
            }
            return 0;
        }
        return count.getInt(0);
    }

    private void posted(long key, int message) {
        IntConsumer handler = watches.get(key);
        CallbackRunner runner = callbacks;
        if (handler != null && runner != null) {
            runner.guarded("a wait", () -> handler.accept(message));
        }
    }

    private void completed(long overlapped, boolean succeeded, int bytes) {
        Operation operation = underWay.remove(overlapped);
        CallbackRunner runner = callbacks;
        if (operation != null && runner != null) {
            operation.active = false;
            runner.guarded(operation.name, () -> operation.handler.completed(succeeded, bytes));
        }
    }

    @Override
    public void close() {
        // Their handles are closed: what they had under way comes back at once, and until then its memory is the
        // system's.
        while (!underWay.isEmpty()) {
            int taken = take(LAST_PACKETS_MILLIS);
            if (taken == 0) {
                break;
            }
            for (int i = 0; i < taken; i++) {
                underWay.remove(packets.getLong(i * PACKET_BYTES + OVERLAPPED_AT));
            }
        }
        NEVER_FREED.addAll(underWay.values());
        synchronized (portLock) {
            if (!closed) {
                closed = true;
                Kernel32.CloseHandle(port);
            }
        }
    }

    /** Rounded up: a timer that is due in half a millisecond must not make the loop spin until then. */
    private static int millis(long nanos) {
        return nanos == FOREVER
                ? Kernel32.INFINITE
                : (int) Math.min(Integer.MAX_VALUE, (nanos + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI);
    }

    /** What hears of an operation that did not end in its own call. */
    interface Completion {
        /**
         * It has ended.
         *
         * @param bytes carried, if it succeeded
         */
        void completed(boolean succeeded, int bytes);
    }

    /** How the call that starts an operation answered. */
    enum Start {
        /** Done already; {@link Completion} hears nothing. */
        DONE,
        /** {@link Completion} will hear of it. */
        UNDER_WAY
    }

    /** The call that starts an operation, with the address of its OVERLAPPED; a BOOL. */
    interface Call {
        int with(long overlapped);
    }

    /** One read or write at a time, with the memory that it needs in the system's hands. */
    final class Operation {
        private final Memory overlapped = new Memory(OVERLAPPED_BYTES);
        private final String name;
        private final Completion handler;
        private final @Nullable Memory buffer;
        private boolean active;

        /**
         * Nothing under way.
         *
         * @param buffer what it reads into or writes from, kept as long as the system may use it
         */
        Operation(String name, @Nullable Memory buffer, Completion handler) {
            this.name = name;
            this.buffer = buffer;
            this.handler = handler;
        }

        boolean isActive() {
            return active;
        }

        /**
         * Starts it; none may be under way.
         *
         * @throws SystemCallException if the system refuses; then nothing is under way
         */
        Start start(Call call) throws SystemCallException {
            overlapped.clear();
            long address = Pointer.nativeValue(overlapped);
            if (call.with(address) != 0) {
                return Start.DONE;
            }
            int code = Kernel32.lastError();
            if (code != WindowsError.IO_PENDING) {
                throw new SystemCallException(name, code);
            }
            active = true;
            underWay.put(address, this);
            return Start.UNDER_WAY;
        }

        long bufferAddress() {
            return buffer == null ? 0 : Pointer.nativeValue(buffer);
        }
    }
}
