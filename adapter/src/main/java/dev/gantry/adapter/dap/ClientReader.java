package dev.gantry.adapter.dap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * The thread {@code dap-reader}: reads the client's stream, parses, posts to the reactor in order. It touches no state of the
 * session. At most {@value FrameReader#BODY_LIMIT} bytes of messages wait for the reactor, and none is read while too many answers
 * wait for the client. Ends with the stream, or with the
 * reactor; a daemon, since a read from stdin cannot be interrupted.
 */
final class ClientReader implements Runnable {
    private static final int CHUNK = 64 * 1024;

    private final InputStream in;
    private final byte[] first;
    private final Executor reactor;
    private final Outbox outbox;
    private final Inbox inbox;
    private final Trace trace;
    private final FrameReader frames = new FrameReader();
    private final Semaphore budget = new Semaphore(FrameReader.BODY_LIMIT);

    ClientReader(InputStream in, byte[] first, Executor reactor, Outbox outbox, Inbox inbox, Trace trace) {
        this.in = in;
        this.first = first;
        this.reactor = reactor;
        this.outbox = outbox;
        this.inbox = inbox;
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
        } catch (RuntimeException e) {
            return "reading from the client failed: " + trace.fault("dap-reader", e);
        }
    }

    /** Returns why the stream cannot be read any further, if it cannot. */
    private Optional<String> take(ByteBuffer bytes) throws InterruptedException {
        for (Optional<Frame> next = frames.next(bytes); next.isPresent(); next = frames.next(bytes)) {
            Frame frame = next.get();
            if (frame instanceof Frame.Body body) {
                trace.received(body.bytes());
                post(MessageParser.parse(body.bytes()), body.bytes().length);
            } else if (frame instanceof Frame.TooLong tooLong) {
                trace.note("a message of " + tooLong.length() + " bytes was read past");
                post(MessageParser.parse(tooLong), 0);
            } else if (frame instanceof Frame.Fatal fatal) {
                post(new Incoming.Broken(fatal.reason() + "; the session ends, since nothing can be read after it"), 0);
                return Optional.of(fatal.reason());
            }
        }
        return Optional.empty();
    }

    private void post(Incoming message, int size) throws InterruptedException {
        outbox.awaitRoomForAnswers();
        budget.acquire(size);
        reactor.execute(() -> {
            budget.release(size);
            inbox.accept(message);
        });
    }
}
