package dev.gantry.adapter.e2e;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.util.List;

/** JSON, written short. */
public final class Json {
    /** What stands for null in {@link #object}. */
    public static final JsonElement NULL = JsonNull.INSTANCE;

    private static final Gson GSON = new Gson();

    private Json() {}

    /** An object of names and values: texts, numbers, truth values, lists, JSON. */
    public static JsonObject object(Object... pairs) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < pairs.length; i += 2) {
            object.add(String.valueOf(pairs[i]), element(pairs[i + 1]));
        }
        return object;
    }

    public static JsonArray array(Object... values) {
        JsonArray array = new JsonArray();
        for (Object value : values) {
            array.add(element(value));
        }
        return array;
    }

    /** Another object with these changed or added. */
    public static JsonObject with(JsonObject object, Object... pairs) {
        JsonObject copy = object.deepCopy();
        object(pairs).entrySet().forEach(entry -> copy.add(entry.getKey(), entry.getValue()));
        return copy;
    }

    /** Launch arguments for a command: its first word is the program. */
    public static JsonObject launching(List<String> command) {
        return object(
                "runtime",
                "process",
                "program",
                command.get(0),
                "args",
                array(command.subList(1, command.size()).toArray()));
    }

    /** Launch arguments for lines of /bin/sh. */
    public static JsonObject shell(String script, String... arguments) {
        JsonArray all = array("-c", script, "sh");
        for (String argument : arguments) {
            all.add(argument);
        }
        return object("runtime", "process", "program", "/bin/sh", "args", all);
    }

    private static JsonElement element(Object value) {
        return value instanceof JsonElement json ? json : GSON.toJsonTree(value);
    }
}
