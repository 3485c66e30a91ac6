package dev.gantry.launcher.linux;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was refused while everybody was tried: one refusal keeps nobody else from his turn. Confined to one thread. */
final class Refusals {
    private @Nullable IOException first;

    /** Something that may be refused. */
    @FunctionalInterface
    interface Attempt {
        void make() throws IOException;
    }

    /** Something that may be refused, and gives an answer otherwise. */
    @FunctionalInterface
    interface Question {
        boolean ask() throws IOException;
    }

    void collect(Attempt attempt) {
        try {
            attempt.make();
        } catch (IOException refused) {
            add(refused);
        }
    }

    /** The answer; empty if it was refused. */
    Optional<Boolean> answer(Question question) {
        try {
            return Optional.of(question.ask());
        } catch (IOException refused) {
            add(refused);
            return Optional.empty();
        }
    }

    void add(IOException refused) {
        IOException before = first;
        if (before == null) {
            first = refused;
        } else if (before != refused) {
            before.addSuppressed(refused);
        }
    }

    /** The first one, with those that followed as suppressed ones. */
    void throwIfAny() throws IOException {
        IOException refusal = first;
        if (refusal != null) {
            throw refusal;
        }
    }
}
