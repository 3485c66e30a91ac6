package dev.gantry.adapter.dap;

import dev.gantry.launcher.PromptOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is queued for the client: whole frames, in order, gathered into segments that the {@code dap-writer} thread writes in one
 * call each.
 *
 * <p>The reactor appends, the writer takes; both under this object's monitor, and neither does I/O while it holds it that could wait.
 * A frame that is no output, or a big one of output, is written by the reactor itself while nothing is queued, as far as there is room for it:
 * an answer that has to wake the writer first comes later than it could, and a flood would wake it for each frame. Small output is left to
 * the writer, since it is gathered while that writes.
 *
 * <p>Nothing is ever dropped while the client lives. Output is bounded by those who feed it: they hold back while {@link #isOverMark()}, so
 * that some 390 KiB are queued at most. Of other messages, whoever makes them by himself holds them while {@link #isCrowded()};
 * answers are bounded by the requests. Segments are used again, so that memory stays flat however long the client does not read.
 */
final class Outbox {
    /**
     * At this much queued output, producers are paused. What is queued, and up to half a megabyte in a pipe to the client, goes before an event
     * that comes after it. With half of this a flood to a quick client takes longer: every other read pauses its producer.
     */
    static final int HIGH_MARK = 256 * 1024;
    /** At this much they go on: early enough that the writer does not run dry. */
    static final int LOW_MARK = 128 * 1024;

    /** With so much besides output queued, no more requests are read: a client that never reads its answers gets no further ones. */
    static final int CONTROL_LIMIT = 16 * 1024 * 1024;

    /** With so much, whoever has events should hold them: far enough below, so that requests are still read, a stop's above all. */
    static final int CROWDED = 4 * 1024 * 1024;

    /** So big a frame of output is no line that others could be gathered with. */
    static final int BIG_FRAME = 32 * 1024;

    static final int SEGMENT = OutputEvent.FRAME_LIMIT;
    private static final int SPARE_SEGMENTS = 6;

    /** Hears from the writer, on the reactor's thread. */
    interface Listener {
        /** Queued output has sunk to the low mark, after {@link #isOverMark()} was true. */
        void outputDrained();

        /** Nothing is queued any more, after {@link #isBusy()} was true. */
        void idle();

        /** The client does not take anything any more. Once. */
        void clientDead(IOException why);
    }

    /** Makes the stream to go on with. */
    interface NextStream {
        OutputStream open() throws IOException;
    }

    private record Waiter(long position, Runnable task) {}

    private final Executor reactor;
    private final Listener listener;

    // Guarded by this.
    private final Deque<Segment> queue = new ArrayDeque<>();
    private final Deque<byte[]> spare = new ArrayDeque<>();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private int queuedOutput;
    private long appended;
    private long written;
    private int segmentsMade;
    private boolean tellDrained;
    private boolean tellIdle;
    private boolean closing;
    private boolean dead;
    private @Nullable NextStream nextStream;
    /** The stream in use, if it can be written to without waiting. */
    private @Nullable PromptOutput prompt;

    private CompletableFuture<Void> switched = CompletableFuture.completedFuture(null);

    /** @param reactor where the listener and the waiters are called; may reject when it is closed */
    Outbox(Executor reactor, Listener listener) {
        this.reactor = reactor;
        this.listener = listener;
    }

    /** Sends a big frame of output, or queues what there is no room for now; a small one is queued. */
    synchronized void output(byte[] bytes, int from, int length) {
        int sent = length < BIG_FRAME ? 0 : sentAtOnce(bytes, from, length);
        if (queueRest(bytes, from, length, sent)) {
            queuedOutput += length - sent;
            queue.getLast().output += length - sent;
        }
    }

    /** Sends any other frame, or queues what there is no room for now. */
    synchronized void control(byte[] bytes, int from, int length) {
        queueRest(bytes, from, length, sentAtOnce(bytes, from, length));
    }

    private boolean queueRest(byte[] bytes, int from, int length, int sent) {
        boolean queued = sent < length && append(bytes, from + sent, length - sent);
        if (queued && sent > 0) {
            queue.getFirst().isRest = true;
        }
        return queued;
    }

    private int sentAtOnce(byte[] bytes, int from, int length) {
        PromptOutput out = prompt;
        if (out == null || dead || closing || nextStream != null || written < appended) {
            return 0;
        }
        int sent;
        try {
            sent = out.writeAvailable(bytes, from, length);
        } catch (IOException e) {
            // The writer finds the same, and tells.
            return 0;
        }
        appended += sent;
        written += sent;
        return sent;
    }

    /** Whether so much output is queued that no more should come; if so, the listener will hear when it has drained. */
    synchronized boolean isOverMark() {
        tellDrained = !dead && queuedOutput >= HIGH_MARK;
        return tellDrained;
    }

    /** Whether the writer still has something to write; if so, the listener will hear when it has not. */
    synchronized boolean isBusy() {
        tellIdle = !dead && written < appended;
        return tellIdle;
    }

    /** Whether more than {@link #CROWDED} besides output is queued. */
    synchronized boolean isCrowded() {
        return !dead && queuedBytes() - queuedOutput > CROWDED;
    }

    synchronized int queuedOutput() {
        return queuedOutput;
    }

    synchronized long queuedBytes() {
        return appended - written;
    }

    /** Waits while a client does not read its answers; false if it does not for so long. Not for the reactor's thread. */
    synchronized boolean awaitRoomForAnswers(Duration most) throws InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!dead && !closing && queuedBytes() - queuedOutput > CONTROL_LIMIT) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /** Whether the stream in use can be written to without waiting. */
    synchronized boolean isPrompt() {
        return prompt != null;
    }

    synchronized int segmentsMade() {
        return segmentsMade;
    }

    /** Runs a task on the reactor when all that is queued now was written, or will never be. */
    synchronized void whenFlushed(Runnable task) {
        if (dead || written == appended) {
            post(task);
        } else {
            waiters.add(new Waiter(appended, task));
        }
    }

    /** No more frames; the writer ends once all is written. */
    synchronized void close() {
        closing = true;
        notifyAll();
    }

    /**
     * Lets the writer go on with another stream, from a frame's start.
     *
     * @param stream called on the writer's thread when nothing is being written; if it fails, the old stream stays
     * @return completed when the writer will not touch the old stream any more, or with what was thrown
     */
    synchronized CompletableFuture<Void> switchTo(NextStream stream) {
        if (dead || (closing && queue.isEmpty())) {
            return CompletableFuture.completedFuture(null);
        }
        nextStream = stream;
        switched = new CompletableFuture<>();
        notifyAll();
        return switched;
    }

    /** The writer's thread: writes until closed or dead. Returns the stream in use at the end. */
    OutputStream run(OutputStream first) {
        OutputStream stream = first;
        try {
            for (Optional<Segment> next = take(); next.isPresent(); next = take()) {
                Segment segment = next.get();
                if (!segment.isRest) {
                    stream = newest(stream);
                }
                stream.write(segment.bytes, 0, segment.length);
                stream.flush();
                done(segment);
            }
        } catch (IOException e) {
            die(e);
        } catch (InterruptedException e) {
            die(new IOException("interrupted", e));
        } catch (RuntimeException e) {
            die(new IOException("the stream failed: " + e, e));
        }
        end();
        return stream;
    }

    private synchronized Optional<Segment> take() throws InterruptedException {
        while (queue.isEmpty() && !closing) {
            if (nextStream != null) {
                return Optional.of(new Segment(new byte[0]));
            }
            wait();
        }
        return Optional.ofNullable(queue.poll());
    }

    private OutputStream newest(OutputStream current) {
        NextStream wanted;
        CompletableFuture<Void> told;
        synchronized (this) {
            wanted = nextStream;
            nextStream = null;
            told = switched;
        }
        if (wanted == null) {
            return current;
        }
        try {
            OutputStream next = wanted.open();
            synchronized (this) {
                prompt = next instanceof PromptOutput able ? able : null;
            }
            told.complete(null);
            return next;
        } catch (IOException | RuntimeException e) {
            told.completeExceptionally(e);
            return current;
        }
    }

    private synchronized void done(Segment segment) {
        written += segment.length;
        queuedOutput -= segment.output;
        if (segment.bytes.length == SEGMENT && spare.size() < SPARE_SEGMENTS) {
            spare.push(segment.bytes);
        }
        if (tellDrained && queuedOutput <= LOW_MARK) {
            tellDrained = false;
            post(listener::outputDrained);
        }
        if (tellIdle && written == appended) {
            tellIdle = false;
            post(listener::idle);
        }
        tellWaiters();
        notifyAll();
    }

    private synchronized void die(IOException why) {
        dead = true;
        post(() -> listener.clientDead(why));
    }

    /** Whatever ended the writer: nobody waits for it any longer, and its memory is given back. */
    private void end() {
        CompletableFuture<Void> told;
        synchronized (this) {
            dead = true;
            queue.clear();
            spare.clear();
            queuedOutput = 0;
            written = appended;
            tellWaiters();
            notifyAll();
            told = switched;
        }
        told.complete(null);
    }

    private void tellWaiters() {
        while (!waiters.isEmpty() && waiters.getFirst().position <= written) {
            post(waiters.remove().task);
        }
    }

    private boolean append(byte[] bytes, int from, int length) {
        if (dead || closing) {
            return false;
        }
        Segment tail = queue.peekLast();
        if (tail == null || tail.room() < length) {
            tail = new Segment(room(length));
            queue.add(tail);
            notifyAll();
        }
        tail.add(bytes, from, length);
        appended += length;
        return true;
    }

    private byte[] room(int length) {
        byte[] used = length > SEGMENT ? null : spare.poll();
        if (used != null) {
            return used;
        }
        segmentsMade++;
        return new byte[Math.max(length, SEGMENT)];
    }

    private void post(Runnable task) {
        try {
            reactor.execute(task);
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // The reactor is closed: nobody is left who could want to know.
            return;
        }
    }

    /** Whole frames. Filled by the reactor while queued, then the writer's. */
    private static final class Segment {
        final byte[] bytes;
        int length;
        int output;
        /** Begins with the rest of a frame: the stream that has the beginning gets it. */
        boolean isRest;

        Segment(byte[] bytes) {
            this.bytes = bytes;
        }

        int room() {
            return bytes.length - length;
        }

        void add(byte[] from, int start, int count) {
            System.arraycopy(from, start, bytes, length, count);
            length += count;
        }
    }
}
