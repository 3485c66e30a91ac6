package dev.gantry.adapter.session;

import com.google.gson.JsonArray;

/** {@code threads} of a debugged program; none before it started and after it ended. */
final class AgentThreadsHandler implements Handler {
    private final Session session;

    AgentThreadsHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        if (session.run().live().isEmpty() || !session.run().target().isAlive()) {
            reply.success(Bodies.object("threads", new JsonArray()));
        } else {
            session.debugging().forward(request, reply);
        }
    }
}
