package dev.gantry.benchmarks;

import com.zaxxer.nuprocess.NuAbstractProcessHandler;
import com.zaxxer.nuprocess.NuProcess;
import com.zaxxer.nuprocess.NuProcessBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** com.zaxxer:nuprocess, of the version on the class path. */
final class NuProcessPeer implements Peer {
    /** Counts what comes, and writes what is wanted. */
    private static class Counting extends NuAbstractProcessHandler {
        final AtomicLong bytes = new AtomicLong();
        final CountDownLatch ended = new CountDownLatch(1);
        NuProcess process;
        long left;

        @Override
        public void onStart(NuProcess started) {
            process = started;
        }

        @Override
        public void onStdout(ByteBuffer buffer, boolean closed) {
            bytes.addAndGet(buffer.remaining());
            buffer.position(buffer.limit());
        }

        @Override
        public boolean onStdinReady(ByteBuffer buffer) {
            int count = (int) Math.min(left, buffer.capacity());
            buffer.clear();
            buffer.position(count);
            buffer.flip();
            left -= count;
            if (left == 0) {
                process.closeStdin(false);
            }
            return left > 0;
        }

        @Override
        public void onExit(int status) {
            ended.countDown();
        }
    }

    private static NuProcess start(Counting handler, List<String> command) {
        NuProcess process = new NuProcessBuilder(handler, command).start();
        if (process == null) {
            throw new IllegalStateException("not started: " + command);
        }
        return process;
    }

    private static long finish(Counting handler) throws InterruptedException {
        Peer.await(handler.ended, "a program");
        return handler.bytes.get();
    }

    @Override
    public long read(List<String> command) throws Exception {
        Counting handler = new Counting();
        start(handler, command);
        return finish(handler);
    }

    @Override
    public void write(List<String> command, long bytes) throws Exception {
        Counting handler = new Counting();
        handler.left = bytes;
        start(handler, command).wantWrite();
        finish(handler);
    }

    @Override
    public Echo echo(List<String> command) throws Exception {
        Semaphore come = new Semaphore(0);
        Counting handler = new Counting() {
            @Override
            public void onStdout(ByteBuffer buffer, boolean closed) {
                come.release(buffer.remaining());
                buffer.position(buffer.limit());
            }
        };
        NuProcess process = start(handler, command);
        return new Echo() {
            @Override
            public void roundTrip(byte[] message) throws Exception {
                process.writeStdin(ByteBuffer.wrap(message));
                if (!come.tryAcquire(message.length, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no echo");
                }
            }

            @Override
            public void close() throws Exception {
                process.closeStdin(false);
                finish(handler);
            }
        };
    }

    @Override
    public long converse(List<String> command, int programs, int bytes) throws Exception {
        List<Counting> handlers = new ArrayList<>();
        List<NuProcess> processes = new ArrayList<>();
        for (int i = 0; i < programs; i++) {
            Counting handler = new Counting();
            handler.left = bytes;
            handlers.add(handler);
            processes.add(start(handler, command));
        }
        processes.forEach(NuProcess::wantWrite);
        long all = 0;
        for (Counting handler : handlers) {
            all += finish(handler);
        }
        return all;
    }
}
