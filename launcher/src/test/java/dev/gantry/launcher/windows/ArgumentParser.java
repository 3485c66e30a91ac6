package dev.gantry.launcher.windows;

import java.util.ArrayList;
import java.util.List;

/**
 * How Windows programs take a command line apart, written from Microsoft's published rules (CommandLineToArgvW; "Parsing C command-line
 * arguments") and not from what it tests.
 */
final class ArgumentParser {
    /** Whose rules. */
    enum Rules {
        /** The name ends at any character up to the space; of two quotation marks within quotes the second is text, and quotes end. */
        SHELL32,
        /** The name has quoted parts; of two quotation marks within quotes the second is text, and quotes go on. */
        UCRT
    }

    private final String line;
    private final Rules rules;
    private int at;

    private ArgumentParser(String line, Rules rules) {
        this.line = line;
        this.rules = rules;
    }

    static List<String> parse(String line, Rules rules) {
        return new ArgumentParser(line, rules).parse();
    }

    private List<String> parse() {
        List<String> arguments = new ArrayList<>();
        arguments.add(rules == Rules.SHELL32 ? shellName() : runtimeName());
        skipBlanks();
        while (at < line.length()) {
            arguments.add(argument());
            skipBlanks();
        }
        return arguments;
    }

    private String shellName() {
        int start = at;
        if (line.startsWith("\"")) {
            int end = line.indexOf('"', 1);
            at = end < 0 ? line.length() : end + 1;
            return line.substring(1, end < 0 ? line.length() : end);
        }
        while (at < line.length() && line.charAt(at) > ' ') {
            at++;
        }
        return line.substring(start, at);
    }

    private String runtimeName() {
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (; at < line.length() && (quoted || !isBlank(line.charAt(at))); at++) {
            if (line.charAt(at) == '"') {
                quoted = !quoted;
            } else {
                name.append(line.charAt(at));
            }
        }
        return name.toString();
    }

    private String argument() {
        StringBuilder argument = new StringBuilder();
        boolean quoted = false;
        while (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
            int backslashes = 0;
            while (at < line.length() && line.charAt(at) == '\\') {
                backslashes++;
                at++;
            }
            if (at < line.length() && line.charAt(at) == '"') {
                argument.append("\\".repeat(backslashes / 2));
                at++;
                if (backslashes % 2 == 1) {
                    argument.append('"');
                } else if (quoted && at < line.length() && line.charAt(at) == '"') {
                    argument.append('"');
                    at++;
                    quoted = rules == Rules.UCRT;
                } else {
                    quoted = !quoted;
                }
            } else {
                argument.append("\\".repeat(backslashes));
                if (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
                    argument.append(line.charAt(at++));
                }
            }
        }
        return argument.toString();
    }

    private void skipBlanks() {
        while (at < line.length() && isBlank(line.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
