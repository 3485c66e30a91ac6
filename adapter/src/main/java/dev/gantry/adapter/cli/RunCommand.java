package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Encodings;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.adapter.config.LaunchResult;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code gantry run}: the options, and their check. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = {
            "@|bold gantry run|@ [OPTIONS] [--] PROGRAM [ARGS...]",
            "       @|bold gantry run|@ [OPTIONS] -m MODULE [ARGS...]",
            "       @|bold gantry run|@ [OPTIONS] -c CODE [ARGS...]"
        },
        descriptionHeading = "%n",
        description = {
            "Runs a program through the adapter, as a client would, and behaves like the program: its output is our"
                    + " output, byte for byte; our standard input is its input, its end too; its exit status is ours.",
            "",
            "Ctrl+C, SIGTERM and SIGHUP stop the program by its stop ladder; a second one kills it, and a third one ends"
                    + " the adapter too. Ctrl+Z pauses the program with us. Lines about the run (what is started, how it"
                    + " ended) go to standard error."
        },
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "n:the program's own",
            "128 + n:the program was killed by signal n, or we were before it was started",
            "125:the adapter failed",
            "126:the program could not be started",
            "127:there is no such program",
            "1:our output or the log cannot be written",
            "2:the command line is wrong"
        })
final class RunCommand implements Callable<Integer> {
    private final OwnCommandLine own;
    private final int argumentCount;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-m", "--module"},
            paramLabel = "NAME",
            parameterConsumer = RestIsTheProgram.class,
            description = "Run a Python module, as python -m does: what follows is the module's.")
    private @Nullable String module;

    @Option(
            names = {"-c", "--code"},
            paramLabel = "TEXT",
            parameterConsumer = RestIsTheProgram.class,
            description = "Run Python text, as python -c does: what follows is the text's.")
    private @Nullable String code;

    @Mixin
    private RunBreakpoints breakpoints = new RunBreakpoints();

    @Option(
            names = "--python",
            paramLabel = "PATH",
            description = "The Python interpreter: a path or a name on the PATH.")
    private Optional<String> python = Optional.empty();

    @Option(
            names = "--runtime",
            paramLabel = "KIND",
            description = "What the program is: python or process (default: by its name).")
    private Optional<String> runtime = Optional.empty();

    @Option(names = "--cwd", paramLabel = "DIR", description = "The program's working directory (default: ours).")
    private Path cwd = Path.of("");

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = "Set an environment variable; may be repeated.")
    private List<String> environment = new ArrayList<>();

    @Option(names = "--unset", paramLabel = "NAME", description = "Remove an environment variable; may be repeated.")
    private List<String> unset = new ArrayList<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Read environment variables from a file; may be repeated. --env wins.")
    private List<Path> envFiles = new ArrayList<>();

    @Option(
            names = {"-n", "--no-input"},
            description =
                    "Give the program no input, and leave ours alone: without this, what it does not read is lost to"
                            + " who reads after it, such as the loop of a shell script.")
    private boolean noInput;

    @Option(
            names = "--tty",
            description =
                    "Give the program a pseudo-terminal instead of pipes. Keys typed at our terminal are its own then,"
                            + " Ctrl+C too.")
    private boolean tty;

    @Option(
            names = "--merge-output",
            description =
                    "Send its standard error where its standard output goes, in exact order. Done in any case where"
                            + " ours are one terminal, file or pipe, as with 2>&1, unless with --json.")
    private boolean mergeOutput;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "What the output is encoded in (default: UTF-8); bytes pass unchanged anyway.")
    private Optional<String> encoding = Optional.empty();

    @Option(
            names = "--stop-ladder",
            paramLabel = "STEPS",
            split = ",",
            description = "The signals that stop the program and the seconds it has after each, such as"
                    + " SIGINT:1.5,SIGTERM:1.5. SIGKILL comes last in any case.")
    private List<String> stopLadder = new ArrayList<>();

    @Option(
            names = "--kill-tree",
            paramLabel = "WHEN",
            description =
                    "When the program's descendants are ended: stop (when it is stopped), always (also when it ends by"
                            + " itself) or never.")
    private Optional<String> killTree = Optional.empty();

    @Option(
            names = {"-q", "--quiet"},
            description = "Hide the lines about the run.")
    private boolean quiet;

    @Option(
            names = "--json",
            description = "Print every message of the adapter as a line of JSON, instead of the output.")
    private boolean json;

    @Option(names = "--log", paramLabel = "FILE", description = "Have the adapter keep its log in FILE.")
    private Optional<Path> log = Optional.empty();

    @Parameters(
            paramLabel = "PROGRAM [ARGS...]",
            arity = "0..*",
            description = "What to run, and its arguments, verbatim.")
    private List<String> words = new ArrayList<>();

    /**
     * @param own the command line, from which the adapter's is made
     * @param argumentCount how many arguments it ends with
     */
    RunCommand(OwnCommandLine own, int argumentCount) {
        this.own = own;
        this.argumentCount = argumentCount;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        RunOptions options = options();
        if (options.log().isPresent()) {
            LogFile.check(options.log().get());
        }
        if (options.debug().isPresent() && isNoPython(options)) {
            throw wrong("--break and --log-point look into Python programs, and this is none; if it is one, say"
                    + " --runtime python");
        }
        return Run.run(options, AdapterCommand.of(System.getenv(), own, argumentCount, options.log()));
    }

    /** What cannot be launched at all is told by the launch. */
    private static boolean isNoPython(RunOptions options) {
        return new LaunchParser(Host.current()).parse(LaunchArguments.of(options))
                        instanceof LaunchResult.Accepted launch
                && launch.plan().debugging().isEmpty();
    }

    RunOptions options() {
        RunOptions.Target target;
        List<String> arguments = List.copyOf(words);
        if (module != null) {
            target = new RunOptions.Target.Module(module);
        } else if (code != null) {
            target = new RunOptions.Target.Code(code);
        } else if (words.isEmpty()) {
            throw wrong("no program was named");
        } else {
            target = new RunOptions.Target.Program(words.get(0));
            arguments = arguments.subList(1, arguments.size());
        }
        return new RunOptions(
                target,
                arguments,
                cwd.toAbsolutePath().normalize(),
                variables(),
                unset,
                envFiles.stream().map(Path::toAbsolutePath).toList(),
                python,
                oneOf("--runtime", runtime, List.of("python", "process")),
                noInput,
                tty,
                stopLadder,
                oneOf("--kill-tree", killTree, List.of("stop", "always", "never")),
                mergeOutput,
                encoding.map(this::charset),
                quiet,
                json,
                log.map(Path::toAbsolutePath),
                debug(target));
    }

    private Optional<DebugRequest> debug(RunOptions.Target target) {
        try {
            return breakpoints.request(target, cwd.toAbsolutePath().normalize());
        } catch (BreakpointWords.WrongException fault) {
            throw wrong(String.valueOf(fault.getMessage()));
        }
    }

    private Map<String, String> variables() {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String assignment : environment) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw wrong("--env wants NAME=VALUE, not '" + assignment + "'");
            }
            variables.put(assignment.substring(0, equals), assignment.substring(equals + 1));
        }
        return variables;
    }

    private Optional<String> oneOf(String option, Optional<String> value, List<String> allowed) {
        if (value.isPresent() && !allowed.contains(value.get())) {
            throw wrong(option + " is one of " + String.join(", ", allowed) + ", not '" + value.get() + "'");
        }
        return value;
    }

    private Charset charset(String name) {
        return Encodings.named(name)
                .orElseThrow(() -> wrong("--encoding: there is no encoding '" + name
                        + "'; names are such as utf-8, latin1, cp1252 or utf-16le"));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
    }
}
