package dev.gantry.adapter.session;

import java.io.IOException;

/** Carries out one kind of request. Called on the reactor's thread, when the session has what the request needs. */
@FunctionalInterface
interface Handler {
    /**
     * Answers now or later, once.
     *
     * @throws BadRequestException if the arguments are wrong; answered for the handler
     * @throws IOException if the system refused; answered for the handler
     */
    void handle(Request request, Reply reply) throws IOException;
}
