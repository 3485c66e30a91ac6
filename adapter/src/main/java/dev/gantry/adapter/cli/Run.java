package dev.gantry.adapter.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * {@code gantry run}: starts the adapter as a process of its own, runs one session over its standard streams on the calling
 * thread, and ends the process. Closing its input is what ends an adapter that does not end by itself.
 */
final class Run {
    private static final int OUTPUT_FAILED = 1;
    private static final int ADAPTER_FAILED = 125;
    private static final int NOT_STARTED = 126;
    private static final int NOT_FOUND = 127;
    private static final int SIGPIPE = 13;
    private static final long PATIENCE_SECONDS = 10;

    private Run() {}

    static int run(RunOptions options, List<String> command) throws IOException, InterruptedException {
        Map<String, String> environment = System.getenv();
        RunOutput output = new RunOutput(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                options.encoding().orElse(StandardCharsets.UTF_8),
                options.quiet(),
                isTerminal(2) && !environment.containsKey("NO_COLOR"));
        Process adapter = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        RunOutcome outcome;
        try {
            outcome = converse(adapter, options, output);
        } finally {
            end(adapter);
        }
        return status(outcome, options, output, environment);
    }

    private static RunOutcome converse(Process adapter, RunOptions options, RunOutput output) {
        Conversation conversation = new Conversation(adapter.getInputStream(), adapter.getOutputStream());
        InputForwarder input = new InputForwarder(conversation, new FileInputStream(FileDescriptor.in), output::note);
        RunSession session = new RunSession(conversation, LaunchArguments.of(options), output, input, options.json());
        TerminalSignals.handle(session::interrupt);
        return session.run();
    }

    /** Closes the adapter's streams and waits until it has ended its target and itself. */
    private static void end(Process adapter) throws InterruptedException {
        try {
            adapter.getOutputStream().close();
            adapter.getInputStream().close();
        } catch (IOException alreadyGone) {
            adapter.destroy();
        }
        if (!adapter.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            adapter.destroyForcibly();
        }
    }

    private static int status(
            RunOutcome outcome, RunOptions options, RunOutput output, Map<String, String> environment) {
        if (outcome instanceof RunOutcome.Exited exited) {
            return exited.code();
        } else if (outcome instanceof RunOutcome.NotStarted) {
            return exists(options, environment.getOrDefault("PATH", "")) ? NOT_STARTED : NOT_FOUND;
        } else if (outcome instanceof RunOutcome.AdapterFailed failed) {
            output.note("the adapter failed: " + failed.why());
            return ADAPTER_FAILED;
        } else if (outcome instanceof RunOutcome.OutputFailed failed) {
            output.note(failed.why());
            return OUTPUT_FAILED;
        } else {
            return 128 + SIGPIPE;
        }
    }

    /** Whether there is a program of that name at all, as a shell sees it. */
    static boolean exists(RunOptions options, String path) {
        if (!(options.target() instanceof RunOptions.Target.Program program)) {
            return true;
        }
        if (Files.exists(options.cwd().resolve(program.path()))) {
            return true;
        }
        return !program.path().contains("/")
                && Probe.onPath(program.path(), path).isPresent();
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return Optional.of(file)
                    .filter(name -> name.startsWith("/dev/pts/") || name.startsWith("/dev/tty"))
                    .isPresent();
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }
}
