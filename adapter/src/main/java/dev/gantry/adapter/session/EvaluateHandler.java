package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code evaluate} in the debug console: the line goes to the program's standard input; {@code .eof} ends that. Evaluating in other
 * contexts needs a debugger.
 */
final class EvaluateHandler implements Handler {
    private static final String END_OF_INPUT = ".eof";

    private final Session session;
    private @Nullable Debuggee reader;
    private @Nullable LineEncoder encoder;

    EvaluateHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        String line = request.requiredString("expression");
        String context = request.string("context").orElse("repl");
        if (!context.equals("repl")) {
            reply.failure(Failures.onlyInput(context));
            return;
        }
        Optional<Debuggee> live = session.run().live();
        if (live.isEmpty()) {
            reply.failure(
                    session.run().everStarted() ? Failures.targetEnded("evaluate") : Failures.noTarget("evaluate"));
            return;
        }
        Debuggee target = live.get();
        Optional<String> refusal = target.inputRefusal();
        if (refusal.isPresent()) {
            reply.failure(Failures.inputRefused(refusal.get()));
            return;
        }
        if (line.strip().equals(END_OF_INPUT)) {
            target.closeStdin();
            reply.success(Bodies.object("result", "", "variablesReference", 0));
            return;
        }
        LineEncoder lines = encoderFor(target);
        Optional<String> unknown = lines.unknownIn(line);
        if (unknown.isPresent()) {
            reply.failure(Failures.notInEncoding(unknown.get(), target.plan().outputEncoding()));
        } else {
            // Not held back until the program reads: people type ahead, and a console that waits looks dead.
            target.write(lines.encode(line), taken -> {});
            reply.success(Bodies.object("result", "", "variablesReference", 0));
        }
    }

    /** Each run's standard input is a stream of its own. */
    private LineEncoder encoderFor(Debuggee target) {
        if (encoder == null || reader != target) {
            reader = target;
            encoder = new LineEncoder(target.plan().outputEncoding());
        }
        return encoder;
    }
}
