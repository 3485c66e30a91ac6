package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import java.util.Optional;

/** {@code gantry/closeStdin}: end of the program's standard input, after all that was written. */
final class CloseStdinHandler implements Handler {
    private final Session session;

    CloseStdinHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        Debuggee target = session.run().target();
        Optional<String> refusal = target.input().refusal();
        if (refusal.isPresent()) {
            reply.failure(Failures.inputRefused(refusal.get()));
            return;
        }
        target.input().close();
        reply.success(null);
    }
}
