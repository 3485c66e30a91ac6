package dev.gantry.adapter.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of an env file. A line is {@code NAME=value}, {@code export} before it allowed; empty lines and those starting with
 * {@code #} are skipped. Values:
 *
 * <ul>
 *   <li>{@code 'single'}: verbatim, over several lines if need be;
 *   <li>{@code "double"}: the same, with {@code \n \r \t \\ \" \$ \`} and {@code ${...}}; a backslash before a line's end joins
 *       lines, before anything else it is itself;
 *   <li>bare: to the end of the line or a {@code #} after a blank, blanks at both ends removed, with {@code \\ \$ \# \" \'} and
 *       an escaped blank, and {@code ${...}}.
 * </ul>
 *
 * {@code ${NAME}} is what the name stands for, {@code ${NAME:-text}} the text where it is unset or empty. A line that cannot be
 * read is skipped with a warning. Confined to one parse.
 */
final class EnvFile {
    /** What a name stands for outside the file; null if it is not set. */
    interface Surroundings {
        @Nullable String valueOf(String name);
    }

    /** A line that cannot be read. */
    private static final class BadLine extends Exception {
        private static final long serialVersionUID = 1L;

        BadLine(String message) {
            super(message, null, false, false);
        }
    }

    private final String text;
    private final String file;
    private final Surroundings surroundings;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private int at;
    private int line = 1;

    private EnvFile(String text, String file, Surroundings surroundings) {
        this.text = text.replace("\r\n", "\n");
        this.file = file;
        this.surroundings = surroundings;
    }

    /**
     * What a file says.
     *
     * @param variables in the order of the file; the last of several of a name
     * @param warnings each with file and line
     */
    record Read(Map<String, String> variables, List<String> warnings) {}

    static Read read(String text, String file, Surroundings surroundings) {
        EnvFile reader = new EnvFile(text, file, surroundings);
        reader.readAll();
        return new Read(reader.variables, reader.warnings);
    }

    private void readAll() {
        if (text.startsWith("\uFEFF")) {
            at = 1;
        }
        while (at < text.length()) {
            int start = at;
            try {
                entry();
            } catch (BadLine e) {
                warnAt(line, e.getMessage() + "; the line is skipped");
                at = start;
                skipLine();
            }
            for (int i = start; i < at; i++) {
                line += text.charAt(i) == '\n' ? 1 : 0;
            }
        }
    }

    private void warnAt(int where, String what) {
        warnings.add(file + ":" + where + ": " + what);
    }

    private void entry() throws BadLine {
        skipBlanks();
        if (atLineEnd() || text.charAt(at) == '#') {
            skipLine();
            return;
        }
        String name = name();
        if (name.equals("export") && at < text.length() && isBlank(text.charAt(at))) {
            skipBlanks();
            name = name();
        }
        skipBlanks();
        if (name.isEmpty()) {
            throw new BadLine("no NAME=value");
        }
        if (atLineEnd() || text.charAt(at) != '=') {
            throw new BadLine("no '=' after '" + name + "'");
        }
        at++;
        skipBlanks();
        String value = value();
        if (value.indexOf('\uFFFD') >= 0) {
            throw new BadLine("the value of '" + name + "' is not valid UTF-8");
        }
        if (value.indexOf('\0') >= 0) {
            throw new BadLine("the value of '" + name + "' has a NUL character");
        }
        variables.put(name, value);
        skipLine();
    }

    private String name() {
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        boolean digit = at > start && text.charAt(start) >= '0' && text.charAt(start) <= '9';
        return digit ? "" : text.substring(start, at);
    }

    private String value() throws BadLine {
        if (atLineEnd()) {
            return "";
        }
        char quote = text.charAt(at);
        if (quote != '\'' && quote != '"') {
            return expand(bare(), false);
        }
        at++;
        int start = at;
        int end = closing(quote);
        at = end + 1;
        skipBlanks();
        if (!atLineEnd() && text.charAt(at) != '#') {
            throw new BadLine("text after the closing quote");
        }
        String raw = text.substring(start, end);
        return quote == '"' ? expand(raw, true) : raw;
    }

    private int closing(char quote) throws BadLine {
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                return i;
            }
            if (c == '\\' && quote == '"') {
                i++;
            }
        }
        throw new BadLine((quote == '"' ? "a double" : "a single") + " quote is never closed");
    }

    /** Up to the end of the line or a comment, blanks at the end removed unless escaped. */
    private String bare() {
        int start = at;
        int end = at;
        while (!atLineEnd()) {
            char c = text.charAt(at);
            boolean comment = c == '#' && (at == start || isBlank(text.charAt(at - 1)));
            if (comment) {
                break;
            }
            boolean pair = c == '\\' && at + 1 < text.length() && text.charAt(at + 1) != '\n';
            at += pair ? 2 : 1;
            if (pair || !isBlank(c)) {
                end = at;
            }
        }
        return text.substring(start, end);
    }

    private String expand(String raw, boolean quoted) throws BadLine {
        if (raw.indexOf('\\') < 0 && raw.indexOf('$') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c == '\\' && i + 1 < raw.length()) {
                escape(raw.charAt(i + 1), quoted, out);
                i += 2;
            } else if (c == '$' && i + 1 < raw.length() && raw.charAt(i + 1) == '{') {
                int end = closingBrace(raw, i + 2);
                out.append(substitute(raw.substring(i + 2, end), quoted));
                i = end + 1;
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    private static void escape(char c, boolean quoted, StringBuilder out) {
        String special = quoted ? "\\\"$`" : "\\\"'$# \t";
        if (special.indexOf(c) >= 0) {
            out.append(c);
        } else if (!quoted) {
            out.append('\\').append(c);
        } else {
            switch (c) {
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case '\n' -> {}
                default -> out.append('\\').append(c);
            }
        }
    }

    private static int closingBrace(String raw, int from) throws BadLine {
        int depth = 1;
        for (int i = from; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '$' && i + 1 < raw.length() && raw.charAt(i + 1) == '{') {
                depth++;
                i++;
            } else if (c == '}' && --depth == 0) {
                return i;
            }
        }
        throw new BadLine("'${' is never closed");
    }

    private String substitute(String inner, boolean quoted) throws BadLine {
        int end = 0;
        while (end < inner.length() && isNamePart(inner.charAt(end)) && inner.charAt(end) != '-') {
            end++;
        }
        String name = inner.substring(0, end);
        boolean hasDefault = inner.startsWith(":-", end);
        if (name.isEmpty() || (end < inner.length() && !hasDefault)) {
            throw new BadLine("'${" + inner + "}' is neither ${NAME} nor ${NAME:-default}");
        }
        String own = variables.get(name);
        String value = own == null ? surroundings.valueOf(name) : own;
        if (hasDefault) {
            return value == null || value.isEmpty() ? expand(inner.substring(end + 2), quoted) : value;
        }
        if (value == null) {
            warnAt(line, "'" + name + "' is not set; '${" + name + "}' is empty");
            return "";
        }
        return value;
    }

    private boolean atLineEnd() {
        return at >= text.length() || text.charAt(at) == '\n';
    }

    private void skipLine() {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end + 1;
    }

    private void skipBlanks() {
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isNamePart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || "_.-".indexOf(c) >= 0;
    }
}
