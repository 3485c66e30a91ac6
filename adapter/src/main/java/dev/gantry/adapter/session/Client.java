package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The client as the session sees it. Confined to the reactor's thread. Calls never block and never fail; after the end they do nothing. */
public interface Client {
    /**
     * Queues an event. Output that was written to any {@link OutputChannel} before goes out first.
     *
     * @param body a type of lsp4j.debug, a Gson element, or null for none
     */
    void event(String name, @Nullable Object body);

    /**
     * Sends a reverse request (runInTerminal).
     *
     * @param onAnswer gets the response's body (empty if there was none), or the reason of its failure; called once, at the
     *     latest when the client goes
     */
    void request(String command, Object arguments, Consumer<Answer> onAnswer);

    /** Opens a stream of output events. */
    OutputChannel outputChannel(OutputFormat format);

    /** Whether so much besides output waits for it that nothing should come which can wait too. */
    boolean isCrowded();

    /** Runs a task on the reactor when all that is queued now has been written to the client, or the client is gone. */
    void whenFlushed(Runnable task);

    /** Closes the stream to the client once all that is queued was written. Idempotent. */
    void close();

    /** The answer to a reverse request. */
    sealed interface Answer {
        record Success(JsonObject body) implements Answer {}

        record Failed(String message) implements Answer {}
    }
}
