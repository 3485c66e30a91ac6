package dev.gantry.launcher.windows;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** What is heard of a child: that it has said something, and how it ended. */
final class Told implements ProcessProtocol {
    final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    final CompletableFuture<ExitReason> ended = new CompletableFuture<>();

    @Override
    public void childDataReceived(int childFd, ByteBuffer data) {
        ready.complete(true);
    }

    @Override
    public void processEnded(ExitReason reason) {
        ended.complete(reason);
    }
}
