package dev.gantry.adapter.dap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The client's end of a stream: takes a write only when it is allowed to, or breaks. */
class SlowClient extends OutputStream {
    private final Semaphore allowed = new Semaphore(0);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    private volatile boolean broken;
    private volatile boolean closed;
    private final AtomicInteger writes = new AtomicInteger();

    /** Takes so many writes more. */
    void take(int count) {
        allowed.release(count);
    }

    void takeAll() {
        allowed.release(1_000_000);
    }

    void breakDown() {
        broken = true;
        takeAll();
    }

    synchronized byte[] taken() {
        return taken.toByteArray();
    }

    synchronized void keep(byte[] bytes, int from, int length) {
        taken.write(bytes, from, length);
    }

    int writes() {
        return writes.get();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        allowed.acquireUninterruptibly();
        if (broken) {
            throw new IOException("Broken pipe");
        }
        keep(bytes, from, length);
        writes.incrementAndGet();
    }

    @Override
    public void close() {
        closed = true;
    }
}
