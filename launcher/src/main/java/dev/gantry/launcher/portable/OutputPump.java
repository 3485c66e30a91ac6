package dev.gantry.launcher.portable;

import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.ProcessLifecycle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads one of the child's outputs on a thread of its own, "portable-out-PID" or "portable-err-PID", one piece at a time: the
 * next is read when the loop has delivered the last, so that a pause is felt by the child and at most one piece waits here.
 *
 * <p>The pump's thread owns the stream and closes it. The other methods are the loop's; what both touch is guarded by {@link
 * #lock}. A close while the thread is blocked in its read is told at once, and the stream is closed when that read returns:
 * there is no way to wake it.
 */
final class OutputPump {
    private static final int PIECE = 64 * 1024;

    /**
     * How often, and how long each time, {@link #drain} waits for a piece that may be in the pipe: several times, since where the processors
     * are busy each wait lasts longer than it should, as the pump's thread is late too.
     */
    private static final int DRAIN_WAITS = 5;

    private static final long DRAIN_WAIT_MILLIS = 2;

    /** The most that one {@link #drain} delivers: what a pipe holds at the most. */
    private static final int DRAIN_BYTES = 1 << 20;

    private enum State {
        /** The thread reads. */
        READING,
        /** A piece waits for the loop. */
        FULL,
        /** The loop is delivering it: a drain from within that delivery finds nothing. */
        DELIVERING,
        /** The thread met the end of file, or an error. */
        AT_END
    }

    private final int childFd;
    private final InputStream stream;
    private final EventLoop loop;
    private final ProcessLifecycle lifecycle;
    private final FirstReader reader;
    private final String name;
    private final byte[] piece = new byte[PIECE];
    private final Object lock = new Object();
    /** Guarded by lock, as the next two. */
    private State state = State.READING;

    private int length;
    private boolean closed;
    /** Confined to the loop's thread. */
    private boolean paused;

    OutputPump(int childFd, Process process, FirstReader reader, EventLoop loop, ProcessLifecycle lifecycle) {
        this.childFd = childFd;
        this.stream = childFd == 1 ? process.getInputStream() : process.getErrorStream();
        this.loop = loop;
        this.lifecycle = lifecycle;
        this.reader = reader;
        this.name = (childFd == 1 ? "portable-out-" : "portable-err-") + process.pid();
    }

    void start() {
        if (reader.reads(childFd)) {
            reader.continueWith(this::run);
        } else {
            Thread thread = new Thread(this::run, name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    void pause() {
        paused = true;
    }

    void resume() {
        if (paused) {
            paused = false;
            deliver();
        }
    }

    /** Delivers what the child has written, paused or not; waits a moment for what may be on its way. */
    void drain() {
        int delivered = 0;
        while (delivered < DRAIN_BYTES && awaitPiece()) {
            delivered += takePiece();
        }
    }

    /** Reads no more, and tells that the descriptor is lost. Idempotent. */
    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        lifecycle.connectionLost(childFd);
    }

    private void run() {
        Thread.currentThread().setName(name);
        // Keeps the JDK from draining and closing it at the child's exit: see FirstReader.
        synchronized (stream) {
            pumpUntilEnd();
        }
        try {
            stream.close();
        } catch (IOException ignored) {
            // Nothing was to be written by it.
        }
    }

    private void pumpUntilEnd() {
        boolean more = true;
        while (more) {
            int count;
            try {
                count = stream.read(piece);
            } catch (IOException broken) {
                count = -1;
            }
            more = handOver(count) && awaitDelivery();
        }
    }

    /** False if nothing more is to be read. */
    private boolean handOver(int count) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            state = count < 0 ? State.AT_END : State.FULL;
            length = Math.max(count, 0);
            lock.notifyAll();
        }
        try {
            loop.execute(this::deliver);
        } catch (RejectedExecutionException reactorClosed) {
            return false;
        }
        return count >= 0;
    }

    private boolean awaitDelivery() {
        synchronized (lock) {
            while ((state == State.FULL || state == State.DELIVERING) && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException nobodyDoes) {
                    return false;
                }
            }
            return !closed;
        }
    }

    private void deliver() {
        if (!paused) {
            takePiece();
            boolean atEnd;
            synchronized (lock) {
                atEnd = state == State.AT_END;
            }
            if (atEnd) {
                lifecycle.connectionLost(childFd);
            }
        }
    }

    /** How many bytes were delivered. */
    private int takePiece() {
        int count;
        synchronized (lock) {
            if (state != State.FULL || closed) {
                return 0;
            }
            count = length;
            state = State.DELIVERING;
        }
        lifecycle.dataReceived(childFd, ByteBuffer.wrap(piece, 0, count).slice().asReadOnlyBuffer());
        synchronized (lock) {
            state = State.READING;
            lock.notifyAll();
        }
        return count;
    }

    private boolean awaitPiece() {
        synchronized (lock) {
            for (int waits = 0; waits < DRAIN_WAITS && state == State.READING && !closed; waits++) {
                try {
                    lock.wait(DRAIN_WAIT_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return state == State.FULL && !closed;
        }
    }
}
