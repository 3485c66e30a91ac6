package dev.gantry.adapter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Fields of a message, which may be absent or of another type than they should. Pure. */
final class Fields {
    private Fields() {}

    /** "" if there is none. */
    static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    /** An empty one if there is none. */
    static JsonObject object(JsonObject object, String key) {
        return object.get(key) instanceof JsonObject inner ? inner : new JsonObject();
    }

    static OptionalInt number(JsonObject object, String key) {
        return object.get(key) != null
                        && object.get(key).isJsonPrimitive()
                        && object.getAsJsonPrimitive(key).isNumber()
                ? OptionalInt.of(object.get(key).getAsInt())
                : OptionalInt.empty();
    }

    static boolean isTrue(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() && value.getAsBoolean();
    }

    static List<JsonObject> objects(JsonObject object, String key) {
        List<JsonObject> objects = new ArrayList<>();
        if (object.get(key) instanceof JsonArray array) {
            for (JsonElement element : array) {
                objects.add(element instanceof JsonObject one ? one : new JsonObject());
            }
        }
        return objects;
    }

    static List<Integer> numbers(JsonObject object, String key) {
        List<Integer> numbers = new ArrayList<>();
        if (object.get(key) instanceof JsonArray array) {
            array.forEach(element -> numbers.add(element.getAsInt()));
        }
        return numbers;
    }

    /** Why a request failed, in words. */
    static String failure(JsonObject answer) {
        String format = text(object(object(answer, "body"), "error"), "format");
        return format.isEmpty() ? text(answer, "message") : format;
    }
}
