package dev.gantry.adapter.cli;

import com.google.gson.JsonObject;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.adapter.config.LaunchResult;
import dev.gantry.adapter.config.Platform;
import dev.gantry.adapter.config.StopStep;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
    /** For an adapter to end itself, besides the time that its program may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunOptions options;
    private final Map<String, String> environment = Platform.current().asLookedUp(System.getenv());
    private final RunOutput output;
    private final Process adapter;
    private final TerminalMode mode = new TerminalMode();
    private final Interrupts interrupts;

    /** Whether our two outputs are one. */
    private final boolean onePlace;

    private Run(RunOptions options, RunOutput output, boolean onePlace, Process adapter) {
        this.options = options;
        this.onePlace = onePlace;
        this.output = output;
        this.adapter = adapter;
        this.interrupts = new Interrupts(adapter, output, mode);
    }

    /**
     * One run, from the start to the end of the adapter.
     *
     * @param command what starts the adapter
     * @return the exit status
     */
    static int run(RunOptions options, List<String> command) throws IOException, InterruptedException {
        boolean onePlace = printsToOnePlace();
        RunOutput output = new RunOutput(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                options.encoding().orElse(StandardCharsets.UTF_8),
                options.quiet(),
                OwnTerminal.isTerminal(2) && !System.getenv().containsKey("NO_COLOR"),
                onePlace);
        Process adapter = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Run(options, output, onePlace, adapter).run();
    }

    private int run() throws InterruptedException {
        JsonObject launch = launchArguments();
        try {
            RunOutcome outcome;
            try {
                outcome = converse(launch);
            } finally {
                end(launch);
            }
            return status(outcome);
        } finally {
            interrupts.ended();
        }
    }

    private JsonObject launchArguments() {
        JsonObject launch = LaunchArguments.of(options);
        if (options.tty()) {
            OwnTerminal.size().ifPresent(size -> launch.add("tty", size.toJson()));
        } else if (!options.json() && onePlace) {
            // By two pipes, the lines of the two would arrive in another order than they were written in.
            launch.addProperty("mergeOutput", true);
        }
        return launch;
    }

    /** Whether our standard output and error are the same terminal, file or pipe. Only Linux tells. */
    private static boolean printsToOnePlace() {
        try {
            Path descriptors = Path.of("/proc/self/fd");
            return Files.readSymbolicLink(descriptors.resolve("1"))
                    .equals(Files.readSymbolicLink(descriptors.resolve("2")));
        } catch (IOException | UnsupportedOperationException notLinux) {
            return false;
        }
    }

    private RunOutcome converse(JsonObject launch) {
        Conversation conversation = new Conversation(adapter.getInputStream(), adapter.getOutputStream());
        InputForwarder input = new InputForwarder(
                conversation, new FileInputStream(FileDescriptor.in), this::beforeTerminal, output::note);
        RunSession session = new RunSession(conversation, launch, output, options.json(), debugger(conversation));
        interrupts.ask(session::stopOrKill);
        RunSignals.connect(session, interrupts, mode, options.tty());
        if (options.tty() && !options.noInput() && input.readsTerminal()) {
            // Now, while the adapter starts: the program's own first words invite to type.
            mode.hideKeys();
        }
        RunOutcome outcome = session.run(options.noInput() ? () -> {} : input::start);
        input.stop();
        return outcome;
    }

    private Optional<RunDebugger> debugger(Conversation conversation) {
        StopText text =
                new StopText(List.of(Path.of("").toAbsolutePath(), options.cwd()), new SourceFiles(options.target()));
        return options.debug()
                .map(request ->
                        new RunDebugger(conversation, request, text, options.json() ? lines -> {} : output::show));
    }

    private void beforeTerminal() {
        if (options.tty()) {
            mode.passKeys();
        }
    }

    /**
     * Closes the adapter's input, drops what it still says, and waits until it has ended its target and itself. Its output stays
     * open: a target in its stop ladder writes its last words.
     */
    private void end(JsonObject launch) throws InterruptedException {
        interrupts.left();
        mode.close();
        try {
            adapter.getOutputStream().close();
        } catch (IOException alreadyGone) {
            adapter.destroy();
        }
        Thread drain = new Thread(this::dropTheRest, "drain");
        drain.setDaemon(true);
        drain.start();
        if (!ends(PATIENCE) && !ends(stopsWithin(launch))) {
            output.note("the adapter did not end in time and was killed; its guardian ends what it had started");
            adapter.destroyForcibly();
        }
    }

    private void dropTheRest() {
        try {
            adapter.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException broken) {
            return; // There is no more of it, which is all that is wanted.
        }
    }

    private boolean ends(Duration within) throws InterruptedException {
        return adapter.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How long the program may take to end when it is stopped, as the adapter reads the same launch. */
    static Duration stopsWithin(JsonObject launch) {
        return new LaunchParser(Host.current()).parse(launch) instanceof LaunchResult.Accepted accepted
                ? accepted.plan().stopLadder().stream()
                        .map(StopStep::patience)
                        .reduce(accepted.plan().drainTimeout(), Duration::plus)
                : Duration.ZERO;
    }

    private int status(RunOutcome outcome) {
        if (outcome instanceof RunOutcome.Exited exited) {
            return exited.code();
        } else if (interrupts.gaveUp()) {
            output.note(interrupts.words());
            return interrupts.status();
        } else if (outcome instanceof RunOutcome.Interrupted) {
            return interrupts.status();
        } else if (outcome instanceof RunOutcome.NotStarted) {
            return notStarted();
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

    private int notStarted() {
        if (isUnnameable()) {
            // It may well exist.
            output.note(FileNames.advice(environment));
            return NOT_STARTED;
        }
        return exists(options, environment.getOrDefault("PATH", "")) ? NOT_STARTED : NOT_FOUND;
    }

    /** Whether the locale has no name for the program, or has mangled that of our working directory. */
    private boolean isUnnameable() {
        return (options.target() instanceof RunOptions.Target.Program program
                        && Probe.path(program.path()).isEmpty())
                || (!FileNames.areAll() && !Files.isDirectory(options.cwd()));
    }

    /** Whether there is a program of that name at all, as a shell sees it. */
    static boolean exists(RunOptions options, String path) {
        if (!(options.target() instanceof RunOptions.Target.Program program)) {
            return true;
        }
        Path file = options.cwd().resolve(program.path());
        if (Files.exists(file)
                || Platform.current().programNames(String.valueOf(file.getFileName())).stream()
                        .anyMatch(name -> Files.exists(file.resolveSibling(name)))) {
            return true;
        }
        return Platform.current().isBare(program.path())
                && Probe.onPath(program.path(), path).isPresent();
    }
}
