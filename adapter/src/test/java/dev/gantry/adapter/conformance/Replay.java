package dev.gantry.adapter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.e2e.AdapterProcess;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.Expectation;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client that does what a {@link Conversation} says, over the standard streams of a real adapter. Used once, on one thread; ends the
 * adapter, and proves that nothing is left of what that started.
 */
final class Replay {
    private final AdapterProcess adapter;
    private final TargetProgram program;
    private final Map<String, JsonElement> variables = new HashMap<>();
    /** Where to look for the next event of a name. */
    private final Map<String, Integer> seen = new HashMap<>();
    /** The last request of a command. */
    private final Map<String, Integer> asked = new HashMap<>();

    private @Nullable JsonObject capabilities;

    private Replay(AdapterProcess adapter, TargetProgram program, Path folder) {
        this.adapter = adapter;
        this.program = program;
        Path file = program.write(folder);
        variables.put("launch", program.launch(file));
        variables.put("file", new JsonPrimitive(file.toString()));
        variables.put("name", new JsonPrimitive(file.getFileName().toString()));
        variables.put("line", new JsonPrimitive(TargetProgram.LINE));
    }

    /** What happened, to the end or to what went wrong. */
    static Recording of(Conversation conversation, TargetProgram program, Path folder) {
        AdapterProcess adapter = AdapterProcess.start();
        Replay replay = new Replay(adapter, program, folder);
        Throwable failure = null;
        try (adapter) {
            for (JsonObject step : conversation.steps()) {
                replay.step(step);
            }
        } catch (AssertionError | RuntimeException e) {
            failure = e;
        }
        return new Recording(conversation, program, adapter.timeline(), Optional.ofNullable(failure));
    }

    private void step(JsonObject step) {
        String kind = step.keySet().iterator().next();
        String what = step.get(kind).getAsString();
        if (!applies(step)) {
            return;
        }
        switch (kind) {
            case "send" -> send(what, step);
            case "ask" -> ask(what, step);
            case "answered" -> answered(what, step, true);
            case "refused" -> answered(what, step, false);
            case "event" -> event(what, step);
            case "do" -> act(what);
            default -> throw new IllegalArgumentException("no step of a conversation: " + step);
        }
    }

    private boolean applies(JsonObject step) {
        if (step.has("when") && step.get("when").getAsString().equals("debugged") != program.isDebugged()) {
            return false;
        }
        if (!step.has("if")) {
            return true;
        }
        JsonElement announced = Objects.requireNonNull(capabilities, "before initialize was answered")
                .get(step.get("if").getAsString());
        return announced instanceof JsonArray list
                ? !list.isEmpty()
                : announced != null && announced.isJsonPrimitive() && announced.getAsBoolean();
    }

    private void ask(String command, JsonObject step) {
        if (!step.has("forEach")) {
            send(command, step);
            answered(command, step, true);
            return;
        }
        for (JsonElement each : variable(step.get("forEach").getAsString()).getAsJsonArray()) {
            variables.put("each", each);
            send(command, step);
            answered(command, step, true);
        }
    }

    private void send(String command, JsonObject step) {
        JsonElement arguments = step.has("arguments") ? filledIn(step.get("arguments")) : null;
        asked.put(command, adapter.client().send(command, arguments));
    }

    private void answered(String command, JsonObject step, boolean success) {
        Entry answer = adapter.client().answerTo(Objects.requireNonNull(asked.get(command), command));
        assertThat(answer.success()).as(answer.toString()).isEqualTo(success);
        if (command.equals("initialize")) {
            capabilities = answer.body();
        }
        check(answer, step);
    }

    private void event(String name, JsonObject step) {
        Expectation expected = Expectation.event(name);
        for (Map.Entry<String, JsonElement> member : members(step, "where")) {
            expected = expected.with(member.getKey(), member.getValue().getAsString());
        }
        Entry event = adapter.timeline().awaitFrom(seen.getOrDefault(name, 0), expected);
        seen.put(name, event.index() + 1);
        check(event, step);
    }

    private void check(Entry entry, JsonObject step) {
        for (Map.Entry<String, JsonElement> expected : members(step, "expect")) {
            assertThat(JsonPath.of(entry.body(), expected.getKey()))
                    .as("%s of %s", expected.getKey(), entry)
                    .isEqualTo(filledIn(expected.getValue()));
        }
        for (Map.Entry<String, JsonElement> named : members(step, "remember")) {
            variables.put(
                    named.getKey(), JsonPath.of(entry.body(), named.getValue().getAsString()));
        }
    }

    private static Iterable<Map.Entry<String, JsonElement>> members(JsonObject step, String name) {
        return step.has(name) ? step.getAsJsonObject(name).entrySet() : List.of();
    }

    private void act(String what) {
        switch (what) {
            case "closeInput" -> adapter.client().closeInput();
            case "awaitExit" -> adapter.awaitExit();
            default -> adapter.signal(what);
        }
    }

    /** With variables in the places of their names; an object named "..." gives its members to the one that it is in. */
    private JsonElement filledIn(JsonElement template) {
        if (template instanceof JsonObject object) {
            JsonObject filled = new JsonObject();
            object.entrySet().forEach(member -> {
                JsonElement value = filledIn(member.getValue());
                if (member.getKey().equals("...")) {
                    value.getAsJsonObject().entrySet().forEach(inner -> filled.add(inner.getKey(), inner.getValue()));
                } else {
                    filled.add(member.getKey(), value);
                }
            });
            return filled;
        }
        if (template instanceof JsonArray array) {
            JsonArray filled = new JsonArray();
            array.forEach(element -> filled.add(filledIn(element)));
            return filled;
        }
        return template instanceof JsonPrimitive text && text.isString() ? filledIn(text) : template;
    }

    private JsonElement filledIn(JsonPrimitive template) {
        String text = template.getAsString();
        int start = text.indexOf("${");
        int end = text.indexOf('}', start + 1);
        if (start < 0 || end < 0) {
            return template;
        }
        JsonElement value = variable(text.substring(start + 2, end));
        return start == 0 && end == text.length() - 1
                ? value
                : new JsonPrimitive(text.substring(0, start) + value.getAsString() + text.substring(end + 1));
    }

    private JsonElement variable(String name) {
        return Objects.requireNonNull(variables.get(name), () -> "nothing is remembered as " + name);
    }
}
