package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/** The session as the wire sees it. Called on the reactor's thread only. */
public interface Endpoint {
    /**
     * A request came.
     *
     * @param seq its number on the wire
     * @param arguments its arguments; an empty object if there were none
     * @param malformed what is wrong with the arguments' JSON (not an object, say), or null; then {@code arguments} is empty
     */
    void request(int seq, String command, JsonObject arguments, @Nullable String malformed, Reply reply);

    /**
     * A message came that is no request we could answer: it is told to the user once, and the session goes on.
     *
     * @param why one sentence
     */
    void brokenMessage(String why);

    /** The client is gone or its stream cannot be read any further. Called at most once; nothing comes after it. */
    void clientGone(String why);
}
