package dev.gantry.launcher.portable;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the file to run in the child's PATH: the JDK would look in ours. Looks at files, changes nothing. */
final class ProgramSearch {
    /** What execvp searches when there is no PATH. */
    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private ProgramSearch() {}

    /**
     * A program that can be run, as far as one can see.
     *
     * @param argument what ProcessBuilder is given, and the program gets as its first argument: as asked for, unless the JDK
     *     would find another file by it
     * @param file where it is, from here
     */
    record Program(String argument, Path file) {}

    /**
     * Finds it.
     *
     * @param name a path, or a name to look up
     * @param path the child's PATH
     * @param directory where the child will run
     */
    static Program find(String name, @Nullable String path, Path directory) throws SpawnException {
        if (!PortableBackend.POSIX) {
            // CreateProcess has rules of its own: extensions, the application's directory.
            return new Program(name, Path.of(name));
        }
        if (name.indexOf('/') >= 0) {
            Path file = directory.resolve(name);
            int errno = problem(file);
            if (errno != 0) {
                throw failure(name, errno, "cannot be run: " + Errno.describe(errno));
            }
            return new Program(name, file);
        }
        return search(name, Objects.requireNonNullElse(path, DEFAULT_PATH), directory);
    }

    private static Program search(String name, String path, Path directory) throws SpawnException {
        Optional<Path> refused = Optional.empty();
        boolean passedOver = false;
        for (String element : name.isEmpty() ? new String[0] : path.split(File.pathSeparator, -1)) {
            Optional<Path> candidate = candidate(element, name, directory);
            if (candidate.isEmpty()) {
                passedOver = true;
                continue;
            }
            Path file = candidate.get();
            int errno = problem(file);
            if (errno == 0) {
                return new Program(path.equals(System.getenv("PATH")) ? name : file.toString(), file);
            }
            if (errno != Errno.ENOENT && refused.isEmpty()) {
                refused = Optional.of(file);
            }
        }
        if (refused.isPresent()) {
            Path file = refused.get();
            throw failure(file.toString(), Errno.EACCES, "cannot be run: " + Errno.describe(Errno.EACCES));
        }
        throw failure(
                name,
                Errno.ENOENT,
                "is in no directory of PATH: " + path + " [" + Errno.describe(Errno.ENOENT) + "]"
                        + (passedOver
                                ? "; one of them has a name that this locale lacks: start with LC_ALL=C.UTF-8"
                                : ""));
    }

    /** Empty if the JDK cannot have the directory's name in this locale. */
    private static Optional<Path> candidate(String element, String name, Path directory) {
        try {
            return Optional.of(directory.resolve(element).resolve(name));
        } catch (InvalidPathException notOfThisLocale) {
            return Optional.empty();
        }
    }

    /** 0 if there is none. */
    private static int problem(Path file) {
        if (!Files.exists(file)) {
            return Errno.ENOENT;
        }
        return Files.isDirectory(file) || !Files.isExecutable(file) ? Errno.EACCES : 0;
    }

    private static SpawnException failure(String file, int errno, String what) {
        return new SpawnException(Step.FIND_PROGRAM, file, errno, "program '" + file + "' " + what);
    }
}
