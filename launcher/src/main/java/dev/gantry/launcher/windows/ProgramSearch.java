package dev.gantry.launcher.windows;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the file to run: what CreateProcessW is told in full, since its own search begins in the adapter's directory and
 * in the current one, where anybody may have put a "git.exe", and uses our PATH. Looks at files, changes nothing.
 *
 * <p>A name is searched in the child's PATH and nowhere else; the child's directory is looked into only if PATH names it. A path
 * starts at the child's directory. Where the name has no extension, those of PATHEXT are put behind it, in order, in each
 * directory, and only a program or a script of just that name in none of them is taken as it is; where it has one, the other way
 * round. A dot at the end means: no extension.
 */
final class ProgramSearch {
    static final List<String> DEFAULT_EXTENSIONS = List.of(".COM", ".EXE", ".BAT", ".CMD");

    /** ERROR_FILE_NOT_FOUND. */
    static final int NOT_FOUND = 2;
    /** ERROR_ACCESS_DENIED: what CreateProcessW says of a directory. */
    static final int ACCESS_DENIED = 5;
    /** ERROR_INVALID_NAME. */
    static final int INVALID_NAME = 123;

    private static final String STORE = "\\microsoft\\windowsapps\\";

    private final FileView files;
    private final String directory;
    private final SearchPath searchPath;
    private final List<String> extensions;

    /**
     * @param environment the child's, by name whatever the case
     * @param directory where the child will run, an absolute path
     */
    ProgramSearch(FileView files, Map<String, String> environment, String directory) {
        this.files = files;
        this.directory = directory;
        this.searchPath = SearchPath.of(environment, directory);
        this.extensions = SearchPath.extensions(environment);
    }

    /** What was found. */
    sealed interface Found {}

    /** What CreateProcessW can run, or cmd.exe. */
    sealed interface Program extends Found {
        /** In full; not yet {@link WindowsPath#unlimited}. */
        String path();
    }

    record Executable(String path) implements Program {}

    record Batch(String path) implements Program {}

    /**
     * A file whose first line names what runs it.
     *
     * @param arguments the interpreter's, before the script's path
     */
    record Script(String path, Program interpreter, List<String> arguments) implements Found {}

    /**
     * Nothing that can be run.
     *
     * @param error the system's number for it
     * @param places the files or directories that were looked at, in order
     */
    record Missing(Step step, String file, int error, String message, List<String> places) implements Found {
        SpawnException failure() {
            return new SpawnException(step, file, error, message);
        }
    }

    /** @param name a path, or a name to look up */
    Found find(String name) {
        if (name.isEmpty()) {
            return refused(name, NOT_FOUND, "is empty");
        }
        if (name.indexOf('\0') >= 0) {
            return refused(name, INVALID_NAME, "has a NUL character");
        }
        if (WindowsPath.isDriveRelative(name)) {
            return refused(
                    name,
                    INVALID_NAME,
                    "starts at drive " + name.substring(0, 2)
                            + "'s own directory, and a child has none: write the full path, or a relative one without a drive");
        }
        return WindowsPath.isPath(name) ? byPath(name) : byName(name);
    }

    private Found byPath(String name) {
        String full = WindowsPath.resolve(directory, name);
        List<String> candidates = new ArrayList<>(withExtensions(full, name));
        candidates.add(WindowsPath.hasExtension(full) ? 0 : candidates.size(), full);
        for (String candidate : candidates) {
            if (files.isFile(candidate)) {
                return kind(candidate).orElseGet(() -> new Executable(candidate)); // The system says why not.
            }
        }
        if (files.isDirectory(full)) {
            return refused(full, ACCESS_DENIED, "is a directory");
        }
        String where = full.equals(name) ? "" : " (that is " + full + ")";
        String tried =
                candidates.size() == 1 ? "" : ", nor with an extension of PATHEXT: " + String.join(";", extensions);
        return new Missing(
                Step.FIND_PROGRAM,
                name,
                NOT_FOUND,
                words(name, "does not exist" + where + tried, NOT_FOUND),
                candidates);
    }

    private Found byName(String name) {
        Optional<String> first = Optional.empty();
        for (String file : (Iterable<String>) candidates(name)::iterator) {
            Optional<Found> kind = kind(file);
            if (kind.isPresent()) {
                return kind.get();
            }
            first = first.or(() -> Optional.of(file));
        }
        return first.<Found>map(Executable::new).orElseGet(() -> notInPath(name)); // The system says why not.
    }

