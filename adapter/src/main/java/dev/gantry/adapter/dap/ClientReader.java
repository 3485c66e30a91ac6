package dev.gantry.adapter.dap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The thread {@code dap-reader}: reads the client's stream, parses, posts to the reactor in order. It touches no state of the
 * session. What waits for the reactor is bounded by the {@link Intake}, and none is read while too many answers wait for the
 * client. Ends with the stream, or with the reactor, and however it ends the session hears of it; a daemon, since a read from
 * stdin cannot be interrupted.
 */
final class ClientReader implements Runnable {
    private static final int CHUNK = 64 * 1024;
    /** While it waits, the end of the client's stream cannot be seen. */
    private static final Duration UNREAD_AT_MOST = Duration.ofSeconds(60);

    private final InputStream in;
    private final byte[] first;
    private final Executor reactor;
    private final Outbox outbox;
    private final Inbox inbox;
    private final Trace trace;
    private final Intake intake;
    private final FrameReader frames = new FrameReader();

    ClientReader(
            InputStream in, byte[] first, Executor reactor, Outbox outbox, Inbox inbox, Intake intake, Trace trace) {
        this.in = in;
        this.first = first;
        this.reactor = reactor;
        this.outbox = outbox;
        this.inbox = inbox;
        this.intake = intake;
        this.trace = trace;
    }

    @Override
    public void run() {
        String why = read();
        try {
            reactor.execute(() -> inbox.gone(why));
        } catch (RejectedExecutionException e) {
            trace.note("the client's stream ended after the reactor: " + why);
        }
    }

    /** Returns why it ended. */
    private String read() {
        try {
            byte[] chunk = new byte[CHUNK];
            Optional<String> fatal = take(ByteBuffer.wrap(first));
            while (fatal.isEmpty()) {
                int count = in.read(chunk);
                if (count < 0) {
                    return frames.atEnd().orElse("the client closed its stream");
                }
                fatal = take(ByteBuffer.wrap(chunk, 0, count));
            }
            return "the client's stream cannot be read any further: " + fatal.get();
        } catch (IOException e) {
            return "reading from the client failed: " + e.getMessage();
        } catch (InterruptedException | RejectedExecutionException e) {
            return "the adapter ends";
        } catch (RuntimeException | Error e) {
            // Out of memory too: what was half read is garbage now, and the session can end in order.
            return "reading from the client failed: " + e + "; " + trace.fault("dap-reader", e);
        }
    }

    /** Returns why the stream cannot be read any further, if it cannot. */
    private Optional<String> take(ByteBuffer bytes) throws InterruptedException {
        for (Optional<Frame> next = next(bytes); next.isPresent(); next = next(bytes)) {
            if (!outbox.awaitRoomForAnswers(UNREAD_AT_MOST)) {
                return Optional.of("the client does not read its answers");
            }
            Frame frame = next.get();
            if (frame instanceof Frame.Body body) {
                trace.received(body.bytes());
                parse(body.bytes());
            } else if (frame instanceof Frame.TooLong tooLong) {
                trace.note("a message of " + tooLong.length() + " bytes was read past");
                post(MessageParser.parse(tooLong, intake.bodyLimit()), 0);
            } else if (frame instanceof Frame.Fatal fatal) {
                post(new Incoming.Broken(fatal.reason() + "; the session ends, since nothing can be read after it"), 0);
                return Optional.of(fatal.reason());
            }
        }
        return Optional.empty();
    }

    private Optional<Frame> next(ByteBuffer bytes) {
        return frames.next(bytes, intake.bodyLimit());
    }

    private void parse(byte[] body) throws InterruptedException {
        int share = intake.take(body);
        boolean posted = false;
        try {
            post(MessageParser.parse(body), share);
            posted = true;
        } finally {
            if (!posted) {
                intake.giveBack(share);
            }
        }
    }

    private void post(Incoming message, int share) {
        reactor.execute(() -> {
            try {
                inbox.accept(message);
            } finally {
                intake.giveBack(share);
            }
        });
    }
}
