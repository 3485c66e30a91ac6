package dev.gantry.launcher.linux;

import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A real terminal, script(1), that runs a command line; what is typed and what is shown. Closing kills its tree. */
final class TestScreen implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final Process terminal;
    /** None if it had ended before it could be looked at. */
    private final Optional<ProcessId> id;

    /** Its methods are synchronised. */
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

    private final Thread reader;

    TestScreen(String commandLine) throws IOException {
        terminal = new ProcessBuilder("script", "-qefc", commandLine, "/dev/null")
                .redirectErrorStream(true)
                .start();
        id = ProcFs.system().identity(terminal.pid());
        reader = new Thread(this::copy, "screen");
        reader.setDaemon(true);
        reader.start();
    }

    void type(String text) throws IOException {
        terminal.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        terminal.getOutputStream().flush();
    }

    void awaitText(String text) {
        await().atMost(SOON).until(() -> text().contains(text));
    }

    String text() {
        return shown.toString(StandardCharsets.UTF_8);
    }

    /** The terminal's end: its status is that of what it ran. */
    int exitCode() {
        await().atMost(SOON).until(() -> !terminal.isAlive());
        await().atMost(SOON).until(() -> !reader.isAlive());
        return terminal.exitValue();
    }

    ProcessId id() {
        return id.orElseThrow();
    }

    @Override
    public void close() throws IOException {
        if (terminal.isAlive()) {
            ProcFs.system().treeStats(id.stream().toList()).forEach(stat -> TestChild.kill(stat.id()));
        }
        exitCode();
        terminal.getOutputStream().close();
    }

    private void copy() {
        try (InputStream in = terminal.getInputStream()) {
            in.transferTo(shown);
        } catch (IOException ended) {
            shown.writeBytes(("[screen lost: " + ended.getMessage() + "]").getBytes(StandardCharsets.UTF_8));
        }
    }
}