    private Missing notInPath(String name) {
        String what = "is in no directory of PATH, also with the extensions " + String.join(";", extensions) + ": "
                + String.join(";", searchPath.directories());
        return new Missing(Step.FIND_PROGRAM, name, NOT_FOUND, words(name, what, NOT_FOUND), searchPath.directories());
    }

    /** The files there are, best first. Each is looked for when it is asked for: what comes late may be on a drive that does not answer. */
    private Stream<String> candidates(String name) {
        List<String> full = searchPath.directories().stream()
                .map(place -> WindowsPath.resolve(place, name))
                .toList();
        List<String> extended = full.stream()
                .flatMap(file -> withExtensions(file, name).stream())
                .toList();
        Stream<String> all = WindowsPath.hasExtension(name)
                ? Stream.concat(full.stream(), extended.stream())
                : Stream.concat(extended.stream(), full.stream());
        return all.filter(files::isFile);
    }

    private List<String> withExtensions(String full, String asked) {
        return asked.endsWith(".")
                ? List.of()
                : extensions.stream().map(extension -> full + extension).toList();
    }

    /** Empty if nothing tells that it can be run. */
    private Optional<Found> kind(String file) {
        Optional<Program> program = program(file);
        if (program.isPresent()) {
            return Optional.of(program.get());
        }
        return Shebang.parse(beginning(file)).map(shebang -> script(file, shebang));
    }

    private Optional<Program> program(String file) {
        String lower = file.toLowerCase(Locale.ROOT);
        if (BatchFile.is(file)) {
            return Optional.of(new Batch(file));
        }
        if (lower.endsWith(".exe") || lower.endsWith(".com")) {
            return Optional.of(new Executable(file));
        }
        byte[] start = beginning(file);
        boolean image = start.length >= 2 && start[0] == 'M' && start[1] == 'Z';
        return image ? Optional.of(new Executable(file)) : Optional.empty();
    }

    private byte[] beginning(String file) {
        try {
            return files.beginning(file, Shebang.LINE_BYTES);
        } catch (IOException unreadable) {
            return new byte[0]; // Then the system says why it cannot be run.
        }
    }

    private Found script(String file, Shebang shebang) {
        Optional<Program> exact = interpreterByPath(shebang.interpreter());
        if (exact.isPresent()) {
            return new Script(file, exact.get(), shebang.arguments());
        }
        return interpreterByName(file, shebang, false)
                .or(() -> shebang.isPython() ? interpreterByName(file, shebang, true) : Optional.empty())
                .orElseGet(() -> new Missing(
                        Step.EXECUTE,
                        file,
                        NOT_FOUND,
                        "cannot run " + file + ": missing interpreter " + shebang.interpreter() + " of script " + file
                                + ", and no " + shebang.names() + " in PATH [error " + NOT_FOUND + "]",
                        searchPath.directories()));
    }

    private Optional<Program> interpreterByPath(String interpreter) {
        if (!WindowsPath.isPath(interpreter) || WindowsPath.isDriveRelative(interpreter)) {
            return Optional.empty();
        }
        String full = WindowsPath.resolve(directory, interpreter);
        List<String> candidates = new ArrayList<>(List.of(full));
        candidates.addAll(withExtensions(full, interpreter));
        return candidates.stream()
                .filter(files::isFile)
                .flatMap(file -> program(file).stream())
                .findFirst();
    }

    /**
     * @param fromStore whether what Windows puts into "Microsoft\WindowsApps" counts as a Python: where none is installed, its "python.exe"
     *     and "python3.exe" only offer to buy one, so any other goes before them
     */
    private Optional<Found> interpreterByName(String file, Shebang shebang, boolean fromStore) {
        for (Shebang.Candidate candidate : shebang.candidates()) {
            Optional<Program> program = candidates(candidate.name())
                    .filter(found -> fromStore
                            || !shebang.isPython()
                            || !found.toLowerCase(Locale.ROOT).contains(STORE))
                    .flatMap(found -> program(found).stream())
                    .findFirst();
            if (program.isPresent()) {
                return Optional.of(new Script(file, program.get(), candidate.arguments()));
            }
        }
        return Optional.empty();
    }

    private static Missing refused(String file, int error, String what) {
        return new Missing(Step.FIND_PROGRAM, file, error, words(file, what, error), List.of());
    }

    private static String words(String file, String what, int error) {
        return "program '" + file.replace("\0", "\\0") + "' " + what + " [error " + error + "]";
    }
}
