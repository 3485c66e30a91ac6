package dev.gantry.launcher.windows;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a script: "#!interpreter arguments". Pure.
 *
 * <p>Words are split at blanks; quotation marks hold one together, as installers of Python write them for paths with blanks. {@code
 * /usr/bin/env} itself is left out, as is its -S, unless it is asked for something more.
 *
 * @param interpreter as written there: a path of this system or of another, or a name
 * @param arguments those in the line
 */
record Shebang(String interpreter, List<String> arguments) {
    /** No more of a file is read for it. */
    static final int LINE_BYTES = 4096;

    private static final Pattern WORD = Pattern.compile("(?:[^ \t\"]|\"[^\"]*\"?)+");
    private static final Pattern PYTHON = Pattern.compile("python(w?)([0-9]+(?:\\.[0-9]+)?)?(?:\\.exe)?");

    Shebang {
        arguments = List.copyOf(arguments);
    }

    /** Empty if it is none. A byte order mark may be before it, and a carriage return at its end. */
    static Optional<Shebang> parse(byte[] start) {
        String text = new String(start, StandardCharsets.UTF_8);
        String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (!bare.startsWith("#!")) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(bare.substring(2).split("[\r\n]", 2)[0]);
        while (matcher.find()) {
            words.add(matcher.group().replace("\"", ""));
        }
        List<String> command = withoutEnv(words);
        return command.isEmpty()
                ? Optional.empty()
                : Optional.of(new Shebang(command.get(0), command.subList(1, command.size())));
    }

    private static List<String> withoutEnv(List<String> words) {
        if (words.isEmpty() || !words.get(0).matches("(.*[/\\\\])?env")) {
            return words;
        }
        int command = words.size() > 1 && words.get(1).equals("-S") ? 2 : 1;
        boolean asksForMore = command >= words.size()
                || words.get(command).startsWith("-")
                || words.get(command).indexOf('=') >= 0;
        return asksForMore ? words : words.subList(command, words.size());
    }

    /** Its last part: "python3" of "/usr/bin/python3". */
    String baseName() {
        return WindowsPath.fileName(interpreter);
    }

    /**
     * A program that can run the script, if it is found in PATH.
     *
     * @param name what is searched
     * @param arguments those before the script's path
     */
    record Candidate(String name, List<String> arguments) {}

    /**
     * What to look for, best first. Windows has "python3" seldom, and "python" and the launcher "py" often: "python3" may be "python", and
     * every Python but "python" itself is asked of the launcher by its version, as it does with the names that it knows from such lines.
     */
    List<Candidate> candidates() {
        String name = baseName();
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(name, arguments));
        Matcher python = PYTHON.matcher(name.toLowerCase(Locale.ROOT));
        if (python.matches()) {
            String suffix = python.group(1);
            String version = python.group(2);
            if ("3".equals(version)) {
                candidates.add(new Candidate("python" + suffix, arguments));
            }
            List<String> chosen = new ArrayList<>();
            if (version != null) {
                chosen.add("-" + version);
            }
            chosen.addAll(arguments);
            candidates.add(new Candidate("py" + suffix, chosen));
            if (version == null) {
                candidates.add(new Candidate("python" + suffix + "3", arguments));
            }
        }
        return candidates;
    }

    /** Those of the {@link #candidates}, for people: "python3, python or py". */
    String names() {
        List<String> names = candidates().stream().map(Candidate::name).toList();
        String last = names.get(names.size() - 1);
        return names.size() == 1 ? last : String.join(", ", names.subList(0, names.size() - 1)) + " or " + last;
    }

    /** Whether it asks for a Python. */
    boolean isPython() {
        return PYTHON.matcher(baseName().toLowerCase(Locale.ROOT)).matches();
    }
}
