package dev.gantry.adapter.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Map;

/**
 * JSON as text, compact. Gson's own writer would do, but it and all that it loads are a tenth of the way from our start to a program's
 * (decision 17). A surrogate that stands alone is escaped: in UTF-8 it would be lost, and Python's strings hold such where bytes were no
 * valid text. Stateless; any thread.
 */
public final class JsonText {
    private static final String DIGITS = "0123456789abcdef";

    private JsonText() {}

    /** Everything that the element holds. */
    public static String of(JsonElement element) {
        StringBuilder text = new StringBuilder();
        append(text, element, true);
        return text.toString();
    }

    /** As a string of JSON, with its quotes. */
    public static String of(String string) {
        StringBuilder text = new StringBuilder(string.length() + 2);
        append(text, string);
        return text.toString();
    }

    /** Without those members of objects that are null: a message of the protocol leaves out what has no value. */
    public static void appendPresent(StringBuilder text, JsonElement element) {
        append(text, element, false);
    }

    private static void append(StringBuilder text, JsonElement element, boolean nulls) {
        if (element instanceof JsonObject object) {
            append(text, object, nulls);
        } else if (element instanceof JsonArray array) {
            append(text, array, nulls);
        } else if (element instanceof JsonPrimitive primitive) {
            append(text, primitive);
        } else {
            text.append("null");
        }
    }

    private static void append(StringBuilder text, JsonObject object, boolean nulls) {
        char before = '{';
        for (Map.Entry<String, JsonElement> member : object.entrySet()) {
            if (nulls || !member.getValue().isJsonNull()) {
                append(text.append(before), member.getKey());
                append(text.append(':'), member.getValue(), nulls);
                before = ',';
            }
        }
        text.append(before == '{' ? "{}" : "}");
    }

    private static void append(StringBuilder text, JsonArray array, boolean nulls) {
        text.append('[');
        for (int i = 0; i < array.size(); i++) {
            append(i == 0 ? text : text.append(','), array.get(i), nulls);
        }
        text.append(']');
    }

    private static void append(StringBuilder text, JsonPrimitive primitive) {
        if (primitive.isString()) {
            append(text, primitive.getAsString());
            return;
        }
        if (primitive.isNumber() && !isFinite(primitive.getAsNumber())) {
            throw new IllegalArgumentException("no JSON: " + primitive.getAsNumber());
        }
        text.append(primitive.getAsString());
    }

    /** What was parsed keeps its text, and that is one of a number. */
    private static boolean isFinite(Number number) {
        return !(number instanceof Double || number instanceof Float) || Double.isFinite(number.doubleValue());
    }

    /** As a string of JSON, with its quotes. */
    public static void append(StringBuilder text, String string) {
        text.append('"');
        int done = 0;
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (!mustBeEscaped(c)) {
                continue;
            }
            if (isPair(string, i)) {
                i++;
            } else {
                escape(text.append(string, done, i), c);
                done = i + 1;
            }
        }
        text.append(string, done, string.length()).append('"');
    }

    private static boolean isPair(String string, int at) {
        return Character.isHighSurrogate(string.charAt(at))
                && at + 1 < string.length()
                && Character.isLowSurrogate(string.charAt(at + 1));
    }

    /** Surrogates only where they stand alone. The two separators of lines end a statement in JavaScript before 2019, which some take JSON for. */
    private static boolean mustBeEscaped(char c) {
        return c < ' ' || c == '"' || c == '\\' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c);
    }

    private static void escape(StringBuilder text, char c) {
        text.append('\\');
        switch (c) {
            case '"', '\\' -> text.append(c);
            case '\n' -> text.append('n');
            case '\r' -> text.append('r');
            case '\t' -> text.append('t');
            case '\b' -> text.append('b');
            case '\f' -> text.append('f');
            default -> {
                text.append('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    text.append(DIGITS.charAt(c >> shift & 0xF));
                }
            }
        }
    }
}
