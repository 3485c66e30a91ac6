package dev.gantry.adapter.session;

/**
 * Breakpoints of any kind where none is hit: each is answered as not verified, with the reason. They are remembered: a program that is
 * launched later may be debugged.
 */
final class SetBreakpointsHandler implements Handler {
    private final Session session;

    SetBreakpointsHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        Breakpoints breakpoints = session.debugging().breakpoints();
        boolean launched = session.state() != SessionState.INITIALIZED;
        breakpoints.want(request);
        reply.success(
                launched
                        ? breakpoints.answerUnverified(request, Breakpoints.NOT_DEBUGGED, "failed")
                        : breakpoints.answerUnverified(request, Breakpoints.NOT_LAUNCHED, "pending"));
    }
}
