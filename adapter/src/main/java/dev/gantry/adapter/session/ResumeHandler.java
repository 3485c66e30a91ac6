package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentJson;

/** Whatever lets a stopped thread of a debugged program go on: {@code continue}, the steps, {@code goto}, {@code restartFrame}. */
final class ResumeHandler implements Handler {
    private final Session session;

    ResumeHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        if (session.run().target().isStopping()) {
            reply.failure(Failures.beingStopped(request.command()));
            return;
        }
        Request named = request.command().equals("restartFrame")
                ? request
                : session.debugging().run().told().checked(request);
        session.debugging().forward(named, reply, (body, run) -> {
            run.stopped().resumed(AgentJson.integer(named.arguments(), "threadId"), isAlone(named, body));
            return body;
        });
    }

    /** Whether the other threads stay as they are. */
    private static boolean isAlone(Request request, JsonObject body) {
        boolean asked = AgentJson.flag(request.arguments(), "singleThread", false);
        return request.command().equals("continue") ? !AgentJson.flag(body, "allThreadsContinued", true) : asked;
    }
}
