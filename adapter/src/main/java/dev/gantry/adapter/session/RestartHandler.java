package dev.gantry.adapter.session;

/** {@code restart}, with {@code arguments.arguments} as the new launch configuration if it is there. */
final class RestartHandler implements Handler {
    private final Session session;

    RestartHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        session.restartFlow().restart(request.object("arguments"), reply);
    }
}
