package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is typed in the debug console for the program: the line goes to its standard input; {@code .eof} alone ends that. */
final class InputLine {
    private static final String END_OF_INPUT = ".eof";

    private final Session session;
    private @Nullable Debuggee reader;
    private @Nullable LineEncoder encoder;

    InputLine(Session session) {
        this.session = session;
    }

    static boolean isEnd(String line) {
        return line.strip().equals(END_OF_INPUT);
    }

    void type(String line, Reply reply) {
        Optional<Debuggee> live = session.run().live();
        if (live.isEmpty()) {
            reply.failure(
                    session.run().everStarted() ? Failures.targetEnded("evaluate") : Failures.noTarget("evaluate"));
            return;
        }
        Debuggee target = live.get();
        Optional<String> refusal = target.input().refusal();
        if (refusal.isPresent()) {
            reply.failure(Failures.inputRefused(refusal.get()));
            return;
        }
        if (isEnd(line)) {
            target.input().close();
            reply.success(Bodies.object("result", "", "variablesReference", 0));
            return;
        }
        LineEncoder lines = encoderFor(target);
        Optional<String> unknown = lines.unknownIn(line);
        if (unknown.isPresent()) {
            reply.failure(Failures.notInEncoding(unknown.get(), target.plan().outputEncoding()));
        } else {
            // Not held back until the program reads: people type ahead, and a console that waits looks dead.
            target.input().write(lines.encode(line), taken -> {});
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
