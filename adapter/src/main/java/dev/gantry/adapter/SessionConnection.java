package dev.gantry.adapter;

import dev.gantry.adapter.dap.DapConnection;
import dev.gantry.adapter.dap.FirstBytes;
import dev.gantry.adapter.dap.Intake;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.Session;
import dev.gantry.adapter.session.TokenGate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** A client's connection and its session. Ended by the session. Any thread may use it. */
final class SessionConnection {
    /** After the session, which has waited for its last words to be taken: for those of a connection that is refused. */
    private static final Duration LAST_WRITE = Duration.ofMillis(500);

    private final Foundation foundation;
    private final DapConnection.Streams streams;
    private final CompletableFuture<Session> session = new CompletableFuture<>();
    /** Nothing of the session is left: its target has ended or was let go. */
    private final CompletableFuture<Void> sessionClosed = new CompletableFuture<>();

    private final CompletableFuture<Void> abandoned = new CompletableFuture<>();
    private final DapConnection dap;
    private final CompletableFuture<Void> ended;

    private SessionConnection(
            Foundation foundation, DapConnection.Streams streams, FirstBytes first, TokenGate gate, Intake intake) {
        this.foundation = foundation;
        this.streams = streams;
        this.dap = DapConnection.open(
                streams, first, foundation.reactor(), client -> session(client, gate), intake, foundation.trace());
        // A client that is gone closes its streams long before its target has ended: both must be over.
        this.ended = sessionClosed.thenCompose(
                nothing -> CompletableFuture.anyOf(dap.closed(), abandoned).thenAccept(any -> {}));
    }

    static SessionConnection open(
            Foundation foundation, DapConnection.Streams streams, FirstBytes first, TokenGate gate, Intake intake) {
        return new SessionConnection(foundation, streams, first, gate, intake);
    }

    private Session session(Client client, TokenGate gate) {
        try {
            Session made = foundation.session(client, gate, this::closed);
            session.complete(made);
            return made;
        } catch (RuntimeException | LinkageError e) {
            sessionClosed.complete(null);
            throw e;
        }
    }

    /** On the reactor's thread. */
    private void closed() {
        sessionClosed.complete(null);
        foundation.reactor().callLater(LAST_WRITE, this::giveUp);
    }

    /** A writer that is still at it is stuck in a client that does not read: closing a socket frees it, the process's end a pipe. */
    private void giveUp() {
        if (abandoned.complete(null)) {
            try {
                streams.out().close();
            } catch (IOException e) {
                foundation.trace().note("closing the client's stream failed: " + e);
            }
        }
    }

    /** Ends the session, its target by the stop ladder. */
    void shutDown(String why) {
        try {
            foundation.reactor().execute(() -> {
                if (session.isDone() && !session.isCompletedExceptionally()) {
                    session.join().shutDown(why);
                }
            });
        } catch (RejectedExecutionException e) {
            foundation.trace().note("nothing is left to shut down: " + why);
        }
    }

    DapConnection dap() {
        return dap;
    }

    /**
     * Completed when nothing of the session is left, and both streams are closed or the client does not take what is left for it.
     */
    CompletableFuture<Void> ended() {
        return ended.copy();
    }
}
