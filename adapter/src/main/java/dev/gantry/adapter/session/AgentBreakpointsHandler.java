package dev.gantry.adapter.session;

/**
 * Breakpoints of any kind in a debugged program: what is set last is wanted of every later start too. Also those that come before a
 * launch, of which nobody knows yet.
 */
final class AgentBreakpointsHandler implements Handler {
    private final Session session;

    AgentBreakpointsHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        Debugging debugging = session.debugging();
        Breakpoints.Key key = Breakpoints.Key.of(request);
        debugging.breakpoints().want(request);
        debugging.isAsked(key);
        debugging.forward(request, reply, (body, run) -> debugging.breakpoints().answered(key, body));
    }
}
