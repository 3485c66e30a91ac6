package dev.gantry.launcher.engine;

import dev.gantry.launcher.Consumer;
import dev.gantry.launcher.Producer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes on their way to one descriptor of a child, and the pace of whoever makes them. What can be written at once is
 * written without a copy; the rest is copied and goes out as the outlet becomes writable. A push producer is paused over
 * 64 KiB and resumed at 0; a pull producer is asked for a piece whenever there is nothing left to write.
 *
 * <p>Confined to the loop's thread. Ends by {@link #close} (after what is queued, and after the producer has unregistered) or by
 * {@link #die}; both may come any number of times.
 */
public final class WriteBuffer implements Consumer {
    /** Above this, a push producer is paused. */
    public static final int HIGH_MARK = 64 * 1024;

    /** Small pieces are put together up to this size, so that a flood of lines is no flood of buffers and system calls. */
    private static final int CHUNK = 16 * 1024;

    private final Outlet outlet;
    private final CallbackRunner callbacks;
    private final String name;
    private final Deque<ByteBuffer> queue = new ArrayDeque<>();
    /** The last chunk of the queue, while there is room to add to it; its limit is what is filled. */
    private @Nullable ByteBuffer tail;

    private long queued;
    private @Nullable Producer producer;
    private boolean streaming;
    /** A push producer that was told to pause. */
    private boolean paused;
    /** A pull producer was asked for a piece that has not come. */
    private boolean asked;
    /** {@link #close} was called. */
    private boolean closing;
    /** The outlet was told of the end, or {@link #die} was called: nothing moves any more. */
    private boolean dead;

    private boolean wantsWritable;

    /**
     * An empty, open buffer.
     *
     * @param callbacks runs the producer's methods
     * @param name for reports: "standard input of /bin/cat"
     */
    public WriteBuffer(Outlet outlet, CallbackRunner callbacks, String name) {
        this.outlet = outlet;
        this.callbacks = callbacks;
        this.name = name;
    }

    public long queuedBytes() {
        return queued;
    }

    /** Whether {@link #write} still takes anything. A registered producer may write on after {@link #close}. */
    public boolean isOpen() {
        return !dead && (!closing || producer != null);
    }

    /** Whether nothing moves any more: all was written and the outlet told, or it died. */
    public boolean hasEnded() {
        return dead;
    }

    @Override
    public void write(ByteBuffer data) {
        if (!isOpen()) {
            return;
        }
        asked = false;
        if (queued == 0 && data.hasRemaining() && !tryWrite(data)) {
            return;
        }
        if (data.hasRemaining()) {
            enqueue(data);
        }
        pauseAboveMark();
        updateInterest();
    }

    @Override
    public void registerProducer(Producer newProducer, boolean isStreaming) {
        if (producer != null) {
            throw new IllegalStateException("the " + name + " has a producer already: " + producer);
        }
        if (dead || closing) {
            callbacks.guarded("stopProducing for the " + name, newProducer::stopProducing);
            return;
        }
        producer = newProducer;
        streaming = isStreaming;
        paused = false;
        asked = false;
        if (isStreaming) {
            pauseAboveMark();
        } else {
            askForPiece();
            updateInterest();
        }
    }

    @Override
    public void unregisterProducer() {
        producer = null;
        paused = false;
        asked = false;
        finishIfDone();
        updateInterest();
    }

    /** The outlet can take something. */
    public void writable() {
        while (!dead && !queue.isEmpty()) {
            ByteBuffer first = queue.element();
            int before = first.remaining();
            if (!tryWrite(first)) {
                return;
            }
            queued -= before - first.remaining();
            if (first.hasRemaining()) {
                return;
            }
            dropFirst();
        }
        emptied();
    }

    /** Takes nothing more (but from a registered producer), and finishes the outlet when all is written. Idempotent. */
    public void close() {
        closing = true;
        finishIfDone();
        updateInterest();
    }

    /** The descriptor is gone: drops what is queued and stops the producer. The outlet is told nothing. Idempotent. */
    public void die() {
        dead = true;
        closing = true;
        queue.clear();
        tail = null;
        queued = 0;
        Producer orphan = producer;
        producer = null;
        if (orphan != null) {
            callbacks.guarded("stopProducing for the " + name, orphan::stopProducing);
        }
    }

    private void emptied() {
        if (dead) {
            return;
        }
        Producer current = producer;
        if (current != null && streaming && paused) {
            paused = false;
            callbacks.guarded("resumeProducing for the " + name, current::resumeProducing);
        } else if (current != null && !streaming && !asked) {
            askForPiece();
        }
        finishIfDone();
        updateInterest();
    }

    private void askForPiece() {
        Producer current = producer;
        if (current != null && queued == 0) {
            asked = true;
            callbacks.guarded("resumeProducing for the " + name, current::resumeProducing);
        }
    }

    private void pauseAboveMark() {
        Producer current = producer;
        if (current != null && streaming && !paused && queued > HIGH_MARK) {
            paused = true;
            callbacks.guarded("pauseProducing for the " + name, current::pauseProducing);
        }
    }

    private void finishIfDone() {
        if (closing && !dead && queued == 0 && producer == null) {
            dead = true;
            outlet.finished();
        }
    }

    /** Interest in being writable: for what is queued, and for a pull producer's next piece, which is not asked for in its own call. */
    private void updateInterest() {
        boolean wanted = !dead && (queued > 0 || (producer != null && !streaming && !asked));
        if (wanted != wantsWritable && !dead) {
            wantsWritable = wanted;
            outlet.wantWritable(wanted);
        }
    }

    /** False if the outlet broke, or somebody else ended this meanwhile. */
    private boolean tryWrite(ByteBuffer data) {
        try {
            outlet.write(data);
            return !dead;
        } catch (IOException e) {
            die();
            outlet.broken(e);
            return false;
        }
    }

    private void enqueue(ByteBuffer data) {
        queued += data.remaining();
        ByteBuffer last = tail;
        if (last != null && data.remaining() <= last.capacity() - last.limit()) {
            int end = last.limit() + data.remaining();
            ByteBuffer room = last.duplicate().limit(end).position(last.limit());
            room.put(data);
            last.limit(end);
            return;
        }
        ByteBuffer chunk = ByteBuffer.allocate(Math.max(CHUNK, data.remaining()));
        chunk.put(data).flip();
        queue.add(chunk);
        tail = chunk;
    }

    private void dropFirst() {
        queue.remove();
        if (queue.isEmpty()) {
            tail = null;
        }
    }
}
