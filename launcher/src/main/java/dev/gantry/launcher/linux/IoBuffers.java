package dev.gantry.launcher.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** The buffers that all descriptors of a reactor share: one to read into, one to write from. Confined to its thread. */
final class IoBuffers {
    static final int BYTES = 64 * 1024;

    private final ByteBuffer toRead = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer toWrite = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer toReadView = toRead.asReadOnlyBuffer();
    private final long toReadAddress = Libc.address(toRead);
    private boolean reading;

    /** Lends a buffer to read into; a second one within that use (a protocol that drains in a callback) is another. */
    void forReading(Consumer<ByteBuffer> user) {
        if (reading) {
            user.accept(ByteBuffer.allocateDirect(BYTES));
            return;
        }
        reading = true;
        try {
            user.accept(toRead);
        } finally {
            reading = false;
        }
    }

    /** Where the system puts what it reads into a buffer that was lent. */
    @SuppressWarnings("ReferenceEquality") // Which buffer it is, not what is in it.
    long address(ByteBuffer lent) {
        return lent == toRead ? toReadAddress : Libc.address(lent);
    }

    /** What was read into a buffer that was lent, for whoever gets it: read-only, and gone when that returns. */
    @SuppressWarnings("ReferenceEquality") // Which buffer it is, not what is in it.
    ByteBuffer forReceiver(ByteBuffer lent, int count) {
        ByteBuffer view = lent == toRead ? toReadView : lent.asReadOnlyBuffer();
        return view.order(ByteOrder.BIG_ENDIAN).position(0).limit(count);
    }

    /** The beginning of some data where the system can take it from; valid until the next call. Leaves the data as it is. */
    ByteBuffer forWriting(ByteBuffer data) {
        if (data.isDirect()) {
            return data.duplicate();
        }
        int count = Math.min(data.remaining(), BYTES);
        return toWrite.clear()
                .put(data.duplicate().limit(data.position() + count))
                .flip();
    }
}
