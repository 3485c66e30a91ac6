package dev.gantry.adapter.session;

/**
 * {@code disconnect}: ends what was launched unless told to leave it running. Whatever else is in it, a client that has sent one is
 * leaving: an argument of a wrong type counts as absent, since a session that refused it would stay behind.
 */
final class DisconnectHandler implements Handler {
    private final Session session;

    DisconnectHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        session.ending().disconnect(request.bool("terminateDebuggee").orElse(true), reply);
    }
}
