package dev.gantry.adapter.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Paths and names of programs as the attributes write them. */
final class Paths {
    /** What is searched where there is no PATH, as the system's own search does. */
    private static final String WITHOUT_PATH = "/usr/local/bin:/usr/bin:/bin";

    /** What a search for a program found. */
    sealed interface Search {
        record Found(Path file) implements Search {}

        /**
         * There is none.
         *
         * @param tried every file looked at, in order
         * @param notExecutable the first of them that exists without being executable
         */
        record Missing(List<Path> tried, Optional<Path> notExecutable) implements Search {}
    }

    private Paths() {}

    /** The path, absolute and without "." and ".." where that is safe; a problem if the system has no such path. */
    static Optional<Path> resolve(Arguments arguments, String attribute, String path, Path base) {
        try {
            Path file = clean(base.resolve(path));
            if (Platform.current() == Platform.WINDOWS && !file.isAbsolute()) {
                arguments.fault(attribute, "'" + attribute + "' " + ofDrive(path));
                return Optional.empty();
            }
            return Optional.of(file);
        } catch (InvalidPathException e) {
            arguments.fault(
                    attribute,
                    "'" + attribute + "' is no path here: " + whyNoPath(e)
                            + (Platform.current() == Platform.WINDOWS
                                    ? ""
                                    : " (if it holds letters beyond ASCII, the adapter needs a UTF-8 locale, such as LANG=C.UTF-8)"));
            return Optional.empty();
        }
    }

    /** Java says of a letter that no name may have on Windows at which index it is, which nobody counts. */
    static String whyNoPath(InvalidPathException refused) {
        String input = refused.getInput();
        int index = refused.getIndex();
        if (!refused.getReason().startsWith("Illegal char") || index < 0 || index >= input.length()) {
            return String.valueOf(refused.getMessage());
        }
        char letter = input.charAt(index);
        return input + " has " + (letter < ' ' ? "U+%04X".formatted((int) letter) : "'" + letter + "'")
                + ", which no name of a file can have";
    }

    /** Of a path as "C:name", on another drive than the directory that it could be relative to. */
    static String ofDrive(String path) {
        return path + " starts at the own directory of drive " + path.substring(0, Math.min(2, path.length()))
                + ", which a new program has not: write the full path, or a relative one without a drive";
    }

    /** The same for a program's path, whose ending may be left out on Windows. */
    static Optional<Path> resolveProgram(
            Arguments arguments, String attribute, String path, Path base, Environment environment) {
        Optional<Path> file = resolve(arguments, attribute, path, base);
        return file.isPresent() ? Optional.of(withEnding(file.get(), environment)) : file;
    }

    /** The file that a program's path means: on Windows its ending may be left out. */
    static Path withEnding(Path file, Environment environment) {
        return environment.platform() == Platform.WINDOWS
                ? WindowsSearch.of(environment).byPath(file)
                : file;
    }

    /** Without "." parts; ".." parts stay, since a symbolic link before one changes what it means. */
    static Path clean(Path path) {
        for (Path part : path) {
            if (part.toString().equals("..")) {
                return path;
            }
        }
        return path.normalize();
    }

    static boolean isExecutable(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /**
     * Looks for the names, which must be possible as file names, each in all of PATH before the next one. Of what is called
     * as Python is and may only open Microsoft's Store, nothing is found.
     */
    static Search search(List<String> names, Environment environment, Path cwd) {
        List<Path> directories = searchPath(environment, cwd);
        if (environment.platform() == Platform.WINDOWS) {
            return WindowsSearch.of(environment).byName(names, directories);
        }
        List<Path> tried = new ArrayList<>();
        Optional<Path> notExecutable = Optional.empty();
        for (String name : names) {
            for (Path directory : directories) {
                Path file = directory.resolve(name);
                if (isExecutable(file)) {
                    return new Search.Found(file);
                }
                tried.add(file);
                if (notExecutable.isEmpty() && Files.isRegularFile(file)) {
                    notExecutable = Optional.of(file);
                }
            }
        }
        return new Search.Missing(tried, notExecutable);
    }

    private static List<Path> searchPath(Environment environment, Path cwd) {
        boolean windows = environment.platform() == Platform.WINDOWS;
        String path = environment.valueOf("PATH").orElse(windows ? "" : WITHOUT_PATH);
        List<Path> directories = new ArrayList<>();
        int start = 0;
        while (start <= path.length()) {
            int end = path.indexOf(environment.platform().pathSeparator(), start);
            end = end < 0 ? path.length() : end;
            try {
                String entry = path.substring(start, end);
                if (!windows) {
                    directories.add(clean(cwd.resolve(entry)));
                } else if (!entry.isBlank()) {
                    // Quotes around an entry are allowed there; an empty one is not the working directory.
                    directories.add(clean(cwd.resolve(entry.replace("\"", ""))));
                }
            } catch (InvalidPathException e) {
                // An entry that is no path holds no program.
            }
            start = end + 1;
        }
        return directories;
    }

    /** What to say of a path that does not exist and looks as if somebody should have replaced a part of it; else "". */
    static String unresolvedHint(String path) {
        if (path.contains("${")) {
            return "; the editor has not replaced '${...}' in it: write the path itself";
        }
        return path.startsWith("~") ? "; '~' is not replaced: write the home directory itself" : "";
    }

    /** Why there is nothing: a dangling link is worth a word. */
    static String missing(Path file, String written) {
        return missing(file) + unresolvedHint(written);
    }

    static String missing(Path file) {
        return file + (Files.isSymbolicLink(file) ? " is a symbolic link to nothing" : " does not exist");
    }
}
