package dev.gantry.adapter.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.model.JsonText;
import dev.gantry.adapter.model.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The conversation with one agent: requests that go out, each answered once, and events that come. Confined to the reactor; as long as
 * the run of its target, and lost at the latest with it.
 *
 * <p>The target's own code runs in the agent's process, so nothing that comes is trusted: what is no message of the protocol is a fault
 * that is told and skipped, and what is no frame ends the channel.
 */
public final class AgentChannel {
    /** Takes what goes to the agent. */
    public interface Wire {
        void send(ByteBuffer frame);
    }

    /** Hears what comes from it. */
    public interface Listener {
        void event(String name, JsonObject body);

        /**
         * One of {@link #PASSED_ON}, of the plain form.
         *
         * @return whether it was taken; if not, {@link #event} gets it
         */
        default boolean plainEvent(String name, RawJson body) {
            return false;
        }

        /** Something came that makes no sense; the conversation goes on. */
        void fault(String what);

        /** Nothing comes any more. Once, after the requests that waited were answered. */
        void lost(String why);
    }

    /** Events that are many, and that only the client needs. */
    public static final Set<String> PASSED_ON = Set.of("module", "loadedSource");

    private record Pending(String command, Consumer<AgentAnswer> onAnswer) {}

    private final Wire wire;
    private final Listener listener;
    private final FrameJoiner frames = new FrameJoiner();
    private final Map<Integer, Pending> pending = new LinkedHashMap<>();
    private int lastSeq;
    private boolean lost;
    private String whyLost = "";
    private boolean delivering;

    public AgentChannel(Wire wire, Listener listener) {
        this.wire = wire;
        this.listener = listener;
    }

    /**
     * Sends a request.
     *
     * @param onAnswer called once: with the agent's answer, or, maybe within this call, when the channel is lost
     * @return its number on this channel, by which it can be cancelled
     */
    public int request(String command, JsonObject arguments, Consumer<AgentAnswer> onAnswer) {
        int seq = ++lastSeq;
        if (lost) {
            onAnswer.accept(new AgentAnswer.Failed(whyLost, false));
            return seq;
        }
        JsonObject message = new JsonObject();
        message.addProperty("type", "request");
        message.addProperty("seq", seq);
        message.addProperty("command", command);
        message.add("arguments", arguments);
        ByteBuffer frame = frame(message);
        pending.put(seq, new Pending(command, onAnswer));
        wire.send(frame);
        return seq;
    }

    static ByteBuffer frame(JsonObject message) {
        return frame(JsonText.of(message).getBytes(StandardCharsets.UTF_8));
    }

    static ByteBuffer frame(byte[] body) {
        return ByteBuffer.allocate(Integer.BYTES + body.length)
                .putInt(body.length)
                .put(body)
                .flip();
    }

    /**
     * Bytes came. What they complete is delivered within this call; within a delivery, after it: a listener may have more read in the
     * middle of an event.
     */
    public void received(ByteBuffer data) {
        if (lost) {
            return;
        }
        frames.add(data);
        if (delivering) {
            return;
        }
        delivering = true;
        try {
            while (!lost && frames.hasNext()) {
                deliver(frames.next());
            }
        } finally {
            delivering = false;
        }
        if (frames.isBroken()) {
            lose("what comes from the debugger in the program cannot be read");
        }
    }

    /** Whatever one message does, those behind it are delivered. */
    private void deliver(byte[] body) {
        try {
            take(body);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            listener.fault("a message that cannot be taken: " + e);
        }
    }

    private void take(byte[] body) {
        Optional<PlainAnswer> plain = PlainAnswer.of(body);
        if (plain.isPresent()) {
            Pending asked = pending.remove(plain.get().requestSeq());
            if (asked != null) {
                asked.onAnswer()
                        .accept(new AgentAnswer.Success(
                                plain.get().body(), plain.get().lasting()));
                return;
            }
        }
        Optional<PlainEvent> event = PlainEvent.of(body, PASSED_ON);
        if (event.isPresent()
                && listener.plainEvent(event.get().name(), event.get().body())) {
            return;
        }
        JsonObject message;
        try {
            JsonElement parsed = AgentJson.parse(body);
            if (!parsed.isJsonObject()) {
                listener.fault("no object: " + parsed);
                return;
            }
            message = parsed.getAsJsonObject();
        } catch (JsonParseException e) {
            listener.fault("no JSON: " + e);
            return;
        }
        switch (AgentJson.text(message, "type")) {
            case "response" -> answer(message);
            case "event" -> listener.event(AgentJson.text(message, "event"), AgentJson.object(message, "body"));
            default -> listener.fault("neither response nor event: " + message);
        }
    }

    private void answer(JsonObject message) {
        Pending request = pending.remove(AgentJson.integer(message, "request_seq"));
        if (request == null) {
            listener.fault("an answer to nothing: " + message);
            return;
        }
        JsonObject body = AgentJson.object(message, "body");
        if (message.get("success") instanceof JsonPrimitive success && success.getAsBoolean()) {
            request.onAnswer().accept(new AgentAnswer.Success(body));
        } else {
            String why = AgentJson.text(message, "message");
            JsonObject error = AgentJson.object(body, "error");
            request.onAnswer()
                    .accept(new AgentAnswer.Failed(
                            why.isEmpty() ? "'" + request.command() + "' failed in the program" : why,
                            error.get("showUser") instanceof JsonPrimitive show && show.getAsBoolean()));
        }
    }

    /** Nothing comes any more, nor can anything be sent: whoever waits is told why. Idempotent. */
    public void lose(String why) {
        if (lost) {
            return;
        }
        lost = true;
        whyLost = why;
        List<Pending> waiting = new ArrayList<>(pending.values());
        pending.clear();
        waiting.forEach(request -> request.onAnswer().accept(new AgentAnswer.Failed(why, false)));
        listener.lost(why);
    }

    public boolean isLost() {
        return lost;
    }
}
