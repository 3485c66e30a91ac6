package dev.gantry.launcher.linux;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the child will run, and what its paths are from here. Paths are text for the system, never {@link Path}: in the locale C
 * that cannot have the name of a file with an accent, which the system can. Immutable.
 *
 * @param path the directory; empty if it is ours
 */
record ChildDirectory(Optional<Path> path) {
    /** The child's path as one that leads there from here. */
    String resolve(String name) {
        return name.startsWith("/") || path.isEmpty() ? name : path.get() + "/" + name;
    }

    /** The child's path for people: from the root. */
    String shown(String name) {
        return name.startsWith("/") ? name : shown() + "/" + name;
    }

    /** For people: from the root. */
    String shown() {
        return path.orElse(Path.of("")).toAbsolutePath().toString();
    }

    /** As {@link #shown(String)}, without steps that lead nowhere. */
    String shortest(String name) {
        try {
            return Path.of(shown(name)).normalize().toString();
        } catch (InvalidPathException notOfThisLocale) {
            return shown(name);
        }
    }
}
