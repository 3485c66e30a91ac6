package dev.gantry.adapter.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What comes from the agent, read without trust: what is not as it should be counts as absent. Pure. */
public final class AgentJson {
    private AgentJson() {}

    /** @throws com.google.gson.JsonParseException if it is no JSON */
    static JsonElement parse(byte[] text) {
        return JsonParser.parseString(new String(text, StandardCharsets.UTF_8));
    }

    /** An empty one if there is none. */
    public static JsonObject object(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonObject object ? object : new JsonObject();
    }

    /** The empty one if there is none. */
    public static String text(JsonObject parent, String name) {
        return parent.get(name) instanceof JsonPrimitive text && text.isString() ? text.getAsString() : "";
    }

    /** 0 if there is none. */
    public static int integer(JsonObject parent, String name) {
        return integer(parent.get(name));
    }

    /** 0 if it is none. */
    public static int integer(@Nullable JsonElement element) {
        if (element instanceof JsonPrimitive number && number.isNumber()) {
            try {
                return number.getAsInt();
            } catch (NumberFormatException e) {
                return 0;
            }
        }
        return 0;
    }

    public static boolean flag(JsonObject parent, String name, boolean absent) {
        return (parent.get(name) instanceof JsonPrimitive flag && flag.isBoolean()) ? flag.getAsBoolean() : absent;
    }
}
