package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentAnswer;

/** {@code gantry/justMyCode}: what counts as the user's code, from now on. What is shown of a stop has to be asked for again. */
final class JustMyCodeHandler implements Handler {
    private static final String SETTING = "justMyCode";

    private final Session session;
    private final Client client;

    JustMyCodeHandler(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    @Override
    public void handle(Request request, Reply reply) {
        JsonElement wanted = request.required(SETTING);
        if (!wanted.isJsonPrimitive() || !wanted.getAsJsonPrimitive().isBoolean()) {
            throw new BadRequestException(
                    Failures.wrongArgument(request.command(), SETTING, "true or false", wanted.toString()));
        }
        DebugRun run = session.debugging().run();
        run.whenReady(
                () -> run.change(SETTING, wanted.getAsBoolean(), answer -> answered(answer, reply)),
                () -> session.dispatchAgain(request, reply));
    }

    private void answered(AgentAnswer answer, Reply reply) {
        if (answer instanceof AgentAnswer.Failed failed) {
            reply.failure(Failures.byAgent(failed));
            return;
        }
        reply.success(null);
        if (session.debugging().isStopped() && session.clientInfo().invalidated()) {
            JsonArray areas = new JsonArray();
            areas.add("stacks");
            JsonObject body = new JsonObject();
            body.add("areas", areas);
            client.event("invalidated", body);
        }
    }
}
