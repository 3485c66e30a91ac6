package dev.gantry.adapter.conformance;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;

/**
 * A place in JSON, for conversations: {@code stackFrames.0.id}; {@code variables.[name=answer].0.value}, the members of a list that have
 * this value; {@code scopes.[!expensive].*.variablesReference}, those where it is absent or false, and of each the same member. What is
 * not there is JSON's null. Stateless.
 */
final class JsonPath {
    private JsonPath() {}

    static JsonElement of(JsonElement from, String path) {
        if (path.isEmpty()) {
            return from;
        }
        int dot = path.indexOf('.');
        String first = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        if (from instanceof JsonArray array) {
            return ofArray(array, first, rest);
        }
        JsonElement member = from instanceof JsonObject object ? object.get(first) : null;
        return member == null ? JsonNull.INSTANCE : of(member, rest);
    }

    private static JsonElement ofArray(JsonArray array, String first, String rest) {
        if (first.startsWith("[")) {
            return of(filtered(array, first.substring(1, first.length() - 1)), rest);
        }
        if (first.equals("*")) {
            JsonArray all = new JsonArray();
            array.forEach(element -> all.add(of(element, rest)));
            return all;
        }
        int index = Integer.parseInt(first);
        return index < array.size() ? of(array.get(index), rest) : JsonNull.INSTANCE;
    }

    private static JsonArray filtered(JsonArray array, String condition) {
        boolean negated = condition.startsWith("!");
        String[] parts = condition.substring(negated ? 1 : 0).split("=", 2);
        String wanted = parts.length == 2 ? parts[1] : "true";
        JsonArray some = new JsonArray();
        for (JsonElement element : array) {
            JsonElement member = of(element, parts[0]);
            boolean same = member.isJsonPrimitive() && member.getAsString().equals(wanted);
            if (same != negated) {
                some.add(element);
            }
        }
        return some;
    }
}
