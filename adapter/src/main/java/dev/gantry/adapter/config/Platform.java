package dev.gantry.adapter.config;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What two kinds of systems write differently: the search path, names of programs and of variables, command lines. */
public enum Platform {
    POSIX(':'),
    WINDOWS(';');

    /** What Windows can start, in the order in which its shell looks for them. */
    static final List<String> PROGRAM_ENDINGS = List.of(".com", ".exe", ".bat", ".cmd");

    private static final Platform CURRENT = File.separatorChar == '\\' ? WINDOWS : POSIX;

    private final char pathSeparator;

    Platform(char pathSeparator) {
        this.pathSeparator = pathSeparator;
    }

    /** This machine's. */
    public static Platform current() {
        return CURRENT;
    }

    /** Between the directories of PATH. */
    public char pathSeparator() {
        return pathSeparator;
    }

    /** Whether a name is searched in PATH: it names no directory and, on Windows, no drive. */
    public boolean isBare(String name) {
        return name.indexOf('/') < 0 && (this == POSIX || (name.indexOf('\\') < 0 && name.indexOf(':') < 0));
    }

    /** The names of files that a program's name may mean, in order: on Windows its ending may be left out. */
    public List<String> programNames(String name) {
        if (this == POSIX || hasProgramEnding(name)) {
            return List.of(name);
        }
        List<String> names = new ArrayList<>(PROGRAM_ENDINGS.size());
        for (String ending : PROGRAM_ENDINGS) {
            names.add(name + ending);
        }
        return names;
    }

    /** Whether Windows would start a file of this name. */
    static boolean hasProgramEnding(String name) {
        return endsWithOneOf(name, PROGRAM_ENDINGS);
    }

    private static boolean endsWithOneOf(String name, List<String> endings) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (String ending : endings) {
            if (lower.endsWith(ending)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it is empty and called as Python is, in the directory where Microsoft puts the programs of its Store. */
    public static boolean isStoreStub(Path file) {
        Path name = file.getFileName();
        Path directory = file.getParent();
        return name != null
                && directory != null
                && name.toString().toLowerCase(Locale.ROOT).startsWith("python")
                && directory
                        .toString()
                        .replace('\\', '/')
                        .toLowerCase(Locale.ROOT)
                        .endsWith("/microsoft/windowsapps")
                && file.toFile().length() == 0;
    }

    /** Whether a path is Windows' name of nothing, or POSIX' where that is no file: elsewhere it is a file like others. */
    boolean isNullDevice(String path) {
        return this == WINDOWS && (path.equalsIgnoreCase("NUL") || path.equals("/dev/null"));
    }

    /** The interpreter of a virtual environment. */
    public Path virtualPython(Path environment) {
        return this == WINDOWS
                ? environment.resolve("Scripts").resolve("python.exe")
                : environment.resolve("bin").resolve("python");
    }

    /** An empty map of variables: Windows takes "Path" and "PATH" for one, and keeps how it was written first. */
    <V extends @Nullable Object> Map<String, V> variables() {
        return this == WINDOWS ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new LinkedHashMap<>();
    }

    /** The same variables, to be looked up as this system does. */
    public Map<String, String> asLookedUp(Map<String, String> variables) {
        if (this == POSIX) {
            return variables;
        }
        Map<String, String> copy = variables();
        copy.putAll(variables);
        return Collections.unmodifiableMap(copy);
    }

    /** The same changes, by the names that the variables have already: a system that sees two names would pass both on. */
    Map<String, @Nullable String> asInherited(Map<String, @Nullable String> changes, Map<String, String> inherited) {
        if (this == POSIX) {
            return changes;
        }
        Map<String, String> spelling = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : inherited.keySet()) {
            spelling.put(name, name);
        }
        Map<String, @Nullable String> spelled = variables();
        for (Map.Entry<String, @Nullable String> change : changes.entrySet()) {
            spelled.put(spelling.getOrDefault(change.getKey(), change.getKey()), change.getValue());
        }
        return spelled;
    }

    /** A command line that can be read, and given to the system's own shell. */
    String quoteAll(List<String> words) {
        return this == WINDOWS ? WindowsWords.quoteAll(words) : ShellWords.quoteAll(words);
    }

    /** The words of a text, as programs of this system see them; nothing is expanded. */
    ShellWords.Split split(String text) {
        return this == WINDOWS ? WindowsWords.split(text) : ShellWords.split(text);
    }
}
