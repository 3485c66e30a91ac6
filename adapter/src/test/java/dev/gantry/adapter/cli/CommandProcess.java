package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.adapter.e2e.PackedAdapter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link TestMain} as a process, over {@link FakeAdapter} or the real adapter; its output is collected, its end proved. */
final class CommandProcess implements AutoCloseable {
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private final Process process;
    private final Collected out;
    private final Collected err;

    private CommandProcess(Process process) {
        this.process = process;
        this.out = new Collected(process.getInputStream());
        this.err = new Collected(process.getErrorStream());
    }

    static CommandProcess start(String... arguments) throws IOException {
        return startWith("", arguments);
    }

    /** With an argument for the fake adapter. */
    static CommandProcess startWith(String adapterArgument, String... arguments) throws IOException {
        return new CommandProcess(builder(adapterArgument, arguments).start());
    }

    /** With its standard output sent to a file. */
    static CommandProcess startTo(Path output, String... arguments) throws IOException {
        return new CommandProcess(builder("", arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start());
    }

    private static ProcessBuilder builder(String adapterArgument, String... arguments) {
        List<String> command = new ArrayList<>(java("dev.gantry.adapter.cli.TestMain"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        String adapter = String.join(" ", java("dev.gantry.adapter.cli.FakeAdapter"));
        builder.environment().put(AdapterCommand.OVERRIDE, (adapter + " " + adapterArgument).strip());
        return builder;
    }

    /** The adapter's own main class, which starts itself again as the adapter. */
    static CommandProcess startReal(String... arguments) throws IOException {
        return new CommandProcess(realBuilder(List.of(), arguments).start());
    }

    /**
     * The same by a shell, for bytes and locales that this JVM may be unable to pass on.
     *
     * @param script runs "$@", which is the command
     */
    static CommandProcess startRealBy(String script, String... arguments) throws IOException {
        return new CommandProcess(
                realBuilder(List.of("sh", "-c", script, "sh"), arguments).start());
    }

    private static ProcessBuilder realBuilder(List<String> before, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.addAll(realCommand());
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().remove(AdapterCommand.OVERRIDE);
        return builder;
    }

    /** What starts the adapter's own main class. */
    static List<String> realCommand() {
        return java("dev.gantry.adapter.Main");
    }

    private static List<String> java(String mainClass) {
        List<String> command = new ArrayList<>(List.of(
                JAVA,
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xlog:disable",
                "--enable-native-access=ALL-UNNAMED"));
        command.addAll(PackedAdapter.options());
        command.addAll(List.of("-cp", PackedAdapter.classPath(), mainClass));
        return command;
    }

    Process process() {
        return process;
    }

    CommandProcess feed(byte[] input) throws IOException {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input);
        }
        return this;
    }

    int await() throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS))
                .as("it ends by itself")
                .isTrue();
        out.join();
        err.join();
        return process.exitValue();
    }

    byte[] outBytes() {
        return out.bytes.toByteArray();
    }

    String out() {
        return out.bytes.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.bytes.toString(StandardCharsets.UTF_8);
    }

    /** Ends it with all that it started, which must not outlive it. */
    @Override
    public void close() {
        List<ProcessHandle> left = process.descendants().toList();
        process.destroyForcibly();
        left.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    private static final class Collected {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        Collected(InputStream stream) {
            thread = new Thread(() -> {
                try (stream) {
                    stream.transferTo(bytes);
                } catch (IOException closed) {
                    return; // A test closed it, as a reader that goes does.
                }
            });
            thread.setDaemon(true);
            thread.start();
        }

        void join() throws InterruptedException {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        }
    }
}
