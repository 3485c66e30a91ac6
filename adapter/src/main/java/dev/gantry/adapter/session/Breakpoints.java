package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentJson;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The breakpoints of every kind that the client has set last, and what it was told of them. They outlive the target: each new one gets
 * them, and the client hears what is different there. Confined to the reactor; one for each session.
 *
 * <p>The client's numbers are ours, since each target's agent counts its own from the beginning.
 */
final class Breakpoints {
    static final String NOT_DEBUGGED = "Gantry runs this program without debugging it: breakpoints are not hit";
    static final String NOT_LAUNCHED = "not verified yet: no program was launched";

    private static final String LIST = "breakpoints";

    private final Client client;
    private final Map<Key, Known> sets = new LinkedHashMap<>();
    /** The numbers of the present agent, and the client's for the same. */
    private final Map<Integer, Integer> ids = new HashMap<>();

    private int lastId;

    /**
     * What one request replaces: all breakpoints of a source, or all of a kind. Compared by its own methods: those of a record are made when
     * they are first used, which takes milliseconds of the first breakpoint.
     */
    record Key(String command, String source) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && command.equals(key.command) && source.equals(key.source);
        }

        @Override
        public int hashCode() {
            return 31 * command.hashCode() + source.hashCode();
        }

        static Key of(Request request) {
            return new Key(
                    request.command(),
                    request.command().equals("setBreakpoints")
                            ? request.object("source").map(Key::name).orElse("")
                            : "");
        }

        /** "breakpoints of /a.py", "exception breakpoints". */
        String words() {
            return switch (command) {
                case "setBreakpoints" -> "breakpoints of " + source;
                case "setFunctionBreakpoints" -> "function breakpoints";
                case "setDataBreakpoints" -> "data breakpoints";
                default -> "exception breakpoints";
            };
        }

        private static String name(JsonObject source) {
            int reference = AgentJson.integer(source, "sourceReference");
            return reference > 0 ? "#" + reference : AgentJson.text(source, "path");
        }
    }

    /** A set as it was asked for, and as it was answered. */
    private static final class Known {
        final JsonObject arguments;
        List<JsonObject> told = List.of();

        Known(JsonObject arguments) {
            this.arguments = arguments;
        }
    }

    Breakpoints(Client client) {
        this.client = client;
    }

    /** These are wanted from now on. */
    void want(Request request) {
        sets.put(Key.of(request), new Known(request.arguments()));
    }

    /** Those that are not empty. */
    Set<Key> wanted() {
        Set<Key> keys = new LinkedHashSet<>();
        sets.forEach((key, known) -> {
            boolean empty = known.arguments.get(LIST) instanceof JsonArray list && list.isEmpty();
            if (!empty) {
                keys.add(key);
            }
        });
        return keys;
    }

    JsonObject argumentsOf(Key key) {
        Known known = sets.get(key);
        return known == null ? new JsonObject() : known.arguments;
    }

    /** Another agent begins to count. */
    void newAgent() {
        ids.clear();
    }

    /** The answer where nobody knows yet what becomes of them. */
    JsonObject answerUnverified(Request request, String why, String reason) {
        JsonArray list = new JsonArray();
        if (!request.command().equals("setExceptionBreakpoints")) {
            for (int i = request.arraySize(LIST); i > 0; i--) {
                list.add(Bodies.object("id", ++lastId, "verified", false, "message", why, "reason", reason));
            }
        }
        tell(Key.of(request), list);
        return Bodies.object(LIST, list);
    }

    /** The agent's answer to the client's own request, with the client's numbers in it. */
    JsonObject answered(Key key, JsonObject body) {
        JsonArray list = list(body);
        for (JsonElement one : list) {
            if (one instanceof JsonObject breakpoint) {
                renumber(breakpoint);
            }
        }
        tell(key, list);
        return body;
    }

    /** The agent's answer to a set that the client was answered before: it keeps its numbers, and hears what has changed. */
    void appliedAgain(Key key, JsonObject body) {
        Known known = sets.get(key);
        if (known == null) {
            return;
        }
        List<JsonObject> before = known.told;
        JsonArray list = list(body);
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof JsonObject breakpoint) {
                int told = i < before.size() ? AgentJson.integer(before.get(i), "id") : 0;
                if (told > 0 && AgentJson.integer(breakpoint, "id") > 0) {
                    ids.put(AgentJson.integer(breakpoint, "id"), told);
                }
                renumber(breakpoint);
                if (told > 0 && !breakpoint.equals(before.get(i))) {
                    client.event("breakpoint", Bodies.object("reason", "changed", "breakpoint", breakpoint));
                }
            }
        }
        tell(key, list);
    }

    /** The target runs without debugging: what the client was told may be something else. */
    void notDebugged(String why) {
        sets.keySet().forEach(key -> failed(key, why));
    }

    /** None of a set is there: what the client was told of them may be something else. */
    void failed(Key key, String why) {
        Known known = sets.get(key);
        if (known == null) {
            return;
        }
        List<JsonObject> now = new ArrayList<>();
        for (JsonObject told : known.told) {
            JsonObject changed =
                    Bodies.object("id", told.get("id"), "verified", false, "message", why, "reason", "failed");
            if (told.has("id") && !changed.equals(told)) {
                client.event("breakpoint", Bodies.object("reason", "changed", "breakpoint", changed));
            }
            now.add(changed);
        }
        known.told = now;
    }

    /** An event of the agent, with the client's numbers in it. */
    JsonObject changed(JsonObject body) {
        JsonObject breakpoint = AgentJson.object(body, "breakpoint");
        renumber(breakpoint);
        JsonElement id = breakpoint.get("id");
        for (Known known : sets.values()) {
            List<JsonObject> now = new ArrayList<>(known.told);
            now.replaceAll(told -> id != null && id.equals(told.get("id")) ? breakpoint : told);
            known.told = now;
        }
        return body;
    }

    /** The client's numbers in a {@code stopped} event. */
    void renumberHits(JsonObject body) {
        if (body.get("hitBreakpointIds") instanceof JsonArray hits) {
            JsonArray renumbered = new JsonArray();
            for (JsonElement hit : hits) {
                int id = AgentJson.integer(hit);
                if (id > 0) {
                    renumbered.add(clientId(id));
                }
            }
            body.add("hitBreakpointIds", renumbered);
        }
    }

    private void renumber(JsonObject breakpoint) {
        int id = AgentJson.integer(breakpoint, "id");
        if (id > 0) {
            breakpoint.addProperty("id", clientId(id));
        }
    }

    private int clientId(int agentId) {
        Integer known = ids.get(agentId);
        if (known != null) {
            return known;
        }
        ids.put(agentId, ++lastId);
        return lastId;
    }

    private void tell(Key key, JsonArray list) {
        Known known = sets.get(key);
        if (known != null) {
            List<JsonObject> told = new ArrayList<>();
            for (JsonElement one : list) {
                told.add(one instanceof JsonObject breakpoint ? breakpoint : new JsonObject());
            }
            known.told = told;
        }
    }

    private static JsonArray list(JsonObject body) {
        return body.get(LIST) instanceof JsonArray list ? list : new JsonArray();
    }
}
