package dev.gantry.adapter.e2e;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient.ReverseAnswer;
import dev.gantry.fixtures.Entry;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client's terminal: util-linux's {@code script} holds a real pseudo-terminal, types what we write, shows what we read. Runs what one
 * runInTerminal request asks for, on the client's reader thread; its output is collected by a thread of its own.
 */
final class FakeTerminal implements AutoCloseable {
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream(); // synchronized by itself
    private volatile @Nullable Process script;
    private volatile @Nullable Thread reader;
    private volatile JsonObject request = new JsonObject();

    /** Answers without a process id, as VS Code's remote terminals do. */
    ReverseAnswer run(Entry runInTerminal) {
        request = runInTerminal.arguments();
        String command = StreamSupport.stream(request.getAsJsonArray("args").spliterator(), false)
                .map(JsonElement::getAsString)
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        try {
            Process started = new ProcessBuilder("script", "-qefc", command, "/dev/null")
                    .directory(new File(request.get("cwd").getAsString()))
                    .redirectErrorStream(true)
                    .start();
            script = started;
            Thread thread = new Thread(() -> collect(started), "test-terminal");
            thread.setDaemon(true);
            thread.start();
            reader = thread;
        } catch (IOException e) {
            return new ReverseAnswer.Failure(e.toString());
        }
        return new ReverseAnswer.Success(new JsonObject());
    }

    private void collect(Process process) {
        try (var out = process.getInputStream()) {
            out.transferTo(screen);
        } catch (IOException closed) {
            screen.writeBytes(("[" + closed + "]").getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What was asked for. */
    JsonObject request() {
        return request;
    }

    String screen() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    void type(String keys) {
        try {
            started().getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
            started().getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return started().isAlive();
    }

    private Process started() {
        Process process = script;
        if (process == null) {
            throw new AssertionError("nothing was run in the terminal");
        }
        return process;
    }

    /** Closes the terminal's window: what runs in it gets SIGHUP. */
    @Override
    public void close() {
        Process process = script;
        Thread thread = reader;
        if (process == null || thread == null) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            process.getOutputStream().close();
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (IOException closedAlready) {
            // script has gone, and with it the other end.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
