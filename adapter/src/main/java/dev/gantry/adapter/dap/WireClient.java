package dev.gantry.adapter.dap;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import dev.gantry.adapter.session.Reply;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a session: everything that we send goes through here, and gets its number when it is queued. Confined to
 * the reactor; made and ended by {@link DapConnection}.
 */
final class WireClient implements Client {
    private final Outbox outbox;
    private final OutputPort output;
    private final Sequence sequence;
    private final MessageEncoder messages = new MessageEncoder();
    private final ReverseRequests reverse;
    private final Trace trace;
    private boolean gone;
    private boolean closed;

    WireClient(Outbox outbox, OutputPort output, Sequence sequence, ReverseRequests reverse, Trace trace) {
        this.outbox = outbox;
        this.output = output;
        this.sequence = sequence;
        this.reverse = reverse;
        this.trace = trace;
    }

    @Override
    public void event(String name, @Nullable Object body) {
        if (isOpen()) {
            output.pushOut();
            queue(messages.event(sequence.next(), name, name.equals("output") ? onItsOwnLine(body) : body));
        }
    }

    /** Clients show all output in one place: what we say there is not to be glued to the program's unfinished line. */
    private @Nullable Object onItsOwnLine(@Nullable Object body) {
        if (!(body instanceof JsonObject said) || !(said.get("output") instanceof JsonPrimitive text)) {
            return body;
        }
        JsonObject changed = said.deepCopy();
        changed.addProperty("output", output.ownLine(text.getAsString()));
        return changed;
    }

    @Override
    public void request(String command, Object arguments, Consumer<Answer> onAnswer) {
        if (!isOpen()) {
            onAnswer.accept(new Answer.Failed("the client is gone"));
            return;
        }
        output.pushOut();
        int seq = sequence.next();
        byte[] frame = messages.request(seq, command, arguments);
        reverse.sent(seq, onAnswer);
        queue(frame);
    }

    @Override
    public OutputChannel outputChannel(OutputFormat format) {
        return output.open(format);
    }

    @Override
    public boolean isCrowded() {
        return isOpen() && outbox.isCrowded();
    }

    @Override
    public void whenFlushed(Runnable task) {
        output.pushOut();
        outbox.whenFlushed(task);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            trace.note("the connection is closed");
            output.end();
            reverse.failAll("the session has ended");
            outbox.close();
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** The client's end of the stream is broken: nothing that is sent arrives. */
    void dead(String why) {
        if (!gone) {
            gone = true;
            output.end();
            reverse.failAll(why);
        }
    }

    /** The client sends nothing more; it may still read. */
    void silent(String why) {
        reverse.failAll(why);
    }

    /** From the writer: see {@link Outbox.Listener}. */
    void outputDrained() {
        output.outputDrained();
    }

    /** From the writer: see {@link Outbox.Listener}. */
    void outputIdle() {
        output.idle();
    }

    Reply replyTo(int seq, String command) {
        return new OneReply(seq, command);
    }

    /** For a request that was answered before there was a session; see {@link EarlyInitialize}. */
    Reply answered(String command) {
        return new EarlyReply(command);
    }

    void refuse(long seq, String command, String why) {
        if (isOpen()) {
            output.pushOut();
            queue(messages.failure(sequence.next(), seq, command, WireFailures.notUnderstood(why)));
        }
    }

    private boolean isOpen() {
        return !gone && !closed;
    }

    private void queue(byte[] frame) {
        trace.sent(frame, 0, frame.length);
        outbox.control(frame, 0, frame.length);
    }

    private final class OneReply implements Reply {
        private final int seq;
        private final String command;
        private boolean given;

        OneReply(int seq, String command) {
            this.seq = seq;
            this.command = command;
        }

        @Override
        public void success(@Nullable Object body) {
            if (mayAnswer()) {
                output.pushOut();
                answer(messages.success(sequence.next(), seq, command, body));
            }
        }

        @Override
        public void failure(Failure failure) {
            if (mayAnswer()) {
                output.pushOut();
                answer(messages.failure(sequence.next(), seq, command, failure));
            }
        }

        @Override
        public boolean isOpen() {
            return !given;
        }

        private void answer(byte[] frame) {
            given = true;
            queue(frame);
        }

        private boolean mayAnswer() {
            if (given) {
                String what = "a second answer to '" + command + "' (request " + seq + ")";
                trace.fault(what, new IllegalStateException(what + " is not sent"));
                return false;
            }
            given = !WireClient.this.isOpen();
            return !given;
        }
    }

    private final class EarlyReply implements Reply {
        private final String command;

        EarlyReply(String command) {
            this.command = command;
        }

        @Override
        public void success(@Nullable Object body) {
            // Was said already.
        }

        @Override
        public void failure(Failure failure) {
            String what = "'" + command + "' was answered with success early, and now fails: " + failure.message();
            if (failure.blame() == Failure.Blame.EXPECTED) {
                // A signal may have ended the session before it heard the request.
                trace.note(what);
                return;
            }
            trace.fault(what, new IllegalStateException(what));
        }

        @Override
        public boolean isOpen() {
            return false;
        }
    }
}
