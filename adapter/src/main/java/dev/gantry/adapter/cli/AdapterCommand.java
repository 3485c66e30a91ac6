package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    private AdapterCommand() {}

    /**
     * @param environment our environment
     * @param ownArguments the arguments of our command line, which end our own command
     * @param log where the adapter is to keep its log
     */
    static List<String> of(Map<String, String> environment, List<String> ownArguments, Optional<Path> log) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // A session of its own: Ctrl+C goes to the whole foreground group, and is ours to act on.
            command.add(SETSID.toString());
        }
        String override = environment.getOrDefault(OVERRIDE, "");
        if (override.isBlank()) {
            command.addAll(withoutArguments(ownCommand(), ownArguments).orElseGet(AdapterCommand::plainCommand));
            command.add("dap");
        } else {
            command.addAll(Arrays.asList(override.strip().split(" +", -1)));
        }
        log.ifPresent(file -> command.addAll(List.of("--log", file.toString())));
        return command;
    }

    /** The command without the arguments that end it; empty if it does not end with them. */
    static Optional<List<String>> withoutArguments(List<String> command, List<String> arguments) {
        int count = command.size() - arguments.size();
        boolean ends = count > 1 && command.subList(count, command.size()).equals(arguments);
        return ends ? Optional.of(command.subList(0, count)) : Optional.empty();
    }

    private static List<String> ownCommand() {
        try {
            String line = Files.readString(Path.of("/proc/self/cmdline"), StandardCharsets.UTF_8);
            List<String> words = new ArrayList<>(Arrays.asList(line.split("\0", -1)));
            words.remove(words.size() - 1);
            if (!words.isEmpty()) {
                words.set(0, ownJava());
            }
            return words;
        } catch (IOException noSuchFile) {
            return List.of(); // No /proc, or a command line that is no UTF-8: the plain command does as well.
        }
    }

    private static List<String> plainCommand() {
        return List.of(
                ownJava(), "-XX:-MaxFDLimit", "-cp", System.getProperty("java.class.path"), "dev.gantry.adapter.Main");
    }

    private static String ownJava() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
