package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A user at a terminal: util-linux's {@code script} holds a real pseudo-terminal with an interactive shell in it, which controls jobs. The
 * command {@code ./gantry} runs the adapter's own main class. A thread of its own collects the screen; closed by whoever opened it.
 */
final class ShellTerminal implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final String PROMPT = "next> ";

    private final Process script;
    private final OutputStream keyboard;
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream(); // synchronized by itself

    private int seen; // the test's thread's

    private ShellTerminal(Process script) {
        this.script = script;
        this.keyboard = script.getOutputStream();
        Thread reader = new Thread(this::collect, "screen");
        reader.setDaemon(true);
        reader.start();
    }

    static ShellTerminal open(Path directory) throws IOException {
        Path gantry = Files.writeString(
                directory.resolve("gantry"),
                CommandProcess.realCommand().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" ", "#!/bin/sh\nexec ", " \"$@\"\n")));
        Files.setPosixFilePermissions(gantry, PosixFilePermissions.fromString("rwxr-xr-x"));
        ProcessBuilder builder = new ProcessBuilder(List.of("script", "-qfc", "exec sh -i", "/dev/null"))
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().remove(AdapterCommand.OVERRIDE);
        builder.environment().remove("ENV");
        ShellTerminal terminal = new ShellTerminal(builder.start());
        return terminal.type("PS1='" + PROMPT.charAt(0) + "''" + PROMPT.substring(1) + "'\n")
                .awaitPrompt();
    }

    private void collect() {
        try (InputStream shown = script.getInputStream()) {
            shown.transferTo(screen);
        } catch (IOException closed) {
            return; // The test is over.
        }
    }

    /** Presses keys: a line needs its end, and a control character is a key too. */
    ShellTerminal type(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
        return this;
    }

    /** Waits until the screen shows this, after what was waited for before. */
    ShellTerminal awaitScreen(String text) {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shown().substring(seen))
                        .as("the new on the screen")
                        .contains(text));
        seen = shown().indexOf(text, seen) + text.length();
        return this;
    }

    /** Waits until the shell wants a command: what is typed before may be read by the job that ends. */
    ShellTerminal awaitPrompt() {
        return awaitScreen(PROMPT);
    }

    String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        List<ProcessHandle> left = script.descendants().toList();
        left.forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
        script.onExit().join();
    }
}
