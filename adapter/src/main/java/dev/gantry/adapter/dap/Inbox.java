package dev.gantry.adapter.dap;

import dev.gantry.adapter.session.Endpoint;
import dev.gantry.adapter.session.Reply;

/** Hands what came from the client to the session. Confined to the reactor. */
final class Inbox {
    private final Endpoint endpoint;
    private final WireClient client;
    private final ReverseRequests reverse;
    private final Trace trace;
    private boolean firstIsAnswered;
    private boolean over;

    Inbox(Endpoint endpoint, WireClient client, ReverseRequests reverse, boolean firstIsAnswered, Trace trace) {
        this.endpoint = endpoint;
        this.client = client;
        this.reverse = reverse;
        this.firstIsAnswered = firstIsAnswered;
        this.trace = trace;
    }

    void accept(Incoming message) {
        if (over || client.isClosed()) {
            return;
        }
        boolean answered = firstIsAnswered;
        firstIsAnswered = false;
        if (message instanceof Incoming.Request request) {
            request(request, answered);
        } else if (message instanceof Incoming.Response response) {
            reverse.answered(response);
        } else if (message instanceof Incoming.Refused refused && !answered) {
            trace.note("refused: " + refused.why());
            client.refuse(refused.seq(), refused.command(), refused.why());
        } else if (message instanceof Incoming.Refused refused) {
            broken(refused.why());
        } else if (message instanceof Incoming.Broken broken) {
            broken(broken.why());
        }
    }

    /** Nothing more comes. */
    void gone(String why) {
        if (over || client.isClosed()) {
            return;
        }
        over = true;
        trace.note("the client is gone: " + why);
        client.silent(why);
        try {
            endpoint.clientGone(why);
        } catch (RuntimeException e) {
            trace.fault("the end of the client", e);
        }
    }

    private void broken(String why) {
        trace.note("broken message: " + why);
        try {
            endpoint.brokenMessage(why);
        } catch (RuntimeException e) {
            trace.fault("a broken message", e);
        }
    }

    private void request(Incoming.Request request, boolean answered) {
        Reply reply = answered ? client.answered(request.command()) : client.replyTo(request.seq(), request.command());
        try {
            endpoint.request(request.seq(), request.command(), request.arguments(), request.malformed(), reply);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            String reference = trace.fault("request '" + request.command() + "'", e);
            if (reply.isOpen()) {
                reply.failure(WireFailures.internal(request.command(), e, reference));
            }
        }
    }
}
