package dev.gantry.adapter.config;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which file Windows runs for a program's name or path, in the order of the backend's own search: what is checked and shown here is
 * what runs. A name without an extension means the file with one of PATHEXT, and only where there is none itself; a name with an
 * extension the other way round; a dot at the end means that there is no extension.
 *
 * @param endings those of PATHEXT in the target's environment, in lower case, each with its dot
 */
record WindowsSearch(List<String> endings) {
    static WindowsSearch of(Environment environment) {
        List<String> endings = new ArrayList<>();
        for (String entry : environment.valueOf("PATHEXT").orElse("").split(";", -1)) {
            String ending = entry.strip().toLowerCase(Locale.ROOT);
            if (ending.startsWith(".") && ending.length() > 1) {
                endings.add(ending);
            }
        }
        return new WindowsSearch(endings.isEmpty() ? Platform.PROGRAM_ENDINGS : endings);
    }

    /** What a path means; the path itself where there is no such file. */
    Path byPath(Path path) {
        String name = PythonCommand.fileName(path);
        if (hasExtension(name) && isFile(path)) {
            return path;
        }
        for (String extended : extended(name)) {
            Path file = path.resolveSibling(extended);
            if (isFile(file)) {
                return file;
            }
        }
        return path;
    }

    /**
     * Looks for the names, each in all the directories before the next one. Of what is called as Python is and may only open Microsoft's
     * Store, nothing is found.
     */
    Paths.Search byName(List<String> names, List<Path> directories) {
        List<Path> tried = new ArrayList<>();
        Optional<Path> unfit = Optional.empty();
        for (String name : names) {
            for (Path file : candidates(name, directories)) {
                boolean stub = Platform.isStoreStub(file);
                if (!stub && isFile(file) && isStarted(file)) {
                    return new Paths.Search.Found(file);
                }
                // Windows' default has a dozen endings: a message names the files that are likely meant.
                String fileName = PythonCommand.fileName(file);
                if (hasExtension(name) ? fileName.equals(name) : Platform.hasProgramEnding(fileName)) {
                    tried.add(file);
                }
                if (unfit.isEmpty() && !stub && Files.isRegularFile(file)) {
                    unfit = Optional.of(file);
                }
            }
        }
        return new Paths.Search.Missing(tried, unfit);
    }

    private List<Path> candidates(String name, List<Path> directories) {
        List<Path> exact = new ArrayList<>();
        List<Path> extended = new ArrayList<>();
        for (Path directory : directories) {
            exact.add(directory.resolve(name));
            for (String other : extended(name)) {
                extended.add(directory.resolve(other));
            }
        }
        List<Path> all = new ArrayList<>(hasExtension(name) ? exact : extended);
        all.addAll(hasExtension(name) ? extended : exact);
        return all;
    }

    private List<String> extended(String name) {
        List<String> names = new ArrayList<>();
        if (!name.endsWith(".")) {
            for (String ending : endings) {
                names.add(name + ending);
            }
        }
        return names;
    }

    /** As Windows sees it: any dot with something behind it. */
    private static boolean hasExtension(String name) {
        int dot = name.lastIndexOf('.');
        return dot >= 0 && dot < name.length() - 1;
    }

    /** Whether there is one that is no directory. A program of the Microsoft Store is a link that only a start can follow. */
    static boolean isFile(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(file);
    }

    /** Whether it is such a link, or what is called as Python is and may be one. */
    static boolean isOfStore(Path file) {
        return isFile(file) && (!Files.exists(file) || Platform.isStoreStub(file));
    }

    /** Whether something tells that it is a program: its ending, the mark of one, or a first line that names what runs it. */
    private static boolean isStarted(Path file) {
        if (Platform.hasProgramEnding(PythonCommand.fileName(file))) {
            return true;
        }
        FileHead head = FileHead.of(file);
        return head.text().startsWith("MZ") || head.hashBang().isPresent();
    }
}
