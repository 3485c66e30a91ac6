package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import java.io.IOException;

/** {@code continue}: SIGCONT to the program's group, whoever has stopped it. */
final class ContinueHandler implements Handler {
    private final Session session;

    ContinueHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        request.checkThread();
        Debuggee target = session.run().target();
        if (!target.isAlive()) {
            reply.failure(Failures.targetEnded(request.command()));
            return;
        }
        boolean wasHeld = target.activity().isHeld();
        target.resume();
        reply.success(Bodies.object("allThreadsContinued", true));
        if (wasHeld) {
            session.run().tellContinued();
        }
    }
}
