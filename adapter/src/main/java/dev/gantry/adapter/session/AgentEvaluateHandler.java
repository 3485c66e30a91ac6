package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.debuggee.Debuggee;
import java.util.Optional;

/**
 * {@code evaluate} in a debugged program. What is typed in the debug console is evaluated while the program is stopped, and goes to its
 * standard input while it runs; one character in front says which of the two is meant. All else is evaluated.
 */
final class AgentEvaluateHandler implements Handler {
    /** In front of what goes to the program's standard input though it is stopped. */
    private static final char INPUT = '>';
    /** In front of what is evaluated though the program runs. */
    private static final char EXPRESSION = '?';

    private final Session session;
    private final InputLine input;
    private final EvaluateProgress progress;

    AgentEvaluateHandler(Session session, Client client, InputLine input) {
        this.session = session;
        this.input = input;
        this.progress = new EvaluateProgress(session, client);
    }

    @Override
    public void handle(Request request, Reply reply) {
        String text = request.requiredString("expression");
        if (!isTyped(request)) {
            evaluate(request, text, reply);
            return;
        }
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        if (first == EXPRESSION) {
            evaluate(request, text.substring(1).strip(), reply);
        } else if (first == INPUT) {
            input.type(text.substring(1), reply);
        } else if (InputLine.isEnd(text) || (!session.debugging().isStopped() && takesInput())) {
            input.type(text, reply);
        } else {
            evaluate(request, text, reply);
        }
    }

    /** A client that names a frame and no context asks the debugger. */
    private static boolean isTyped(Request request) {
        return request.string("context")
                .map("repl"::equals)
                .orElse(request.integer("frameId").orElse(0) == 0);
    }

    /** Where the console is not the program's input, what is typed there can only be meant to be evaluated. */
    private boolean takesInput() {
        Optional<Debuggee> live = session.run().live();
        return live.isPresent() && live.get().input().isConnected();
    }

    private void evaluate(Request request, String expression, Reply reply) {
        session.run().target();
        JsonObject arguments = request.arguments().deepCopy();
        arguments.addProperty("expression", expression);
        // Where in an editor the text stands is told in the editor's own names of files, which need not be paths.
        arguments.remove("source");
        arguments.remove("line");
        arguments.remove("column");
        Request plain = new Request(request.seq(), request.command(), arguments);
        EvaluateProgress.Watch watch = progress.watch(plain, reply, expression);
        session.debugging().forward(plain, watch.reply());
    }
}
