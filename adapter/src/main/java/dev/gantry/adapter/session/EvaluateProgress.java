package dev.gantry.adapter.session;

import dev.gantry.adapter.model.Failure;
import dev.gantry.launcher.DelayedCall;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows what takes long to be evaluated as progress that can be cancelled, where the client can show that. Confined to the reactor. */
final class EvaluateProgress {
    private static final Duration LONG = Duration.ofSeconds(1);
    private static final int TITLE = 60;

    private final Session session;
    private final Client client;
    private int lastId;

    EvaluateProgress(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    /** Watches a request until it is answered through {@link Watch#reply()}. */
    Watch watch(Request request, Reply reply, String expression) {
        Watch watch = new Watch(reply, request.seq(), expression);
        if (session.clientInfo().progress()) {
            watch.timer = session.reactor().callLater(LONG, watch::begin);
        }
        return watch;
    }

    /** One request. */
    final class Watch {
        private final Reply reply;
        private final int seq;
        private final String expression;
        private @Nullable DelayedCall timer;
        private String id = "";

        Watch(Reply reply, int seq, String expression) {
            this.reply = reply;
            this.seq = seq;
            this.expression = expression;
        }

        Reply reply() {
            return new Reply() {
                @Override
                public void success(@Nullable Object body) {
                    reply.success(body);
                    end();
                }

                @Override
                public void failure(Failure failure) {
                    reply.failure(failure);
                    end();
                }

                @Override
                public boolean isOpen() {
                    return reply.isOpen();
                }
            };
        }

        private void begin() {
            if (reply.isOpen()) {
                id = "evaluate-" + ++lastId;
                session.debugging().progress(id, seq);
                String shown = expression.length() <= TITLE ? expression : expression.substring(0, TITLE) + "…";
                client.event(
                        "progressStart",
                        Bodies.object(
                                "progressId",
                                id,
                                "title",
                                "Evaluating " + shown.replace('\n', ' '),
                                "requestId",
                                seq,
                                "cancellable",
                                true));
            }
        }

        private void end() {
            if (timer != null) {
                timer.cancel();
            }
            if (!id.isEmpty()) {
                client.event("progressEnd", Bodies.object("progressId", id));
                session.debugging().progressEnded(id);
                id = "";
            }
        }
    }
}
