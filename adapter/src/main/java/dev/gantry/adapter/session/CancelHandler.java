package dev.gantry.adapter.session;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code cancel}: the launch that waits for its configuration can be cancelled, and what the agent works on; a write or a restart that
 * waits for the program cannot, and anything else has been answered already.
 */
final class CancelHandler implements Handler {
    private final Session session;

    CancelHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        OptionalInt seq = request.integer("requestId");
        if (seq.isEmpty()) {
            Optional<String> progress = request.string("progressId");
            seq = progress.isPresent() ? session.debugging().requestOf(progress.get()) : seq;
        }
        if (seq.isPresent() && !session.launchFlow().cancelIfPending(seq.getAsInt())) {
            session.debugging().open().cancel(seq.getAsInt());
        }
        reply.success(null);
    }
}
