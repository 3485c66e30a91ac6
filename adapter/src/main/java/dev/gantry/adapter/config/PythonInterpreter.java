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
 * python} on the target's PATH (a pyenv shim is found there like any program). On Windows also {@code %CONDA_PREFIX%}, and the starter
 * {@code py}, which the installer from python.org puts there instead of an interpreter; at last what may only open Microsoft's Store.
 */
final class PythonInterpreter {
    /** Of the places that a search has been to; a PATH may have dozens. */
    private static final int MOST_SHOWN = 6;

    private static final List<String> NAMES = List.of("python3", "python");
    /** What PATH names is what a terminal would run; the starter {@code py} finds those that are in no PATH. */
    private static final List<String> NAMES_ON_WINDOWS = List.of("python", "python3", "py.exe");

    private static final String CONDA = "CONDA_PREFIX";
    private static final List<String> ACTIVATED = List.of("VIRTUAL_ENV");
    /** A client may give the variable of conda's environment, and not its PATH. */
    private static final List<String> ACTIVATED_ON_WINDOWS = List.of("VIRTUAL_ENV", CONDA);

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
            if (!given && isLauncher(found.get())) {
                vector.add("-3");
            }
            vector.addAll(written.isEmpty() ? List.of() : written.subList(1, written.size()));
        }
        return found;
    }

    /** Whether it is Windows' own starter of interpreters, which runs any version unless told. */
    private static boolean isLauncher(Path found) {
        return PythonCommand.fileName(found).equalsIgnoreCase("py.exe");
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
        Platform platform = place.environment().platform();
        Optional<Path> file = Paths.resolveProgram(arguments, attribute, name, cwd, place.environment());
        if (file.isPresent() && platform.isBare(name)) {
            Paths.Search search = Paths.search(List.of(name), place.environment(), cwd);
            if (search instanceof Paths.Search.Found found) {
                return Optional.of(found.file());
            }
            Paths.Search.Missing missing = (Paths.Search.Missing) search;
            Optional<Path> stub = storeStub(platform, missing.tried());
            if (stub.isEmpty()) {
                arguments.fault(
                        attribute,
                        "no interpreter '" + name + "' on the target's PATH" + hint(name) + "; " + lookedAt(missing));
            }
            return stub;
        }
        if (file.isPresent()) {
            Optional<String> why = whyUnfit(platform, file.get(), name);
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

    private static Optional<String> whyUnfit(Platform platform, Path file, String written) {
        if (platform == Platform.WINDOWS && WindowsSearch.isOfStore(file)) {
            // The Store's own Python looks the same from outside, and who names it means it.
            return Optional.empty();
        }
        if (!Files.exists(file)) {
            return Optional.of(Paths.missing(file) + hint(written));
        }
        if (Files.isDirectory(file)) {
            Path inside = platform.virtualPython(file);
            if (platform == Platform.WINDOWS && !Paths.isExecutable(inside)) {
                inside = file.resolve("python.exe");
            }
            String hint = Paths.isExecutable(inside) ? "; did you mean " + inside + "?" : "";
            return Optional.of(file + " is a directory" + hint);
        }
        return Paths.isExecutable(file) ? Optional.empty() : Optional.of(file + " is not executable");
    }

    private static Optional<Path> standard(Command.Place place) {
        List<Path> tried = new ArrayList<>();
        boolean windows = place.environment().platform() == Platform.WINDOWS;
        for (String variable : windows ? ACTIVATED_ON_WINDOWS : ACTIVATED) {
            Optional<Path> inside = inActivated(place, variable);
            if (inside.isPresent() && Paths.isExecutable(inside.get())) {
                return inside;
            }
            if (inside.isPresent()) {
                tried.add(inside.get());
                place.arguments()
                        .warn(variable + " is set, but " + inside.get()
                                + " is no executable file; the interpreter is taken from PATH");
            }
        }
        Paths.Search search = Paths.search(
                windows ? NAMES_ON_WINDOWS : NAMES,
                place.environment(),
                place.cwd().directory());
        if (search instanceof Paths.Search.Found found) {
            return Optional.of(found.file());
        }
        tried.addAll(((Paths.Search.Missing) search).tried());
        Optional<Path> stub = storeStub(place.environment().platform(), tried);
        if (stub.isPresent()) {
            place.arguments()
                    .warn("no Python was found but " + stub.get()
                            + ", which may only open Microsoft's Store: if it is a real one, name it in 'python'; else"
                            + " install one, as from python.org");
            return stub;
        }
        place.arguments()
                .fault(
                        "python",
                        "no Python interpreter found: set 'python' to one"
                                + (windows ? ", or install one, as from python.org" : "") + "; " + lookedAt(tried));
        return Optional.empty();
    }

    /** The last resort: from outside, a Python of the Store looks like what only offers to get one there. */
    private static Optional<Path> storeStub(Platform platform, List<Path> tried) {
        if (platform == Platform.WINDOWS) {
            for (Path file : tried) {
                if (Platform.isStoreStub(file) && WindowsSearch.isFile(file)) {
                    return Optional.of(file);
                }
            }
        }
        return Optional.empty();
    }

    /** The interpreter of the environment that a variable says is activated. */
    private static Optional<Path> inActivated(Command.Place place, String variable) {
        Optional<String> written = place.environment().valueOf(variable);
        if (written.isEmpty() || written.get().isEmpty()) {
            return Optional.empty();
        }
        try {
            Path directory = place.cwd().directory().resolve(written.get());
            return Optional.of(
                    variable.equals(CONDA)
                            ? directory.resolve("python.exe")
                            : place.environment().platform().virtualPython(directory));
        } catch (InvalidPathException e) {
            place.arguments().warn(variable + " is no path: " + Paths.whyNoPath(e));
            return Optional.empty();
        }
    }

    /** @param first looked at before */
    static String lookedAt(Path first, Paths.Search.Missing missing) {
        return "looked at " + first + (missing.tried().isEmpty() ? "" : ", " + joined(missing.tried())) + near(missing);
    }

    private static String lookedAt(Paths.Search.Missing missing) {
        return lookedAt(missing.tried()) + near(missing);
    }

    private static String lookedAt(List<Path> tried) {
        return tried.isEmpty() ? "PATH names no directory to look in" : "looked at " + joined(tried);
    }

    private static String near(Paths.Search.Missing missing) {
        Optional<Path> near = missing.notExecutable();
        return near.isPresent() ? " (" + near.get() + " exists but is not executable)" : "";
    }

    private static String joined(List<Path> files) {
        String shown = files.stream().limit(MOST_SHOWN).map(Path::toString).collect(Collectors.joining(", "));
        int more = files.size() - MOST_SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }
}
