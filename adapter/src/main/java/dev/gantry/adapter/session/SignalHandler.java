package dev.gantry.adapter.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.debuggee.SignalScope;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;

/** {@code gantry/signal}: any signal, by name or number, to the process (default), its group, its tree, or one process of that. */
final class SignalHandler implements Handler {
    private final Session session;

    SignalHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) throws IOException {
        Debuggee target = session.run().target();
        try {
            int number = number(request);
            OptionalInt pid = request.integer("pid");
            if (pid.isPresent() && pid.getAsInt() != target.pid()) {
                if (request.string("scope").isPresent()) {
                    throw new IllegalArgumentException("'scope' and 'pid' exclude each other");
                }
                target.signal(number, pid.getAsInt());
                reply.success(null);
                return;
            }
            boolean wasHeld =
                    number == Signal.CONT.number() && target.activity().isHeld();
            target.signal(number, scope(request));
            reply.success(null);
            if (number == Signal.STOP.number()) {
                session.run().tellStopped();
            } else if (wasHeld) {
                session.run().tellContinued();
            }
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(Failures.malformed(request.command(), String.valueOf(e.getMessage())));
        }
    }

    /** @throws IllegalArgumentException if there is no signal of this name */
    private int number(Request request) {
        JsonElement signal = request.required("signal");
        if (!(signal instanceof JsonPrimitive primitive) || primitive.isBoolean()) {
            throw request.wrong("signal", "a name or a number", signal);
        }
        if (primitive.isNumber()) {
            return request.requiredInteger("signal");
        }
        try {
            return Signal.named(primitive.getAsString()).number();
        } catch (IllegalArgumentException e) {
            if (session.reactor().capabilities().contains(Capability.ALL_SIGNALS)) {
                throw e;
            }
            throw new IllegalArgumentException(
                    "no signal is named '" + primitive.getAsString() + "'; there are SIGINT, SIGTERM and SIGKILL", e);
        }
    }

    private static SignalScope scope(Request request) {
        String scope = request.string("scope").orElse("process");
        return switch (scope.toLowerCase(Locale.ROOT)) {
            case "process" -> SignalScope.PROCESS;
            case "group" -> SignalScope.GROUP;
            case "tree" -> SignalScope.TREE;
            default ->
                throw request.wrong(
                        "scope",
                        "\"process\", \"group\" or \"tree\"",
                        request.arguments().get("scope"));
        };
    }
}
