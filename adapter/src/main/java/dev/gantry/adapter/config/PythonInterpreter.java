package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the interpreter without running anything: the attribute, else {@code $VIRTUAL_ENV}, else {@code python3} and {@code
 * python} on the target's PATH (a pyenv shim is found there like any program).
 */
final class PythonInterpreter {
    /** Of the places that a search has been to; a PATH may have dozens. */
    private static final int MOST_SHOWN = 6;

    private PythonInterpreter() {}

    /** Adds the interpreter and its arguments; nothing after a fault. */
    static Optional<Path> find(Command.Place place, List<String> vector) {
        Arguments arguments = place.arguments();
        if (arguments.isGiven("python") && arguments.isGiven("pythonPath")) {
            arguments.fault(
                    "pythonPath",
                    "'python' and 'pythonPath' exclude each other: pythonPath is the old name, keep python");
            return Optional.empty();
        }
        String attribute = arguments.isGiven("python") ? "python" : "pythonPath";
        boolean given = arguments.isGiven(attribute);
        List<String> written = given ? written(arguments, attribute) : List.of();
        if (given && arguments.isFaulty(attribute)) {
            return Optional.empty();
        }
        Optional<Path> found = given ? named(place, attribute, written.get(0)) : standard(place);
        if (found.isPresent()) {
            vector.add(found.get().toString());
            vector.addAll(written.isEmpty() ? List.of() : written.subList(1, written.size()));
        }
        return found;
    }

    private static List<String> written(Arguments arguments, String attribute) {
        JsonElement value = arguments.get(attribute);
        if (!(value instanceof JsonArray array)) {
            Optional<String> text = arguments.text(attribute);
            return text.isPresent() ? List.of(text.get()) : List.of();
        }
        List<String> words = arguments.elements(attribute, array, false);
        if (!arguments.isFaulty(attribute) && (words.isEmpty() || words.get(0).isEmpty())) {
            arguments.fault(attribute, "'" + attribute + "' names no interpreter; its first element must be one");
        }
        return words;
    }

    private static Optional<Path> named(Command.Place place, String attribute, String name) {
        Arguments arguments = place.arguments();
        Path cwd = place.cwd().directory();
        Optional<Path> file = Paths.resolve(arguments, attribute, name, cwd);
        if (file.isPresent() && Paths.isBare(name)) {
            Paths.Search search = Paths.search(List.of(name), place.environment(), cwd);
            if (search instanceof Paths.Search.Found found) {
                return Optional.of(found.file());
            }
            arguments.fault(
                    attribute,
                    "no interpreter '" + name + "' on the target's PATH" + hint(name) + "; looked at "
                            + lookedAt((Paths.Search.Missing) search));
            return Optional.empty();
        }
        if (file.isPresent()) {
            Optional<String> why = whyUnfit(file.get(), name);
            if (why.isEmpty()) {
                return file;
            }
            arguments.fault(attribute, "the interpreter '" + attribute + "' " + why.get());
        }
        return Optional.empty();
    }

    private static String hint(String written) {
        return written.contains(" -")
                ? "; arguments of the interpreter go into 'pythonArgs', or make 'python' an array"
                : Paths.unresolvedHint(written);
    }

    private static Optional<String> whyUnfit(Path file, String written) {
        if (!Files.exists(file)) {
            return Optional.of(Paths.missing(file) + hint(written));
        }
        if (Files.isDirectory(file)) {
            Path inside = file.resolve("bin").resolve("python");
            String hint = Paths.isExecutable(inside) ? "; did you mean " + inside + "?" : "";
            return Optional.of(file + " is a directory" + hint);
        }
        return Paths.isExecutable(file) ? Optional.empty() : Optional.of(file + " is not executable");
    }

    private static Optional<Path> standard(Command.Place place) {
        List<Path> tried = new ArrayList<>();
        Optional<String> virtual = place.environment().valueOf("VIRTUAL_ENV");
        if (virtual.isPresent() && !virtual.get().isEmpty()) {
            Optional<Path> inside = inVirtualEnvironment(place, virtual.get());
            if (inside.isPresent() && Paths.isExecutable(inside.get())) {
                return inside;
            }
            if (inside.isPresent()) {
                tried.add(inside.get());
                place.arguments()
                        .warn("VIRTUAL_ENV is set, but " + inside.get()
                                + " is no executable file; the interpreter is taken from PATH");
            }
        }
        Paths.Search search = Paths.search(
                List.of("python3", "python"), place.environment(), place.cwd().directory());
        if (search instanceof Paths.Search.Found found) {
            return Optional.of(found.file());
        }
        tried.addAll(((Paths.Search.Missing) search).tried());
        place.arguments()
                .fault("python", "no Python interpreter found: set 'python' to one; looked at " + joined(tried));
        return Optional.empty();
    }

    private static Optional<Path> inVirtualEnvironment(Command.Place place, String directory) {
        try {
            return Optional.of(
                    place.cwd().directory().resolve(directory).resolve("bin").resolve("python"));
        } catch (InvalidPathException e) {
            place.arguments().warn("VIRTUAL_ENV is no path: " + e.getMessage());
            return Optional.empty();
        }
    }

    static String lookedAt(Paths.Search.Missing missing) {
        Optional<Path> near = missing.notExecutable();
        return joined(missing.tried()) + (near.isPresent() ? " (" + near.get() + " exists but is not executable)" : "");
    }

    private static String joined(List<Path> files) {
        String shown = files.stream().limit(MOST_SHOWN).map(Path::toString).collect(Collectors.joining(", "));
        int more = files.size() - MOST_SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }
}
