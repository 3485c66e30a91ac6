package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
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
     * @param argument what exec is given, in the child's directory: as asked for if it names a path, so that a script sees its
     *     own name so
     * @param file the same from the root, for people
     */
    record Program(String argument, String file) {}

    /**
     * Finds it.
     *
     * @param name a path, or a name to look up
     * @param directory where the child will run
     */
    static Program find(String name, ChildEnvironment environment, ChildDirectory directory) throws SpawnException {
        if (name.indexOf(0) >= 0) {
            throw failure(name, Errno.EINVAL.number(), "has a NUL character");
        }
        if (name.isEmpty()) {
            throw failure(name, Errno.ENOENT.number(), "is empty");
        }
        if (name.indexOf('/') >= 0) {
            String fromHere = directory.resolve(name);
            if (!isProgram(fromHere)) {
                int errno = Descriptors.access(fromHere, Libc.F_OK);
                if (errno != 0) {
                    throw failure(name, errno, unreachable(name, errno, directory));
                }
                Optional<SpawnException> problem = problem(name, fromHere);
                if (problem.isPresent()) {
                    throw problem.get();
                }
            }
            return new Program(name, directory.shown(name));
        }
        return search(name, environment.get("PATH").orElse(DEFAULT_PATH), directory);
    }

    private static Program search(String name, String path, ChildDirectory directory) throws SpawnException {
        List<SpawnException> refused = new ArrayList<>();
        for (String element : path.split(":", -1)) {
            String candidate = (element.isEmpty() ? "." : element) + "/" + name;
            String fromHere = directory.resolve(candidate);
            if (Descriptors.access(fromHere, Libc.F_OK) == 0) {
                Optional<SpawnException> problem = problem(directory.shown(candidate), fromHere);
                if (problem.isEmpty()) {
                    return new Program(candidate, directory.shown(candidate));
                }
                refused.add(problem.get());
            }
        }
        if (!refused.isEmpty()) {
            throw refused.get(0);
        }
        throw failure(name, Errno.ENOENT.number(), "is in no directory of PATH: " + path);
    }

    private static boolean isProgram(String fromHere) {
        return Descriptors.access(fromHere, Libc.X_OK) == 0 && !Descriptors.isDirectory(fromHere);
    }

    /** Why a file that is there cannot be run. */
    private static Optional<SpawnException> problem(String shown, String fromHere) {
        if (Descriptors.isDirectory(fromHere)) {
            return Optional.of(failure(shown, Errno.EACCES.number(), "is a directory"));
        }
        int errno = Descriptors.access(fromHere, Libc.X_OK);
        return errno == 0 ? Optional.empty() : Optional.of(failure(shown, errno, "may not be executed: no permission"));
    }

    private static String unreachable(String name, int errno, ChildDirectory directory) {
        if (Errno.ENOENT.is(errno)) {
            return "does not exist" + (name.startsWith("/") ? "" : " (that is " + directory.shortest(name) + ")");
        }
        if (Errno.ENOTDIR.is(errno)) {
            return "does not exist: something on the way to " + directory.shortest(name) + " is no directory";
        }
        return Errno.EACCES.is(errno)
                ? "cannot be reached: no permission for a directory on the way to " + directory.shortest(name)
                : "cannot be reached: " + Errno.describe(errno);
    }

    private static SpawnException failure(String shown, int errno, String what) {
        return new SpawnException(
                Step.FIND_PROGRAM,
                shown,
                errno,
                "program '" + shown.replace("\0", "\\0") + "' " + what + " [" + Errno.nameOf(errno) + "]");
    }
}
