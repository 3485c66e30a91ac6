package dev.gantry.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** java.lang.ProcessBuilder, with threads where two streams are served at once. */
final class JdkPeer implements Peer {
    private static final int PIECE = 64 * 1024;

    private static Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command).start();
    }

    static long drain(InputStream in) throws IOException {
        byte[] buffer = new byte[PIECE];
        long all = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            all += count;
        }
        return all;
    }

    static void finish(Process process) throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("a program took too long");
        }
    }

    @Override
    public void run(List<String> command, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Process process = start(command);
            process.getOutputStream().close();
            drain(process.getInputStream());
            drain(process.getErrorStream());
            finish(process);
        }
    }

    @Override
    public long read(List<String> command) throws Exception {
        Process process = start(command);
        long all = drain(process.getInputStream());
        finish(process);
        return all;
    }

    @Override
    public void write(List<String> command, long bytes) throws Exception {
        Process process = start(command);
        byte[] piece = new byte[PIECE];
        try (OutputStream out = process.getOutputStream()) {
            for (long left = bytes; left > 0; left -= PIECE) {
                out.write(piece, 0, (int) Math.min(left, PIECE));
            }
        }
        finish(process);
    }

    @Override
    public Echo echo(List<String> command) throws Exception {
        Process process = start(command);
        OutputStream out = process.getOutputStream();
        InputStream in = process.getInputStream();
        return new Echo() {
            @Override
            public void roundTrip(byte[] message) throws Exception {
                out.write(message);
                out.flush();
                if (in.readNBytes(message.length).length != message.length) {
                    throw new IllegalStateException("no echo");
                }
            }

            @Override
            public void close() throws Exception {
                out.close();
                finish(process);
            }
        };
    }

    @Override
    public long converse(List<String> command, int programs, int bytes) throws Exception {
        AtomicLong all = new AtomicLong();
        List<Process> processes = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < programs; i++) {
            Process process = start(command);
            processes.add(process);
            threads.add(thread(() -> all.addAndGet(drain(process.getInputStream()))));
            threads.add(thread(() -> drain(process.getErrorStream())));
        }
        byte[] message = new byte[bytes];
        for (Process process : processes) {
            threads.add(thread(() -> {
                try (OutputStream out = process.getOutputStream()) {
                    out.write(message);
                }
                return 0L;
            }));
        }
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
        for (Process process : processes) {
            finish(process);
        }
        return all.get();
    }

    private static Thread thread(java.util.concurrent.Callable<Long> task) {
        Thread thread = new Thread(() -> {
            try {
                task.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
