package dev.gantry.adapter.session;

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
            reply.failure(Failures.unsupported(
                    request.command(), "the program has no pseudo-terminal (attribute \"tty\": true gives it one)"));
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
