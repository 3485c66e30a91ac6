package dev.gantry.adapter.session;

/** {@code initialize}: who the client is, what we can do. */
final class InitializeHandler implements Handler {
    private final Session session;

    InitializeHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        String pathFormat = request.string("pathFormat").orElse("path");
        if (!pathFormat.equals("path") && !pathFormat.equals("uri")) {
            throw request.wrong(
                    "pathFormat", "\"path\" or \"uri\"", request.arguments().get("pathFormat"));
        }
        session.initialized(ClientInfo.of(request));
        if (reply.isOpen()) {
            reply.success(AnnouncedCapabilities.all());
        }
        session.takeBackWhatIsMissing();
    }
}
