package dev.gantry.launcher.portable;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The thread that reads a process's first piped output, and for that starts the process itself.
 *
 * <p>Once a child is reaped the JDK drains its output streams, standard output first, and closes them under whoever still
 * writes, a grandchild for one. It does so under the stream's monitor. This thread holds that from the moment of the start to
 * the end of the data; were another to take it over later, a child that ends at once would be faster.
 */
final class FirstReader {
    private final OptionalInt childFd;
    private final CompletableFuture<Process> started = new CompletableFuture<>();
    private final CompletableFuture<Runnable> pump = new CompletableFuture<>();

    /**
     * Not yet running.
     *
     * @param childFd the first output that is a pipe; without one there is nothing to hold, and no thread
     */
    FirstReader(OptionalInt childFd) {
        this.childFd = childFd;
    }

    /** Starts the process and waits until that is done. What the start throws, errors too, comes out here. */
    Process start(ProcessBuilder builder) throws IOException {
        if (childFd.isEmpty()) {
            return builder.start();
        }
        Thread thread = new Thread(() -> run(builder), "portable-start");
        thread.setDaemon(true);
        thread.start();
        try {
            return started.join();
        } catch (CompletionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof IOException refused) {
                throw refused;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof RuntimeException bug ? bug : failure;
        }
    }

    boolean reads(int fd) {
        return childFd.isPresent() && childFd.getAsInt() == fd;
    }

    /** The thread ends, unless {@link #continueWith} came first. After a start, whether it succeeded or not. */
    void letGo() {
        pump.complete(() -> {});
    }

    /** What the thread does from now on. Once, after the start. */
    void continueWith(Runnable body) {
        pump.complete(body);
    }

    private void run(ProcessBuilder builder) {
        Process process;
        try {
            process = builder.start();
        } catch (Throwable failure) {
            // Errors too (no thread for the JDK's waiter, for one): the reactor's thread waits for an answer.
            started.completeExceptionally(failure);
            return;
        }
        InputStream stream = reads(1) ? process.getInputStream() : process.getErrorStream();
        synchronized (stream) {
            started.complete(process);
            pump.join().run();
        }
    }
}
