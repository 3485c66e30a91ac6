package dev.gantry.launcher.windows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The directories in which programs are searched by name. Pure.
 *
 * @param directories in full, in order
 */
record SearchPath(List<String> directories) {
    SearchPath {
        directories = List.copyOf(directories);
    }

    /**
     * From PATH. Quotation marks around an entry, or a part of it, hold a semicolon together and are no part of the name. An empty entry
     * is none: it does not mean the current directory. A relative one starts at the child's directory; one that is drive-relative
     * starts nowhere and is left out. Without PATH: where Windows itself looks in any case, the system's directory and Windows'.
     *
     * @param environment the child's, by name whatever the case
     * @param directory where the child will run, an absolute path
     */
    static SearchPath of(Map<String, String> environment, String directory) {
        String path = environment.get("PATH");
        if (path == null) {
            String root = environment.get("SystemRoot");
            return new SearchPath(root == null ? List.of() : List.of(root + "\\System32", root));
        }
        return new SearchPath(entries(path).stream()
                .filter(entry -> !WindowsPath.isDriveRelative(entry))
                .map(entry -> WindowsPath.resolve(directory, entry))
                .toList());
    }

    private static List<String> entries(String path) {
        List<String> entries = new ArrayList<>();
        StringBuilder entry = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c != ';' || quoted) {
                entry.append(c);
            } else {
                entries.add(entry.toString());
                entry.setLength(0);
            }
        }
        entries.add(entry.toString());
        entries.removeIf(String::isBlank);
        return entries;
    }

    /** PATHEXT's, each with its dot; cmd.exe's default without it. */
    static List<String> extensions(Map<String, String> environment) {
        List<String> extensions = Arrays.stream(
                        environment.getOrDefault("PATHEXT", "").split(";"))
                .map(String::strip)
                .filter(extension -> extension.startsWith(".") && extension.length() > 1)
                .toList();
        return extensions.isEmpty() ? ProgramSearch.DEFAULT_EXTENSIONS : extensions;
    }
}
