package dev.gantry.adapter.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lets launch and attach pass only with the server's token. One for each connection; confined to its reactor. */
public final class TokenGate {
    private static final int MOST_FAILURES = 3;

    private final byte[] token;
    private int failures;

    private TokenGate(byte[] token) {
        this.token = token;
    }

    /** For a client that started us: it needs no token. */
    public static TokenGate open() {
        return new TokenGate(new byte[0]);
    }

    public static TokenGate requiring(String token) {
        return new TokenGate(token.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether the arguments carry the token; compared in constant time. */
    boolean admits(JsonObject arguments) {
        if (token.length == 0) {
            return true;
        }
        JsonElement given = arguments.get("gantryToken");
        String text = given != null && given.isJsonPrimitive() ? given.getAsString() : "";
        boolean right = MessageDigest.isEqual(text.getBytes(StandardCharsets.UTF_8), token);
        if (!right) {
            failures++;
        }
        return right;
    }

    /** Whether so many tokens were wrong that the connection must be closed. */
    boolean isShut() {
        return failures >= MOST_FAILURES;
    }
}
