package dev.gantry.launcher.portable;

import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.Outlet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;

/**
 * Writes to the child's standard input on a thread of its own, "portable-in-PID", which starts with the first piece. It takes
 * one piece at a time; the rest stays in the {@link dev.gantry.launcher.engine.WriteBuffer}.
 *
 * <p>The stream is the pump's thread's once that runs, and closed by it; before, by the loop. The other methods are the loop's;
 * what both touch is guarded by {@link #lock}. An abandoned write that is blocked goes on until the child reads or ends:
 * there is no way to wake it.
 */
final class InputPump implements Outlet {
    private static final int PIECE = 64 * 1024;

    /** What the loop hears of the pump, on its own thread. */
    interface Listener {
        /** There is room for a piece. */
        void writable();

        /** All was written and the stream is closed, or nothing can be written any more. */
        void ended();
    }

    private final OutputStream stream;
    private final EventLoop loop;
    private final Listener listener;
    private final Thread thread;
    private final byte[] piece = new byte[PIECE];
    private final Object lock = new Object();
    /** Bytes of the piece that the thread has yet to write; 0 is room for the next. Guarded by lock, as the next two. */
    private int pending;

    private boolean finishing;
    private boolean abandoned;
    /** Confined to the loop's thread, as the next one. */
    private boolean started;

    private boolean wanted;

    InputPump(Process process, EventLoop loop, Listener listener) {
        this.stream = process.getOutputStream();
        this.loop = loop;
        this.listener = listener;
        this.thread = new Thread(this::run, "portable-in-" + process.pid());
        thread.setDaemon(true);
    }

    /** Bytes taken and not yet written. */
    int pendingBytes() {
        synchronized (lock) {
            return abandoned ? 0 : pending;
        }
    }

    @Override
    public void write(ByteBuffer data) {
        synchronized (lock) {
            if (pending > 0 || abandoned || finishing) {
                return;
            }
            pending = Math.min(data.remaining(), PIECE);
            data.get(piece, 0, pending);
            lock.notifyAll();
        }
        if (!started) {
            started = true;
            thread.start();
        }
    }

    @Override
    public void wantWritable(boolean isWanted) {
        wanted = isWanted;
        if (isWanted) {
            post(this::tellIfWritable);
        }
    }

    @Override
    public void finished() {
        synchronized (lock) {
            finishing = true;
            lock.notifyAll();
        }
        if (!started) {
            closeStream();
            listener.ended();
        }
    }

    /** Never called: {@link #write} does not throw. */
    @Override
    public void broken(IOException cause) {
        throw new IllegalStateException(cause);
    }

    /** Drops what waits and closes as soon as that is possible. Tells nothing. Idempotent. */
    void abandon() {
        synchronized (lock) {
            abandoned = true;
            lock.notifyAll();
        }
        if (!started) {
            closeStream();
        }
    }

    private void tellIfWritable() {
        boolean room;
        synchronized (lock) {
            room = pending == 0 && !abandoned && !finishing;
        }
        if (room && wanted) {
            listener.writable();
            // Wanted still, though nothing was written: a piece may come with the next turn.
            if (wanted && pendingBytes() == 0) {
                post(this::tellIfWritable);
            }
        }
    }

    private void run() {
        try {
            while (awaitPiece()) {
                stream.write(piece, 0, piecesLength());
                stream.flush();
                synchronized (lock) {
                    pending = 0;
                }
                post(this::tellIfWritable);
            }
        } catch (IOException broken) {
            // The child has closed its end: the listener treats both ends alike.
        }
        closeStream();
        post(listener::ended);
    }

    private int piecesLength() {
        synchronized (lock) {
            return pending;
        }
    }

    private boolean awaitPiece() {
        synchronized (lock) {
            while (pending == 0 && !finishing && !abandoned) {
                try {
                    lock.wait();
                } catch (InterruptedException nobodyDoes) {
                    return false;
                }
            }
            return pending > 0 && !abandoned;
        }
    }

    private void closeStream() {
        try {
            stream.close();
        } catch (IOException childGone) {
            // What could not be flushed has nobody to read it.
        }
    }

    private void post(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException reactorClosed) {
            // Nobody is left to tell.
        }
    }
}
