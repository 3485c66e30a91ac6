package dev.gantry.launcher.linux;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A protocol that keeps the output and lets a test wait for the end. */
final class Listening implements ProcessProtocol {
    private static final int SECONDS = 30;

    /** Guarded by itself. */
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    private final CompletableFuture<String> firstOutput = new CompletableFuture<>();
    private final CompletableFuture<ExitReason> exited = new CompletableFuture<>();
    private final CompletableFuture<ExitReason> ended = new CompletableFuture<>();

    @Override
    public void childDataReceived(int childFd, ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        synchronized (output) {
            output.writeBytes(bytes);
        }
        firstOutput.complete(text());
    }

    @Override
    public void processExited(ExitReason reason) {
        exited.complete(reason);
    }

    @Override
    public void processEnded(ExitReason reason) {
        ended.complete(reason);
    }

    String text() {
        synchronized (output) {
            return output.toString(StandardCharsets.UTF_8);
        }
    }

    String awaitOutput() throws Exception {
        return firstOutput.get(SECONDS, TimeUnit.SECONDS);
    }

    ExitReason awaitExited() throws Exception {
        return exited.get(SECONDS, TimeUnit.SECONDS);
    }

    ExitReason awaitEnded() throws Exception {
        return ended.get(SECONDS, TimeUnit.SECONDS);
    }
}
