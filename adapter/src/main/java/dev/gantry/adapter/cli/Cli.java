package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line. Everything happens on the calling thread, and ends with the command. */
@Command(
        name = "gantry",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        synopsisSubcommandLabel = "[COMMAND]",
        description = {
            "A debug adapter: one program between any client of the Debug Adapter Protocol and any target program.",
            "",
            "Without a command it speaks the protocol over standard input and output, as @|bold gantry dap|@ does."
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  GANTRY_JAVA           the java to run, 17 or later",
            "  GANTRY_JAVA_OPTIONS   more options for it",
            "  GANTRY_BUILD          auto, always or never: when a checkout builds itself"
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:success", "2:the command line is wrong"})
public final class Cli implements Runnable {
    private Cli() {}

    /**
     * Runs the command that the arguments name.
     *
     * @return the exit status
     */
    public static int run(String[] arguments, Entry entry) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        OwnCommandLine own = OwnCommandLine.read();
        ExactArguments exact = Platform.current() == Platform.WINDOWS
                ? ExactArguments.onWindows(List.of(arguments), own)
                : ExactArguments.of(List.of(arguments), own);
        if (exact instanceof ExactArguments.NotText fault) {
            return explain(fault, err);
        }
        List<String> words = ((ExactArguments.Text) exact).words();
        CommandLine line = new CommandLine(new Cli())
                .addSubcommand(new DapCommand(entry))
                .addSubcommand(new ServeCommand(entry))
                .addSubcommand(runCommand(new RunCommand(own, words.size()), Platform.current()))
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new CommandLine.HelpCommand())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setUsageHelpLongOptionsMaxWidth(32)
                // A word that begins with @ is the program's, not a file of ours.
                .setExpandAtFiles(false)
                .registerConverter(Path.class, Cli::path)
                .setParameterExceptionHandler((wrong, args) -> explain(wrong, err))
                .setExecutionExceptionHandler((failure, command, result) -> fail(failure, err));
        if (Platform.current() == Platform.WINDOWS) {
            line.setColorScheme(CommandLine.Help.defaultColorScheme(colours(Platform.WINDOWS)));
        }
        return line.execute(words.toArray(String[]::new));
    }

    /** Picocli asks whether there is a terminal; on Windows it is content with a variable TERM, also where output goes to a pipe. */
    static CommandLine.Help.Ansi colours(Platform platform) {
        return platform == Platform.WINDOWS ? CommandLine.Help.Ansi.OFF : CommandLine.Help.Ansi.AUTO;
    }

    static CommandLine runCommand(RunCommand command, Platform platform) {
        CommandLine line = new CommandLine(command).setStopAtPositional(true);
        if (platform == Platform.WINDOWS) {
            line.setResourceBundle(new RunOnWindows());
        }
        return line;
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException unnameable) {
            throw new TypeConversionException("'" + name + "' cannot be used: " + FileNames.advice(System.getenv()));
        }
    }

    private static int explain(ExactArguments.NotText fault, PrintWriter err) {
        err.println("gantry: argument " + fault.position() + " (" + fault.shown()
                + ") is not UTF-8, and would not arrive as it is");
        err.println("Let a shell make it: gantry run sh -c 'PROGRAM \"$(printf ...)\"'.");
        return CommandLine.ExitCode.USAGE;
    }

    @Override
    public void run() {
        throw new IllegalStateException("without a command the protocol is spoken; the caller sees to that");
    }

    /** One line for the fault, one for where to read on. */
    private static int explain(ParameterException wrong, PrintWriter err) {
        CommandLine command = wrong.getCommandLine();
        String message = Optional.ofNullable(wrong.getMessage()).orElse("the command line is wrong");
        err.println("gantry: " + message.lines().findFirst().orElse(message));
        String hint = "Try '" + command.getCommandSpec().qualifiedName() + " --help'.";
        List<String> near =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (wrong instanceof UnmatchedArgumentException unmatched && isProgram(unmatched)) {
            hint = "To run a program: 'gantry run " + unmatched.getUnmatched().get(0) + "'. " + hint;
        }
        err.println(near.isEmpty() ? hint : "Did you mean " + String.join(" or ", near) + "? " + hint);
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** Whether the command's place holds some other word: likely a program to run. */
    private static boolean isProgram(UnmatchedArgumentException unmatched) {
        boolean noCommand = unmatched.getCommandLine().getParent() == null;
        return noCommand
                && !unmatched.isUnknownOption()
                && !unmatched.getUnmatched().isEmpty();
    }

    private static int fail(Exception failure, PrintWriter err) throws Exception {
        if (failure instanceof IOException) {
            err.println("gantry: " + failure.getMessage());
            return 1;
        }
        throw failure;
    }
}
