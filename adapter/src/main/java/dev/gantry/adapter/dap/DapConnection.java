package dev.gantry.adapter.dap;

import com.google.gson.JsonObject;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.Endpoint;
import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one client: two threads ({@code dap-reader}, {@code dap-writer}) around the streams, and the session's
 * {@link Client} on the reactor. The session closes it by {@link Client#close()}; when the writer has ended, both streams are
 * closed and {@link #closed()} completes.
 *
 * <p>Of the reactor it uses execute, callLater and inReactorThread only.
 */
public final class DapConnection {
    private final Reactor reactor;
    private final Trace trace;
    private final Outbox outbox;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    // Confined to the reactor.
    private @Nullable WireClient client;
    private @Nullable Inbox inbox;

    /** The two directions of the stream to a client; closed by the connection. */
    public record Streams(InputStream in, OutputStream out) {}

    private DapConnection(Reactor reactor, Trace trace) {
        this.reactor = reactor;
        this.trace = trace;
        this.outbox = new Outbox(reactor, new WriterListener());
    }

    /**
     * Starts both threads.
     *
     * @param first what was read of {@code streams.in()} before
     * @param endpoint makes the session; called on the reactor's thread, before any message
     * @param intake what the client's messages may take
     */
    public static DapConnection open(
            Streams streams,
            FirstBytes first,
            Reactor reactor,
            Function<Client, Endpoint> endpoint,
            Intake intake,
            Trace trace) {
        DapConnection connection = new DapConnection(reactor, trace);
        connection.startWriter(streams);
        reactor.execute(() -> {
            try {
                connection.start(streams, first, endpoint, intake);
            } catch (RuntimeException | Error e) {
                trace.fault("the start of the session", e);
                connection.startFailed();
            }
        });
        return connection;
    }

    /**
     * Goes on writing to another stream, which is closed in the end instead of the first one; the first is left alone. Any thread
     * may call.
     *
     * @param stream makes it; called on the writer's thread between two frames, so that it may change what the first stream writes
     *     to. If it fails, the trace says so and the first stream stays
     * @return completed when the first stream will not be written to any more, or stays
     */
    public CompletableFuture<Void> switchOutput(Callable<OutputStream> stream) {
        return outbox.switchTo(() -> open(stream)).exceptionally(error -> {
            trace.note("the output stays on its first stream: " + error);
            return null;
        });
    }

    private static OutputStream open(Callable<OutputStream> stream) throws IOException {
        try {
            return stream.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Loads, on the calling thread, what the first messages need: beside the start of a reactor it costs no time. */
    public static void warmUp() {
        MessageParser.parse(
                "{\"seq\":1,\"type\":\"request\",\"command\":\"threads\"}".getBytes(StandardCharsets.UTF_8));
        new MessageEncoder().event(1, "warmUp", new JsonObject());
    }

    /** Completed when all was written, or could not be, and the streams are closed. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    /** Output events queued and not yet written, in bytes; for diagnosis. Any thread may call. */
    public int queuedOutput() {
        return outbox.queuedOutput();
    }

    private void startFailed() {
        if (inbox != null) {
            inbox.gone("its messages cannot be read");
        }
        outbox.close();
    }

    private void start(Streams streams, FirstBytes first, Function<Client, Endpoint> endpoint, Intake intake) {
        Sequence sequence = new Sequence(first.answered() ? 1 : 0);
        OutputPort output = new OutputPort(outbox, sequence, reactor, trace);
        ReverseRequests reverse = new ReverseRequests(trace);
        WireClient made = new WireClient(outbox, output, sequence, reverse, trace);
        client = made;
        Inbox box = new Inbox(endpoint.apply(made), made, reverse, first.answered(), trace);
        inbox = box;
        daemon("dap-reader", new ClientReader(streams.in(), first.bytes(), reactor, outbox, box, intake, trace));
    }

    private void startWriter(Streams streams) {
        daemon("dap-writer", () -> {
            OutputStream last = outbox.run(streams.out());
            close("output", last);
            close("input", streams.in());
            closed.complete(null);
        });
    }

    private void close(String which, AutoCloseable stream) {
        try {
            stream.close();
        } catch (Exception e) {
            trace.note("closing the client's " + which + " failed: " + e);
        }
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Called on the reactor's thread. */
    private final class WriterListener implements Outbox.Listener {
        @Override
        public void outputDrained() {
            if (client != null) {
                client.outputDrained();
            }
        }

        @Override
        public void idle() {
            if (client != null) {
                client.outputIdle();
            }
        }

        @Override
        public void clientDead(IOException why) {
            String told = "writing to the client failed: " + why.getMessage();
            if (client != null) {
                client.dead(told);
            }
            if (inbox != null) {
                inbox.gone(told);
            }
        }
    }
}
