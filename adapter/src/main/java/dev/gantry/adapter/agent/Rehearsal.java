package dev.gantry.adapter.agent;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Has a JVM that has just started read and write long answers of an agent, so often that it compiles the code for it: the user's first
 * look at a list would wait for that. Any thread; a few milliseconds of it, while the program that is to be debugged starts.
 */
public final class Rehearsal {
    static final int TIMES = 8;
    private static final int VARIABLES = 100;

    private Rehearsal() {}

    public static void run() {
        int unused = answers();
    }

    /** How many were read. */
    static int answers() {
        int[] read = {0};
        AgentChannel channel = new AgentChannel(frame -> {}, new Deaf());
        String body = body();
        for (int i = 0; i < TIMES; i++) {
            int seq = channel.request("variables", new JsonObject(), answer -> {
                if (answer instanceof AgentAnswer.Success success) {
                    read[0] += AgentChannel.text(success.body()).length > VARIABLES ? 1 : 0;
                }
            });
            byte[] text = ("{\"type\":\"response\",\"request_seq\":" + seq + ",\"success\":true,\"body\":" + body + "}")
                    .getBytes(StandardCharsets.US_ASCII);
            channel.received(ByteBuffer.allocate(Integer.BYTES + text.length)
                    .putInt(text.length)
                    .put(text)
                    .flip());
        }
        return read[0];
    }

    private static String body() {
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
        return body.toString();
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
