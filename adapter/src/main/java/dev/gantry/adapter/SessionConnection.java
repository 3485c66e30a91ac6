package dev.gantry.adapter;

import dev.gantry.adapter.dap.DapConnection;
import dev.gantry.adapter.dap.FirstBytes;
import dev.gantry.adapter.session.Session;
import dev.gantry.adapter.session.TokenGate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** A client's connection and its session. Ended by the session. */
record SessionConnection(
        DapConnection dap,
        CompletableFuture<Session> session,
        CompletableFuture<Void> abandoned,
        Foundation foundation) {
    private static final Duration LAST_WRITE = Duration.ofSeconds(3);

    static SessionConnection open(
            Foundation foundation, DapConnection.Streams streams, FirstBytes first, TokenGate gate) {
        CompletableFuture<Session> session = new CompletableFuture<>();
        CompletableFuture<Void> abandoned = new CompletableFuture<>();
        Runnable onClosed =
                () -> foundation.reactor().callLater(LAST_WRITE, () -> giveUp(streams, abandoned, foundation));
        DapConnection dap = DapConnection.open(
                streams,
                first,
                foundation.reactor(),
                client -> {
                    Session made = foundation.session(client, gate, onClosed);
                    session.complete(made);
                    return made;
                },
                foundation.trace());
        return new SessionConnection(dap, session, abandoned, foundation);
    }

    /** A writer that is still at it is stuck in a client that does not read: closing a socket frees it, the process's end a pipe. */
    private static void giveUp(
            DapConnection.Streams streams, CompletableFuture<Void> abandoned, Foundation foundation) {
        if (abandoned.complete(null)) {
            try {
                streams.out().close();
            } catch (IOException e) {
                foundation.trace().note("closing the client's stream failed: " + e);
            }
        }
    }

    /** Ends the session, its target by the stop ladder. Any thread may call. */
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

    /** Returns when both streams are closed, or the session has ended and the client does not take what is left for it. */
    void awaitEnd() {
        CompletableFuture.anyOf(dap.closed(), abandoned).join();
    }
}
