package dev.gantry.launcher.windows;

import java.util.List;

/**
 * The one string that CreateProcessW takes in place of an argument vector. Pure.
 *
 * <p>A program takes it apart by itself, by the rules of CommandLineToArgvW or of Microsoft's C runtime ("Parsing C command-line
 * arguments"); what is made here is the same vector by both, and by those of older runtimes, which differ only over two quotation
 * marks in a row inside quotation marks, and there are none here. The rules: spaces and tabs end an argument outside quotation
 * marks; 2n backslashes before a quotation mark are n, and the mark opens or closes; 2n+1 are n and a quotation mark that is text;
 * backslashes before anything else are themselves. The program's name has rules of its own: backslashes are always themselves and a
 * quotation mark cannot be written.
 */
final class CommandLine {
    /** In UTF-16 units, the NUL at the end included: the documentation of CreateProcessW, lpCommandLine. */
    static final int LIMIT = 32_767;

    private CommandLine() {}

    /**
     * The command line of these arguments, the program's name first, without the NUL at its end.
     *
     * @param arguments at least one
     * @throws UnpassableException if an argument has a NUL or half a character, the name has a quotation mark, or the whole is over
     *     {@link #LIMIT}
     */
    static String quote(List<String> arguments) throws UnpassableException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            UnpassableException.refuseFlaws(i == 0 ? "the program's name" : "argument " + i, argument);
            if (i == 0) {
                appendName(line, argument);
            } else {
                appendArgument(line.append(' '), argument);
            }
        }
        refuseLong(line.length());
        return line.toString();
    }

    private static void refuseLong(int length) throws UnpassableException {
        if (length + 1 > LIMIT) {
            throw new UnpassableException(
                    "the arguments are too long: " + length
                            + " characters with their quotation marks, and Windows takes " + (LIMIT - 1) + " at most",
                    WindowsError.FILENAME_EXCED_RANGE);
        }
    }

    private static void appendName(StringBuilder line, String name) throws UnpassableException {
        if (name.indexOf('"') >= 0) {
            throw new UnpassableException(
                    "the program's name has a quotation mark, which no command line can hold there: " + name);
        }
        if (needsQuotes(name)) {
            line.append('"').append(name).append('"');
        } else {
            line.append(name);
        }
    }

    private static void appendArgument(StringBuilder line, String argument) {
        boolean quoted = needsQuotes(argument);
        if (quoted) {
            line.append('"');
        }
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '"') {
                line.append("\\".repeat(backslashes + 1));
            }
            backslashes = c == '\\' ? backslashes + 1 : 0;
            line.append(c);
        }
        if (quoted) {
            line.append("\\".repeat(backslashes)).append('"');
        }
    }

    /**
     * Only where something would be lost without: some programs look at the raw line. Every control character ends a name for
     * CommandLineToArgvW. What has a wildcard is quoted too, or a program linked with setargv.obj or a MinGW runtime that
     * expands them would take it for file names.
     */
    private static boolean needsQuotes(String argument) {
        return argument.isEmpty() || argument.chars().anyMatch(c -> c <= ' ' || c == '"' || c == '*' || c == '?');
    }
}
