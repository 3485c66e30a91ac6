package dev.gantry.benchmarks;

import dev.gantry.launcher.Backends;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The transport of this project; processes are kept by the guardian, as always. */
final class GantryPeer implements Peer {
    private static final int PIECE = 64 * 1024;

    private final Reactor reactor;

    GantryPeer() throws Exception {
        reactor = Backends.best().open(ReactorOptions.defaults());
        reactor.warmUp();
    }

    /** Counts what comes, and tells the end. */
    private static class Counting implements ProcessProtocol {
        final AtomicLong bytes = new AtomicLong();
        final CountDownLatch ended = new CountDownLatch(1);

        @Override
        public void outReceived(ByteBuffer data) {
            bytes.addAndGet(data.remaining());
        }

        @Override
        public void processEnded(ExitReason reason) {
            ended.countDown();
        }
    }

    @Override
    public void run(List<String> command, int times) throws Exception {
        SpawnRequest request = SpawnRequest.of(command);
        CompletableFuture<Void> all = new CompletableFuture<>();
        reactor.execute(() -> runNext(request, times, all));
        all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void runNext(SpawnRequest request, int left, CompletableFuture<Void> all) {
        if (left == 0) {
            all.complete(null);
            return;
        }
        try {
            reactor.spawnProcess(
                    new ProcessProtocol() {
                        @Override
                        public void processEnded(ExitReason reason) {
                            runNext(request, left - 1, all);
                        }
                    },
                    request);
        } catch (Exception e) {
            all.completeExceptionally(e);
        }
    }

    private long finish(Counting protocol) throws InterruptedException {
        Peer.await(protocol.ended, "a program");
        return protocol.bytes.get();
    }

    @Override
    public long read(List<String> command) throws Exception {
        Counting protocol = new Counting();
        reactor.spawnProcess(protocol, SpawnRequest.of(command));
        return finish(protocol);
    }

    @Override
    public void write(List<String> command, long bytes) throws Exception {
        Counting protocol = new Counting();
        ProcessTransport transport = reactor.spawnProcess(protocol, SpawnRequest.of(command));
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        reactor.call(() -> {
            transport.registerProducer(
                    new Producer() {
                        private long left = bytes;

                        @Override
                        public void resumeProducing() {
                            int count = (int) Math.min(left, PIECE);
                            left -= count;
                            transport.write(piece.duplicate().limit(count));
                            if (left == 0) {
                                transport.unregisterProducer();
                                transport.closeStdin();
                            }
                        }

                        @Override
                        public void pauseProducing() {}

                        @Override
                        public void stopProducing() {}
                    },
                    false);
            return null;
        });
        finish(protocol);
    }

    @Override
    public Echo echo(List<String> command) throws Exception {
        Semaphore come = new Semaphore(0);
        Counting protocol = new Counting() {
            @Override
            public void outReceived(ByteBuffer data) {
                come.release(data.remaining());
            }
        };
        ProcessTransport transport = reactor.spawnProcess(protocol, SpawnRequest.of(command));
        return new Echo() {
            @Override
            public void roundTrip(byte[] message) throws Exception {
                reactor.execute(() -> transport.write(ByteBuffer.wrap(message)));
                if (!come.tryAcquire(message.length, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no echo");
                }
            }

            @Override
            public void close() throws Exception {
                reactor.execute(transport::closeStdin);
                finish(protocol);
            }
        };
    }

    @Override
    public long converse(List<String> command, int programs, int bytes) throws Exception {
        List<Counting> protocols = new ArrayList<>();
        List<ProcessTransport> transports = new ArrayList<>();
        for (int i = 0; i < programs; i++) {
            Counting protocol = new Counting();
            protocols.add(protocol);
            transports.add(reactor.spawnProcess(protocol, SpawnRequest.of(command)));
        }
        byte[] message = new byte[bytes];
        reactor.execute(() -> transports.forEach(transport -> {
            transport.write(ByteBuffer.wrap(message));
            transport.closeStdin();
        }));
        long all = 0;
        for (Counting protocol : protocols) {
            all += finish(protocol);
        }
        return all;
    }

    @Override
    public void close() {
        reactor.close();
    }
}
