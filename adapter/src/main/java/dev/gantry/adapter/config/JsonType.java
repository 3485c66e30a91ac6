package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;

/** The kinds of JSON value, and how people call them. */
enum JsonType {
    STRING("a string"),
    BOOLEAN("true or false"),
    NUMBER("a number"),
    ARRAY("an array"),
    OBJECT("an object"),
    NULL("null");

    private static final int SHOWN = 80;

    private final String words;

    JsonType(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    static JsonType of(JsonElement element) {
        if (element instanceof JsonPrimitive primitive) {
            return primitive.isString() ? STRING : primitive.isBoolean() ? BOOLEAN : NUMBER;
        }
        return element.isJsonObject() ? OBJECT : element.isJsonArray() ? ARRAY : NULL;
    }

    /** For messages: {@code "yes" (a string)}; long values are cut. */
    static String describe(JsonElement element) {
        JsonType type = of(element);
        String shown = shown(element.toString());
        return type == NULL || type == BOOLEAN ? shown : shown + " (" + type.words + ")";
    }

    /** For messages: long texts are cut. */
    static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
