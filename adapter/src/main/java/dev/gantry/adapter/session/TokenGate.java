package dev.gantry.adapter.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;

/**
 * Lets launch and attach pass only with the server's token, and only as many sessions as the server takes. One for each connection;
 * confined to its reactor, but {@link #hasAdmitted()}.
 */
public final class TokenGate {
    private static final int MOST_FAILURES = 3;

    private final byte[] token;
    private final BooleanSupplier entrance;
    private int failures;
    private volatile boolean admitted;

    /** What becomes of a launch or attach. */
    enum Verdict {
        ADMITTED,
        /** The token is missing or wrong. */
        WRONG_TOKEN,
        /** Once more, and once too often: the connection must be closed. */
        SHUT,
        /** The token is right, but there are as many sessions as the server takes. */
        FULL
    }

    private TokenGate(byte[] token, BooleanSupplier entrance) {
        this.token = token;
        this.entrance = entrance;
    }

    /** For a client that started us: it needs no token. */
    public static TokenGate open() {
        return new TokenGate(new byte[0], () -> true);
    }

    /**
     * For a server that anybody on the machine can reach.
     *
     * @param entrance asked, on the reactor, when the token is right for the first time: whether there is room for the session
     */
    public static TokenGate requiring(String token, BooleanSupplier entrance) {
        return new TokenGate(token.getBytes(StandardCharsets.UTF_8), entrance);
    }

    /** Whether the client may be trusted, having shown the token. Any thread may ask. */
    public boolean hasAdmitted() {
        return admitted;
    }

    /** The token is compared in constant time, and not at all after too many wrong ones. */
    Verdict judge(JsonObject arguments) {
        if (failures >= MOST_FAILURES) {
            return Verdict.SHUT;
        }
        if (token.length > 0 && !MessageDigest.isEqual(shown(arguments), token)) {
            failures++;
            return failures >= MOST_FAILURES ? Verdict.SHUT : Verdict.WRONG_TOKEN;
        }
        if (!admitted) {
            admitted = entrance.getAsBoolean();
        }
        return admitted ? Verdict.ADMITTED : Verdict.FULL;
    }

    private static byte[] shown(JsonObject arguments) {
        JsonElement given = arguments.get("gantryToken");
        String text = given != null && given.isJsonPrimitive() ? given.getAsString() : "";
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
