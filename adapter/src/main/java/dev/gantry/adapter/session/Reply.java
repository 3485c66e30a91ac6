package dev.gantry.adapter.session;

import dev.gantry.adapter.model.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The one answer to one request. Confined to the reactor. The response is queued for the client within the call, so events
 * sent afterwards come after it on the wire. A second answer is a bug and is reported, not sent.
 */
public interface Reply {
    /** Answers with success. The body is a type of lsp4j.debug, a Gson element, a {@link dev.gantry.adapter.model.RawJson}, or null for none. */
    void success(@Nullable Object body);

    void failure(Failure failure);

    /** Whether no answer was given yet. */
    boolean isOpen();
}
