package dev.gantry.adapter.session;

import java.io.IOException;

/** {@code continue}: SIGCONT to the program's group. */
final class ContinueHandler implements Handler {
    private final Session session;
    private final Client client;

    ContinueHandler(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        request.checkThread();
        boolean wasPaused = session.run().target().isPaused();
        if (wasPaused) {
            session.run().target().resume();
        }
        reply.success(Bodies.object("allThreadsContinued", true));
        if (wasPaused) {
            client.event("continued", Bodies.object("threadId", Run.THREAD_ID, "allThreadsContinued", true));
        }
    }
}
