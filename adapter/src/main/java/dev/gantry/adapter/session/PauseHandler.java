package dev.gantry.adapter.session;

import java.io.IOException;

/** {@code pause}: SIGSTOP to the program's group. */
final class PauseHandler implements Handler {
    private final Session session;
    private final Client client;

    PauseHandler(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        request.checkThread();
        session.run().target().pause();
        reply.success(null);
        client.event(
                "stopped",
                Bodies.object(
                        "reason",
                        "pause",
                        "description",
                        "Paused by SIGSTOP",
                        "threadId",
                        Run.THREAD_ID,
                        "allThreadsStopped",
                        true));
    }
}
