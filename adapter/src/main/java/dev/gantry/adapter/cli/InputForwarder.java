package dev.gantry.adapter.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Carries our standard input to the target's, its end too. Reads on a daemon thread of its own, one piece at a time: the next is
 * read when the adapter has answered, which it does when the target can take more. The thread ends with the input, or when the
 * target takes no more; one that still waits for input then does not keep the process alive.
 *
 * <p>A terminal is read while this process is in its foreground, and only then: who reads it in the background is stopped, and what
 * is typed there is meant for another.
 */
final class InputForwarder {
    private static final int PIECE = 1 << 15;
    /** How often we look whether we came to the foreground: nothing tells. */
    private static final long LOOK_MILLIS = 250;

    private final Conversation adapter;
    private final InputStream in;
    private final Runnable beforeTerminal;
    private final Consumer<String> trouble;
    private final BlockingQueue<Boolean> answers = new ArrayBlockingQueue<>(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final boolean terminal = OwnTerminal.isInput();
    private boolean started; // the reading thread's of the session

    /**
     * @param beforeTerminal is called before each read of a terminal, in its foreground
     * @param trouble hears why the input could not be read
     */
    InputForwarder(Conversation adapter, InputStream in, Runnable beforeTerminal, Consumer<String> trouble) {
        this.adapter = adapter;
        this.in = in;
        this.beforeTerminal = beforeTerminal;
        this.trouble = trouble;
    }

    /** Whether it reads our terminal, which we have the say in now. */
    boolean readsTerminal() {
        return terminal && !OwnTerminal.isInBackground();
    }

    /** Begins to read; once. */
    void start() {
        if (!started) {
            started = true;
            if (terminal) {
                // A read that finds itself in the background fails then, instead of stopping this process.
                TerminalSignals.ignore("TTIN");
            }
            Thread thread = new Thread(this::forward, "stdin");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Reads no more; a read that waits already goes on waiting. */
    void stop() {
        over.countDown();
    }

    private void forward() {
        byte[] piece = new byte[PIECE];
        try {
            while (awaitForeground()) {
                int count = read(piece);
                if (count < 0) {
                    adapter.request("gantry/closeStdin", null, answer -> {});
                    return;
                }
                if (count > 0 && !taken(piece, count)) {
                    return;
                }
            }
        } catch (IOException gone) {
            return; // The adapter is gone: the session's own thread sees that, and says it.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is something to read for us, perhaps after a wait: not when all is over. */
    private boolean awaitForeground() throws InterruptedException {
        if (terminal) {
            while (OwnTerminal.isInBackground()) {
                if (over.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
            if (over.getCount() > 0) {
                beforeTerminal.run();
            }
        }
        return over.getCount() > 0;
    }

    /** Like {@link InputStream#read(byte[])}, but nothing in the background; input that cannot be read is at its end. */
    private int read(byte[] piece) {
        try {
            return in.read(piece);
        } catch (IOException unreadable) {
            if (terminal && OwnTerminal.isInBackground()) {
                return 0;
            }
            trouble.accept("standard input cannot be read, so the program's is closed: " + unreadable.getMessage());
            return -1;
        }
    }

    private boolean taken(byte[] piece, int count) throws IOException, InterruptedException {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("base64", Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(piece, count)));
        adapter.request("gantry/write", arguments, this::answered);
        return answers.take();
    }

    private void answered(JsonObject answer) {
        JsonElement success = answer.get("success");
        answers.add(success != null && success.getAsBoolean());
    }
}
