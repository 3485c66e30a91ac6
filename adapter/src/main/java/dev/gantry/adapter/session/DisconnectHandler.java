package dev.gantry.adapter.session;

/** {@code disconnect}: ends what was launched unless told to leave it running. */
final class DisconnectHandler implements Handler {
    private final Session session;

    DisconnectHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        session.ending().disconnect(request.bool("terminateDebuggee", true), reply);
    }
}
