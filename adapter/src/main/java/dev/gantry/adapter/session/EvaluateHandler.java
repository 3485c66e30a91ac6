package dev.gantry.adapter.session;

/**
 * {@code evaluate} in the debug console of a program that is not debugged: the line goes to its standard input. Evaluating in other
 * contexts needs a debugger.
 */
final class EvaluateHandler implements Handler {
    private final InputLine input;

    EvaluateHandler(InputLine input) {
        this.input = input;
    }

    @Override
    public void handle(Request request, Reply reply) {
        String line = request.requiredString("expression");
        String context = request.string("context").orElse("repl");
        if (context.equals("repl")) {
            input.type(line, reply);
        } else {
            reply.failure(Failures.onlyInput(context));
        }
    }
}
