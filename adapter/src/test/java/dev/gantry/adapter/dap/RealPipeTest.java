package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.Endpoint;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import dev.gantry.adapter.session.Reply;
import dev.gantry.launcher.Producer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The connection over pipes of the system, with a process as the client. */
class RealPipeTest {
    private final ThreadReactor reactor = new ThreadReactor();
    private final CompletableFuture<Client> client = new CompletableFuture<>();
    private final List<String> heard = new ArrayList<>();
    private @Nullable Process process;

    @AfterEach
    void leavesNothingBehind() throws Exception {
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        client.get().close();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("dap-")));
        reactor.close();
    }

    @Test
    void aClientThatClosedItsEndIsToldOnce() throws Exception {
        Process shell = start("sh", "-c", "exec 0<&-; echo; exec sleep 1000");
        assertThat(shell.getInputStream().read()).isEqualTo('\n');
        connect(shell);
        reactor.call(() -> {
            client.get().event("x", null);
            client.get().event("y", null);
            return true;
        });

        await().until(() -> reactor.call(() -> !heard.isEmpty()));
        reactor.execute(() -> client.join().event("z", null));
        assertThat(reactor.call(() -> List.copyOf(heard)))
                .containsExactly("gone: writing to the client failed: Broken pipe");
    }

    @Test
    void theDeathOfTheClientIsTold() throws Exception {
        Process cat = start("cat");
        connect(cat);
        reactor.execute(() -> client.join().event("echoed", null));
        await().until(() -> reactor.call(() -> !heard.isEmpty()));
        cat.destroyForcibly().waitFor();

        await().until(() -> reactor.call(() -> heard.size() == 2));
        assertThat(heard)
                .containsExactly(
                        "broken: the client sent an event; only an adapter sends events",
                        "gone: the client closed its stream");
    }

    @Test
    void aFloodReachesASlowClientWholeAndIsHeldBackMeanwhile() throws Exception {
        int chunks = 400;
        byte[] chunk = ("0123456789".repeat(9) + "\n").repeat(700).getBytes(UTF_8);
        Process counter = start("sh", "-c", "head -c 100000 >/dev/null; exec cat >/dev/null");
        DapConnection connection = connect(counter);
        AtomicLong peak = new AtomicLong();
        CompletableFuture<Void> flushed = new CompletableFuture<>();
        reactor.execute(() -> {
            OutputChannel channel = client.join().outputChannel(new OutputFormat("stdout", UTF_8, false, false));
            channel.registerProducer(
                    new Flood(chunks, () -> {
                        channel.write(ByteBuffer.wrap(chunk));
                        peak.accumulateAndGet(connection.queuedOutput(), Math::max);
                    }) {
                        @Override
                        void ended() {
                            channel.unregisterProducer();
                            client.join().whenFlushed(() -> flushed.complete(null));
                        }
                    },
                    false);
        });

        flushed.get(60, TimeUnit.SECONDS);
        assertThat(peak.get()).isBetween(1L, Outbox.HIGH_MARK + 128L * 1024);
    }

    private Process start(String... command) throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process = started;
        return started;
    }

    private DapConnection connect(Process peer) throws Exception {
        DapConnection.Streams streams = new DapConnection.Streams(peer.getInputStream(), peer.getOutputStream());
        DapConnection connection = DapConnection.open(
                streams, FirstBytes.none(), reactor, this::session, Intake.forOne(), new RecordingTrace());
        client.get(10, TimeUnit.SECONDS);
        return connection;
    }

    private Endpoint session(Client made) {
        client.complete(made);
        return new Endpoint() {
            @Override
            public void request(
                    int seq, String command, JsonObject arguments, @Nullable String malformed, Reply reply) {
                heard.add(command);
            }

            @Override
            public void brokenMessage(String why) {
                heard.add("broken: " + why);
            }

            @Override
            public void clientGone(String why) {
                heard.add("gone: " + why);
            }
        };
    }

    /** Writes a number of pieces, each when it is asked for. */
    private abstract static class Flood implements Producer {
        private final Runnable piece;
        private int left;

        Flood(int pieces, Runnable piece) {
            this.left = pieces;
            this.piece = piece;
        }

        abstract void ended();

        @Override
        public void resumeProducing() {
            if (left-- > 0) {
                piece.run();
            } else {
                ended();
            }
        }

        @Override
        public void stopProducing() {}
    }
}
