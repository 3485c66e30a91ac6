package dev.gantry.adapter.dap;

import dev.gantry.adapter.session.Client.Answer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Requests to the client that wait for their answers. Confined to the reactor. */
final class ReverseRequests {
    private final Map<Integer, Consumer<Answer>> pending = new HashMap<>();
    private final Trace trace;

    ReverseRequests(Trace trace) {
        this.trace = trace;
    }

    void sent(int seq, Consumer<Answer> onAnswer) {
        pending.put(seq, onAnswer);
    }

    void answered(Incoming.Response response) {
        Consumer<Answer> onAnswer = pending.remove(response.requestSeq());
        if (onAnswer == null) {
            trace.note("a response to request " + response.requestSeq() + ", which waits for none, is ignored");
            return;
        }
        tell(
                onAnswer,
                response.success() ? new Answer.Success(response.body()) : new Answer.Failed(response.message()));
    }

    /** Nobody will answer any more. */
    void failAll(String why) {
        List<Consumer<Answer>> waiting = List.copyOf(pending.values());
        pending.clear();
        waiting.forEach(onAnswer -> tell(onAnswer, new Answer.Failed(why)));
    }

    private void tell(Consumer<Answer> onAnswer, Answer answer) {
        try {
            onAnswer.accept(answer);
        } catch (RuntimeException e) {
            trace.fault("the answer to a reverse request", e);
        }
    }
}
