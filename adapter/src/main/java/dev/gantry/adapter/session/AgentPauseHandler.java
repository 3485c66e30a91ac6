package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.debuggee.Debuggee;
import java.time.Duration;

/**
 * {@code pause} of a debugged program: the agent stops it at its next line. Native code that lets no other thread run keeps the agent
 * from answering too: then the client is answered all the same, and told why nothing stops.
 */
final class AgentPauseHandler implements Handler {
    private static final Duration ANSWER_AT_LATEST = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Session session;

    AgentPauseHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        Debuggee target = session.run().target();
        if (target.isStopping()) {
            reply.failure(Failures.beingStopped(request.command()));
            return;
        }
        if (!target.isAlive()) {
            reply.failure(Failures.targetEnded(request.command()));
            return;
        }
        Request named = session.debugging().run().told().checked(request);
        boolean[] answered = {false};
        boolean[] late = {false};
        session.debugging().forward(named, reply, (body, run) -> {
            answered[0] = true;
            return body;
        });
        session.reactor().callLater(ANSWER_AT_LATEST, () -> {
            if (reply.isOpen()) {
                late[0] = true;
                reply.success(new JsonObject());
            }
        });
        session.reactor().callLater(PATIENCE, () -> {
            boolean runs = session.run()
                    .live()
                    .filter(live -> live == target && live.isAlive())
                    .isPresent();
            if (late[0] && !answered[0] && runs && !target.isStopping()) {
                session.run().note("running native code; it will stop when that returns");
            }
        });
    }
}
