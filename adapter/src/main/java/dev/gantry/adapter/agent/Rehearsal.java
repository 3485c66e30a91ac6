package dev.gantry.adapter.agent;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gantry.adapter.model.JsonText;
import java.nio.charset.StandardCharsets;

/**
 * Has a JVM that has just started read and write long answers of an agent, so often that it compiles the code for it: the user's first
 * look at a list would wait for that. Any thread; a few milliseconds of it, while the program that is to be debugged starts.
 */
public final class Rehearsal {
    static final int TIMES = 4;
    private static final int VARIABLES = 100;

    private Rehearsal() {}

    public static void run() {
        int unused = answers();
    }

    /** How many were read. */
    static int answers() {
        int[] read = {0};
        AgentChannel channel = new AgentChannel(frame -> {}, new Deaf());
        String body = JsonText.of(body());
        for (int i = 0; i < TIMES; i++) {
            int seq = channel.request("variables", new JsonObject(), answer -> {
                // They go on as they come; those that are converted are parsed, and once loads the code for it.
                if (answer instanceof AgentAnswer.Success success
                        && success.text() != null
                        && (read[0] > 0
                                || success.body().getAsJsonArray("variables").size() == VARIABLES)) {
                    read[0]++;
                }
            });
            // As the agent writes it.
            String answer = "{\"type\":\"response\",\"request_seq\":" + seq
                    + ",\"success\":true,\"command\":\"variables\",\"body\":" + body + ",\"seq\":" + seq + "}";
            channel.received(AgentChannel.frame(answer.getBytes(StandardCharsets.UTF_8)));
        }
        return read[0];
    }

    private static JsonObject body() {
        JsonArray variables = new JsonArray();
        for (int i = 0; i < VARIABLES; i++) {
            JsonObject hint = new JsonObject();
            hint.addProperty("kind", "data");
            JsonObject variable = new JsonObject();
            variable.addProperty("name", Integer.toString(i));
            variable.addProperty("value", "'a \\n'");
            variable.addProperty("type", "str");
            variable.addProperty("variablesReference", i);
            variable.add("presentationHint", hint);
            variable.addProperty("evaluateName", "list[" + i + "]");
            variables.add(variable);
        }
        JsonObject body = new JsonObject();
        body.add("variables", variables);
        return body;
    }

    /** Nothing comes but answers. */
    private static final class Deaf implements AgentChannel.Listener {
        @Override
        public void event(String name, JsonObject body) {}

        @Override
        public void fault(String what) {}

        @Override
        public void lost(String why) {}
    }
}
