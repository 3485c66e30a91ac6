package dev.gantry.adapter.model;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;

/**
 * The text of a JSON object that was checked and need not be parsed: ASCII, compact, in a piece of an array that nobody changes. Immutable.
 */
public final class RawJson {
    private final byte[] text;
    private final int start;
    private final int end;

    /**
     * A piece of a text; what {@link CompactJson} has accepted.
     *
     * @param start where its brace is
     * @param end behind its last brace
     */
    public RawJson(byte[] text, int start, int end) {
        this.text = text;
        this.start = start;
        this.end = end;
    }

    public int length() {
        return end - start;
    }

    /** Whether it has no members. */
    public boolean isEmpty() {
        return length() == 2;
    }

    /** Copies it to an array, from this index on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(text, start, target, at, length());
    }

    public JsonObject parsed() {
        return JsonParser.parseString(toString()).getAsJsonObject();
    }

    @Override
    public String toString() {
        return new String(text, start, length(), StandardCharsets.US_ASCII);
    }
}
