package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.time.Duration;

/**
 * {@code threads} of a debugged program; none before it started and after it ended. Clients ask for them before anything else: an agent
 * that native code keeps from answering is not waited for, and the threads that were there last are shown.
 */
final class AgentThreadsHandler implements Handler {
    private static final Duration ANSWER_AT_LATEST = Duration.ofMillis(500);

    private final Session session;
    private JsonObject last = mainThread();

    AgentThreadsHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        if (session.run().live().isEmpty() || !session.run().target().isAlive()) {
            last = mainThread();
            reply.success(Bodies.object("threads", new JsonArray()));
            return;
        }
        session.debugging().forward(request, reply, (body, run) -> {
            last = body;
            run.told().inList(body);
            return body;
        });
        if (reply.isOpen()) {
            session.reactor().callLater(ANSWER_AT_LATEST, () -> {
                if (reply.isOpen()) {
                    reply.success(last);
                }
            });
        }
    }

    private static JsonObject mainThread() {
        JsonArray threads = new JsonArray();
        threads.add(Bodies.object("id", Run.THREAD_ID, "name", "MainThread"));
        return Bodies.object("threads", threads);
    }
}
