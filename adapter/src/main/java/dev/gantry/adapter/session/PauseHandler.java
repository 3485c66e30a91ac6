package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import java.io.IOException;

/** {@code pause}: SIGSTOP to the program's group. */
final class PauseHandler implements Handler {
    private final Session session;

    PauseHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        request.checkThread();
        Debuggee target = session.run().target();
        if (target.isStopping()) {
            reply.failure(Failures.beingStopped(request.command()));
        } else if (!target.isAlive()) {
            reply.failure(Failures.targetEnded(request.command()));
        } else {
            target.pause();
            reply.success(null);
            session.run().tellStopped();
        }
    }
}
