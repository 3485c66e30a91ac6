package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the file to run as execvp(3) would in the child: its PATH, its working directory. Looks at files, changes nothing. */
final class ProgramSearch {
    /** What execvp searches when there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private ProgramSearch() {}

    /**
     * A program that can be run, as far as one can see.
     *
     * @param argument what exec is given: as asked for if it names a path, so that a script sees its own name so
     * @param file where that is, from here
     */
    record Program(String argument, Path file) {}

    /**
     * Finds it.
     *
     * @param name a path, or a name to look up
     * @param directory where the child will run, absolute
     */
    static Program find(String name, ChildEnvironment environment, Path directory) throws SpawnException {
        if (name.indexOf(0) >= 0) {
            throw failure(name, Errno.EINVAL, "has a NUL character");
        }
        if (name.isEmpty()) {
            throw failure(name, Errno.ENOENT, "is empty");
        }
        if (name.indexOf('/') >= 0) {
            Path file = directory.resolve(name);
            Optional<SpawnException> problem = problem(name, file);
            if (problem.isPresent()) {
                throw problem.get();
            }
            return new Program(name, file);
        }
        return search(name, environment.get("PATH").orElse(DEFAULT_PATH), directory);
    }

    private static Program search(String name, String path, Path directory) throws SpawnException {
        List<SpawnException> refused = new ArrayList<>();
        for (String element : path.split(":", -1)) {
            Path file = directory.resolve(element).resolve(name);
            if (Files.exists(file)) {
                Optional<SpawnException> problem = problem(file.toString(), file);
                if (problem.isEmpty()) {
                    return new Program(file.toString(), file);
                }
                refused.add(problem.get());
            }
        }
        if (!refused.isEmpty()) {
            throw refused.get(0);
        }
        throw failure(name, Errno.ENOENT, "is in no directory of PATH: " + path);
    }

    private static Optional<SpawnException> problem(String shown, Path file) {
        if (!Files.exists(file)) {
            return Optional.of(failure(shown, Errno.ENOENT, missing(shown, file)));
        }
        if (Files.isDirectory(file)) {
            return Optional.of(failure(shown, Errno.EACCES, "is a directory"));
        }
        if (!Descriptors.isExecutable(file.toString())) {
            return Optional.of(failure(shown, Errno.EACCES, "may not be executed: no permission"));
        }
        return Optional.empty();
    }

    private static String missing(String shown, Path file) {
        boolean relative = !Path.of(shown).isAbsolute();
        return "does not exist" + (relative ? " (that is " + file.normalize() + ")" : "");
    }

    private static SpawnException failure(String shown, Errno errno, String what) {
        return new SpawnException(
                Step.FIND_PROGRAM,
                shown,
                errno.number(),
                "program '" + shown.replace("\0", "\\0") + "' " + what + " [" + errno.name() + "]");
    }
}
