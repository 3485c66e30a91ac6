package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * An agent that does as told and remembers what it was asked. It answers by itself where an answer was prepared, and to what every agent
 * succeeds in. Single quotes in its JSON are double quotes.
 */
final class FakeAgent {
    /** Where it is; the number of repairs that it was asked for, and whether the next finds something. */
    static final class Home implements AgentHome {
        int repairs;
        boolean damaged;

        @Override
        public Path directory() {
            return Path.of("/agent");
        }

        @Override
        public boolean repair() {
            repairs++;
            return damaged;
        }
    }

    private static final Set<String> ALWAYS = Set.of("configure", "run", "letGo", "cancel");

    /** The commands it was sent, in order. */
    final List<String> asked = new ArrayList<>();

    final List<JsonObject> requests = new ArrayList<>();
    final Map<String, Function<JsonObject, String>> answers = new HashMap<>();
    /** Whether it answers at all. */
    boolean answersAtAll = true;

    private final Consumer<ByteBuffer> out;
    private final ByteArrayOutputStream in = new ByteArrayOutputStream();

    FakeAgent(Consumer<ByteBuffer> out) {
        this.out = out;
    }

    void received(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        in.writeBytes(bytes);
        ByteBuffer all = ByteBuffer.wrap(in.toByteArray());
        while (all.remaining() >= 4 && all.remaining() - 4 >= all.getInt(all.position())) {
            byte[] body = new byte[all.getInt()];
            all.get(body);
            in.reset();
            in.write(all.array(), all.position(), all.remaining());
            request(JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                    .getAsJsonObject());
        }
    }

    private void request(JsonObject request) {
        String command = request.get("command").getAsString();
        asked.add(command);
        requests.add(request);
        if (!answersAtAll) {
            return;
        }
        if (answers.containsKey(command)) {
            answer(request, answers.get(command).apply(request.getAsJsonObject("arguments")));
        } else if (ALWAYS.contains(command)) {
            answer(request, "{}");
        }
    }

    /** Answers the last request of this command. */
    void answer(String command, String body) {
        answer(last(command), body);
    }

    /** As the real one writes an answer that stays the same until something changes. */
    void answerForNow(String command, String body) {
        send("{'type':'response','request_seq':" + last(command).get("seq") + ",'success':true,'command':'" + command
                + "','body':" + body + ",'keep':true,'seq':1}");
    }

    void refuse(String command, String why) {
        JsonObject request = last(command);
        send("{'type':'response','seq':1,'success':false,'command':'" + command + "','request_seq':"
                + request.get("seq") + ",'message':'" + why + "'}");
    }

    JsonObject last(String command) {
        for (int i = requests.size() - 1; i >= 0; i--) {
            if (requests.get(i).get("command").getAsString().equals(command)) {
                return requests.get(i);
            }
        }
        throw new AssertionError("it was not asked to " + command + " but to " + asked);
    }

    private void answer(JsonObject request, String body) {
        send("{'type':'response','seq':1,'success':true,'command':" + request.get("command") + ",'request_seq':"
                + request.get("seq") + ",'body':" + body + "}");
    }

    void hello() {
        event("hello", "{'debugging':true,'pid':1000,'python':'3.12.1'}");
    }

    void event(String name, String body) {
        send("{'type':'event','seq':1,'event':'" + name + "','body':" + body + "}");
    }

    void sendRaw(byte[] bytes) {
        out.accept(ByteBuffer.wrap(bytes));
    }

    /** Sends a message as it is written here, but for its quotes. */
    void send(String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        out.accept(ByteBuffer.allocate(4 + body.length)
                .putInt(body.length)
                .put(body)
                .flip());
    }
}
