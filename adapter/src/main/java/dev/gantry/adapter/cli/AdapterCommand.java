package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command that starts an adapter like this very process: the same java, options and jar. */
final class AdapterCommand {
    /** Replaces the command, split at blanks. */
    static final String OVERRIDE = "GANTRY_ADAPTER_COMMAND";

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final boolean WINDOWS = Platform.current() == Platform.WINDOWS;

    /** Ctrl+C comes to every process of a console there, and no process can leave it unheard by its own group. */
    private static final String DEAF = "-D" + TerminalSignals.IGNORE_INTERRUPT + "=true";

    private AdapterCommand() {}

    /**
     * @param environment our environment
     * @param own our command line
     * @param arguments how many arguments it ends with
     * @param log where the adapter is to keep its log
     */
    static List<String> of(Map<String, String> environment, OwnCommandLine own, int arguments, Optional<Path> log) {
        List<String> command = new ArrayList<>();
        if (!WINDOWS && Files.isExecutable(SETSID)) {
            // A session of its own: Ctrl+C goes to the whole foreground group, and is ours to act on.
            command.add(SETSID.toString());
        }
        String override = environment.getOrDefault(OVERRIDE, "");
        if (override.isBlank()) {
            command.addAll(
                    own.before(arguments).map(AdapterCommand::withOwnJava).orElseGet(AdapterCommand::plainCommand));
            if (WINDOWS) {
                command.add(1, DEAF);
            }
            command.add("dap");
        } else {
            command.addAll(Arrays.asList(override.strip().split(" +", -1)));
        }
        log.ifPresent(file -> command.addAll(List.of("--log", file.toString())));
        return command;
    }

    /** The first word need not be a path. */
    private static List<String> withOwnJava(List<String> command) {
        List<String> words = new ArrayList<>(command);
        words.set(0, ownJava());
        return words;
    }

    /** Where nobody tells how this process was started. */
    private static List<String> plainCommand() {
        return List.of(
                ownJava(), "-XX:-MaxFDLimit", "-cp", System.getProperty("java.class.path"), "dev.gantry.adapter.Main");
    }

    private static String ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
