package dev.gantry.adapter.session;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;

/** {@code gantry/resize}: the new size of the program's pseudo-terminal. */
final class ResizeHandler implements Handler {
    private final Session session;

    ResizeHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        int columns = request.requiredInteger("columns");
        int rows = request.requiredInteger("rows");
        if (session.run().target().plan().pty().isEmpty()) {
            boolean possible = session.reactor().capabilities().contains(Capability.PTY);
            reply.failure(Failures.unsupported(
                    request.command(),
                    possible
                            ? "the program has no pseudo-terminal (attribute \"tty\": true gives it one)"
                            : "there are no pseudo-terminals on this platform"));
            return;
        }
        try {
            session.run().target().resize(new WindowSize(columns, rows));
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(Failures.malformed(request.command(), String.valueOf(e.getMessage())));
        }
        reply.success(null);
    }
}
