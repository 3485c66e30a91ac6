package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.NearestName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the words of {@code --break} and {@code --log-point}. It looks for the files that they name, and changes nothing. */
final class BreakpointWords {
    /** What the adapter calls the text of {@code -c}, which is in no file. */
    static final String OF_COMMAND_LINE = "<code -c>";

    /** What else it is called: by Python itself. */
    private static final String STRING = "<string>";

    private static final Pattern AT_LINE = Pattern.compile("(.+):([0-9]+)", Pattern.DOTALL);
    private static final Pattern NAME = Pattern.compile(
            "[\\p{L}_][\\p{L}\\p{N}_]*(\\.(<locals>|<lambda>|[\\p{L}_][\\p{L}\\p{N}_]*))*", Pattern.DOTALL);
    private static final List<String> FILTERS = List.of("raised", "uncaught", "userUnhandled");
    private static final String CONDITION = " if ";

    /** The words make no sense; the message is for the user. */
    static final class WrongException extends Exception {
        private static final long serialVersionUID = 1L;

        WrongException(String message) {
            super(message);
        }
    }

    private final List<Path> directories;
    private final boolean ofCode;

    private BreakpointWords(List<Path> directories, boolean ofCode) {
        this.directories = directories;
        this.ofCode = ofCode;
    }

    /**
     * @param target whose files are meant
     * @param cwd where it runs
     * @param here where relative names begin, before those of the program
     */
    static BreakpointWords of(RunOptions.Target target, Path cwd, Path here) {
        Set<Path> directories = new LinkedHashSet<>(List.of(here, cwd));
        if (target instanceof RunOptions.Target.Program program) {
            Probe.path(program.path())
                    .map(path -> cwd.resolve(path).getParent())
                    .ifPresent(directories::add);
        }
        return new BreakpointWords(List.copyOf(directories), target instanceof RunOptions.Target.Code);
    }

    /** {@code FILE:LINE}, {@code FUNCTION} or the name of an exception filter, each perhaps with {@code if CONDITION}. */
    Breakpoint stop(String word) throws WrongException {
        int at = word.indexOf(CONDITION);
        String where = at < 0 ? word.strip() : word.substring(0, at).strip();
        Optional<String> condition = condition("--break", word, at);
        Matcher line = AT_LINE.matcher(where);
        if (line.matches()) {
            return line("--break", word, line, condition, Optional.empty());
        }
        if (FILTERS.contains(where)) {
            return new Breakpoint.Exceptions(word, where, condition);
        }
        if (NAME.matcher(where).matches() && !looksLikeFile(where)) {
            return new Breakpoint.Function(word, where, condition);
        }
        String hint = looksLikeFile(where) ? "; which line of " + where + "?" : "";
        throw new WrongException(
                "--break wants FILE:LINE, a FUNCTION, raised or uncaught, perhaps with ' if CONDITION'," + " not '"
                        + word + "'" + hint);
    }

    /** {@code FILE:LINE}, perhaps with {@code if CONDITION}, and what to print there. */
    Breakpoint logPoint(String word, String message) throws WrongException {
        int at = word.indexOf(CONDITION);
        Matcher line =
                AT_LINE.matcher(at < 0 ? word.strip() : word.substring(0, at).strip());
        if (!line.matches()) {
            throw new WrongException(
                    "--log-point wants FILE:LINE and a message, not '" + word + "' and '" + message + "'");
        }
        return line("--log-point", word, line, condition("--log-point", word, at), Optional.of(message));
    }

    private static Optional<String> condition(String option, String word, int at) throws WrongException {
        if (at < 0) {
            return Optional.empty();
        }
        String condition = word.substring(at + CONDITION.length()).strip();
        if (condition.isEmpty()) {
            throw new WrongException(option + " '" + word + "' has no condition after its 'if'");
        }
        return Optional.of(condition);
    }

    private Breakpoint line(
            String option, String word, Matcher match, Optional<String> condition, Optional<String> message)
            throws WrongException {
        OptionalInt number = number(match.group(2));
        if (number.isEmpty()) {
            throw new WrongException(option + " '" + word + "': there is no line " + match.group(2));
        }
        return new Breakpoint.Line(word, file(option, match.group(1)), number.getAsInt(), condition, message);
    }

    private static OptionalInt number(String digits) {
        try {
            int number = Integer.parseInt(digits);
            return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
        } catch (NumberFormatException tooLarge) {
            return OptionalInt.empty();
        }
    }

    private boolean looksLikeFile(String name) {
        return name.endsWith(".py") || find(name).isPresent();
    }

    private String file(String option, String name) throws WrongException {
        Optional<Path> found = find(name);
        if (found.isPresent()) {
            return found.get().toString();
        }
        if (name.startsWith("<") && name.endsWith(">")) {
            if (ofCode && (name.equals(STRING) || name.equals(OF_COMMAND_LINE))) {
                return OF_COMMAND_LINE;
            }
            throw new WrongException(option + ": " + name + " is no file"
                    + (ofCode ? "; the text of -c is " + STRING : "")
                    + "; of a text in no file, name one of its functions: --break FUNCTION");
        }
        String near = near(name);
        String looked = Probe.path(name).filter(Path::isAbsolute).isPresent()
                ? ""
                : " in "
                        + String.join(
                                " or ", directories.stream().map(Path::toString).toList());
        throw new WrongException(
                option + ": there is no file " + name + (near.isEmpty() ? looked : "; did you mean " + near + "?"));
    }

    private Optional<Path> find(String name) {
        return Probe.path(name)
                .flatMap(path -> directories.stream()
                        .map(directory -> directory.resolve(path).normalize())
                        .filter(BreakpointWords::isFile)
                        .findFirst());
    }

    /** Also one within a zip file. */
    private static boolean isFile(Path path) {
        for (Path part = path.getParent(); part != null && !Files.isDirectory(part); part = part.getParent()) {
            if (Files.isRegularFile(part)) {
                return true;
            }
        }
        return Files.isRegularFile(path);
    }

    /** The name of a file that is there, or "". */
    private String near(String name) {
        Optional<Path> path = Probe.path(name);
        for (Path directory : directories) {
            if (find(name + ".py").isPresent()) {
                return name + ".py";
            }
            Path wanted = directory.resolve(path.orElse(directory));
            Path parent = wanted.getParent();
            Optional<String> nearest = parent == null || wanted.getFileName() == null
                    ? Optional.empty()
                    : NearestName.among(wanted.getFileName().toString(), pythonFiles(parent));
            if (nearest.isPresent()) {
                Path written = path.map(Path::getParent).orElse(null);
                return written == null
                        ? nearest.get()
                        : written.resolve(nearest.get()).toString();
            }
        }
        return "";
    }

    private static List<String> pythonFiles(Path directory) {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".py") || name.endsWith(".pyw"))
                    .sorted()
                    .forEach(names::add);
        } catch (IOException notThere) {
            return List.of();
        }
        return names;
    }
}
