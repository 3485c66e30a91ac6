package dev.gantry.launcher.windows;

import java.util.List;
import java.util.Locale;

/**
 * Batch files run in cmd.exe, which takes a command line apart by rules of its own: what CommandLine makes would let arguments run
 * commands (CVE-2024-24576). Pure.
 *
 * <p>What cmd.exe makes of an argument, and so the rule here:
 *
 * <ul>
 *   <li>Within quotation marks {@code & | < > ( ) ^} and blanks are text, as are {@code , ; =}, which end arguments of batch files. So
 *       whatever is not plain is within quotation marks.
 *   <li>A quotation mark opens or closes, and there is no escape for it. It is written twice, so that what follows is within again,
 *       here and wherever the file uses {@code %1} or {@code "%~1"}. The file sees both; a program that it gives {@code %*} to sees
 *       one, if it reads its command line as Microsoft's C runtime does (since 2008).
 *   <li>Backslashes before a quotation mark, that at the end included, are doubled, for the same programs: {@code "C:\dir\\"}.
 *   <li>{@code %name%} is replaced even within quotation marks, and no quoting prevents it on a command line: {@code %} is refused.
 *   <li>{@code !name!} is replaced with delayed expansion only, which is off (/v:OFF); {@code ^} is text within quotation marks. A file that
 *       turns delayed expansion on, or uses {@code call}, does both to itself.
 *   <li>A line feed ends the command line and a carriage return is dropped: refused, as is NUL, which ends every command line.
 * </ul>
 *
 * <p>Seen with Wine 8's cmd.exe: 306 seeded vectors of all of these but line ends and {@code %}, given on by {@code %*}, arrive
 * whole in a program; {@code %PATHEXT%} is replaced within quotation marks; a name with a dot and a blank behind it is the same
 * file. Reasoned only: line ends, the limit, and all of it on Windows, whose cmd.exe also goes to its own directory, and says so,
 * where the working directory is on a network share without a drive.
 */
final class BatchFile {
    /** Of a command line of cmd.exe, in UTF-16 units ("Command prompt line string limitation"). */
    static final int LIMIT = 8_191;

    private static final String PLAIN = "._-/\\:@+#$~";

    private BatchFile() {}

    /**
     * Whether Windows would run the file by cmd.exe: by its extension, whatever its case, and behind it may be dots and blanks, which are
     * no part of a name ("x.bat. ").
     */
    static boolean is(String path) {
        String name = WindowsPath.withoutDotsAndBlanks(path).toLowerCase(Locale.ROOT);
        return name.endsWith(".bat") || name.endsWith(".cmd");
    }

    /**
     * The command line for CreateProcessW, whose program is cmd.exe.
     *
     * @param shell the full path of cmd.exe, the first word of the line
     * @param file the batch file's full path, so that cmd.exe does not search; without "\\?\", which cmd.exe does not take
     * @param arguments those after the file's name
     * @throws UnpassableException if an argument or the path has a NUL, a line end, '%' or half a character, the path a quotation
     *     mark, or the whole is over {@link #LIMIT}
     */
    static String commandLine(String shell, String file, List<String> arguments) throws UnpassableException {
        refuse("the batch file's path", file);
        if (file.indexOf('"') >= 0) {
            throw new UnpassableException("the batch file's path has a quotation mark");
        }
        // No AutoRun commands of the registry; extensions on and delayed expansion off, whatever the registry says.
        StringBuilder line = new StringBuilder(CommandLine.quote(List.of(shell)))
                .append(" /d /e:ON /v:OFF /c \"\"")
                .append(WindowsPath.withoutDotsAndBlanks(file))
                .append('"');
        for (int i = 0; i < arguments.size(); i++) {
            refuse("argument " + (i + 1) + " of batch file " + file, arguments.get(i));
            append(line.append(' '), arguments.get(i));
        }
        line.append('"'); // cmd.exe takes off the first and the last one of what follows /c.
        if (line.length() > LIMIT) {
            throw new UnpassableException(
                    "the arguments of batch file " + file + " are too long: a command line of " + line.length()
                            + " characters, and cmd.exe takes " + LIMIT + " at most",
                    WindowsError.FILENAME_EXCED_RANGE);
        }
        return line.toString();
    }

    private static void refuse(String what, String text) throws UnpassableException {
        UnpassableException.refuseFlaws(what, text);
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new UnpassableException(what + " has a line end, where cmd.exe would cut it");
        }
        if (text.indexOf('%') >= 0) {
            throw new UnpassableException(
                    what + " has a '%': cmd.exe would put a variable's value there, and has no escape for it");
        }
    }

    private static void append(StringBuilder line, String argument) {
        if (isPlain(argument)) {
            line.append(argument);
            return;
        }
        line.append('"');
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '"') {
                line.append("\\".repeat(backslashes)).append('"');
            }
            backslashes = c == '\\' ? backslashes + 1 : 0;
            line.append(c);
        }
        line.append("\\".repeat(backslashes)).append('"');
    }

    private static boolean isPlain(String argument) {
        return !argument.isEmpty() && argument.chars().allMatch(BatchFile::isPlain);
    }

    private static boolean isPlain(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || PLAIN.indexOf(c) >= 0;
    }
}
