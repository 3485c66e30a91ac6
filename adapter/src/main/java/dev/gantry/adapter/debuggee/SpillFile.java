package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.config.FileFaults;
import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * The file that takes the output over the cap. Fed on the reactor, written by a thread of its own, which ends with {@link #finish}. What
 * waits for that thread is bounded by pausing the target.
 */
final class SpillFile {
    /** More than this waiting for the disk pauses the target. */
    private static final int MOST_WAITING = 1 << 20;

    private final Reactor reactor;
    private final Consumer<Boolean> hold;
    private final Consumer<String> note;
    /** Empty is the end. */
    private final BlockingQueue<Optional<ByteBuffer>> queue = new LinkedBlockingQueue<>();

    private final FileChannel channel;
    private final Path path;

    /** On the reactor's thread. */
    private int waiting;

    private boolean held;
    private boolean failed;
    private Runnable whenDone = () -> {};

    /**
     * @param file where; empty for a new temporary file
     * @param hold told to hold the target back, or to let it go on
     * @param note for the user
     * @throws IOException if the file cannot be made
     */
    SpillFile(Reactor reactor, Optional<Path> file, Consumer<Boolean> hold, Consumer<String> note) throws IOException {
        this.reactor = reactor;
        this.hold = hold;
        this.note = note;
        this.path = file.isPresent() ? file.get() : Files.createTempFile("gantry-output-", ".log");
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(path + " is no regular file");
        }
        this.channel = open(path);
        Thread writer = new Thread(this::writeAll, "output-spill");
        writer.setDaemon(true);
        writer.start();
    }

    private static FileChannel open(Path path) throws IOException {
        try {
            return FileChannel.open(
                    path, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new IOException(path + ": " + FileFaults.reason(path, e), e);
        }
    }

    Path path() {
        return path;
    }

    void write(ByteBuffer data) {
        ByteBuffer copy = ByteBuffer.allocate(data.remaining());
        copy.put(data).flip();
        waiting += copy.remaining();
        queue.add(Optional.of(copy));
        if (waiting > MOST_WAITING && !held) {
            held = true;
            hold.accept(true);
        }
    }

    /** Closes the file after all that was written; {@code done} is told on the reactor. */
    void finish(Runnable done) {
        whenDone = done;
        queue.add(Optional.empty());
    }

    private void writeAll() {
        try (channel) {
            for (Optional<ByteBuffer> piece = queue.take(); piece.isPresent(); piece = queue.take()) {
                int size = piece.get().remaining();
                writeOrDrop(piece.get());
                reactor.execute(() -> written(size));
            }
        } catch (IOException e) {
            reactor.execute(() -> report(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reactor.execute(() -> whenDone.run());
    }

    /** A full disk loses the rest of the file, not the session. */
    private void writeOrDrop(ByteBuffer piece) {
        try {
            while (piece.hasRemaining()) {
                channel.write(piece);
            }
        } catch (IOException e) {
            reactor.execute(() -> report(e));
        }
    }

    private void written(int size) {
        waiting -= size;
        if (held && waiting < MOST_WAITING / 2) {
            held = false;
            hold.accept(false);
        }
    }

    private void report(IOException error) {
        if (!failed) {
            failed = true;
            note.accept("output cannot be written to " + path + ": " + error.getMessage());
        }
    }
}
