package dev.gantry.adapter.session;

import com.google.gson.JsonArray;

/** {@code threads}: the program as one thread, its state in its name; none before it started and after it ended. */
final class ThreadsHandler implements Handler {
    private final Session session;

    ThreadsHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        JsonArray threads = new JsonArray();
        if (session.run().live().isPresent()) {
            threads.add(Bodies.object("id", Run.THREAD_ID, "name", session.run().threadName()));
        }
        reply.success(Bodies.object("threads", threads));
    }
}
