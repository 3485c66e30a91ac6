package dev.gantry.adapter.dap;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** A message from the client, as far as it could be understood. */
sealed interface Incoming {
    /**
     * A request.
     *
     * @param arguments empty if there were none, or if they are malformed
     * @param malformed what is wrong with the arguments, or null
     */
    record Request(
            int seq,
            String command,
            JsonObject arguments,
            @Nullable String malformed) implements Incoming {}

    /** The answer to a reverse request. */
    record Response(int requestSeq, boolean success, String message, JsonObject body) implements Incoming {}

    /** Not understood, but its sender is known well enough to be told why. */
    record Refused(long seq, String command, String why) implements Incoming {}

    /** Not understood, and nobody to answer. */
    record Broken(String why) implements Incoming {}
}
