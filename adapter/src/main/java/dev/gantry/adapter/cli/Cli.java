package dev.gantry.adapter.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
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
    private final Entry entry;
    private final List<String> arguments;

    private Cli(Entry entry, List<String> arguments) {
        this.entry = entry;
        this.arguments = arguments;
    }

    /**
     * Runs the command that the arguments name.
     *
     * @return the exit status
     */
    public static int run(String[] arguments, Entry entry) {
        Cli cli = new Cli(entry, List.of(arguments));
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        CommandLine line = new CommandLine(cli)
                .addSubcommand(new DapCommand(cli.entry))
                .addSubcommand(new ServeCommand(cli.entry))
                .addSubcommand(new CommandLine(new RunCommand(cli.arguments)).setStopAtPositional(true))
                .addSubcommand(new DoctorCommand())
                .setOut(out)
                .setErr(err)
                .setUsageHelpWidth(100)
                .setUsageHelpLongOptionsMaxWidth(32)
                .setParameterExceptionHandler((wrong, args) -> explain(wrong, err))
                .setExecutionExceptionHandler((failure, command, result) -> fail(failure, err));
        return line.execute(arguments);
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
