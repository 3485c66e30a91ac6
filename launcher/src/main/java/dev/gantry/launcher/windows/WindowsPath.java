package dev.gantry.launcher.windows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Windows paths as text, by the rules of "Naming files, paths, and namespaces". Pure: nothing is looked up. */
final class WindowsPath {
    /** With the NUL at the end: a path of this length or more needs the prefix. */
    static final int MAX_PATH = 260;
    /** The longest directory that a process can be in, without a separator at its end. */
    static final int MAX_DIRECTORY = MAX_PATH - 2;

    private static final String EXTENDED = "\\\\?\\";
    private static final String EXTENDED_UNC = "\\\\?\\UNC\\";

    private WindowsPath() {}

    static boolean isSeparator(char c) {
        return c == '\\' || c == '/';
    }

    /** Whether it is a path and not a name to be searched: has a separator or a drive. */
    static boolean isPath(String text) {
        return text.indexOf('\\') >= 0 || text.indexOf('/') >= 0 || hasDrive(text);
    }

    private static boolean hasDrive(String path) {
        return path.length() >= 2
                && path.charAt(1) == ':'
                && Character.toString(path.charAt(0)).matches("[A-Za-z]");
    }

    /** "C:name": starts at the directory that drive C has in each process, if it has one. */
    static boolean isDriveRelative(String path) {
        return hasDrive(path) && (path.length() == 2 || !isSeparator(path.charAt(2)));
    }

    /** "C:\...", "\\server\share\...", "\\?\...". */
    static boolean isAbsolute(String path) {
        return (hasDrive(path) && !isDriveRelative(path)) || isTwoSeparators(path);
    }

    private static boolean isTwoSeparators(String path) {
        return path.length() >= 2 && isSeparator(path.charAt(0)) && isSeparator(path.charAt(1));
    }

    /**
     * The full path, without "." and "..", with backslashes, and without the dots and blanks at the end, as GetFullPathNameW makes it; one
     * that begins with "\\?\" or "\\.\" is left as it is.
     *
     * @param directory an absolute path
     * @param path not drive-relative
     */
    static String resolve(String directory, String path) {
        if (path.startsWith(EXTENDED) || path.startsWith("\\\\.\\")) {
            return path;
        }
        String full = path.replace('/', '\\');
        if (!isAbsolute(full)) {
            String base = directory.replace('/', '\\');
            full = full.startsWith("\\") ? base.substring(0, rootLength(base)) + full : base + "\\" + full;
        }
        int root = rootLength(full);
        Deque<String> parts = new ArrayDeque<>();
        for (String part : full.substring(root).split("\\\\", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return full.substring(0, root) + "\\" + withoutDotsAndBlanks(String.join("\\", parts));
    }

    /** Of "C:" or "\\server\share"; the separator behind it does not belong to it. */
    private static int rootLength(String path) {
        if (path.startsWith(EXTENDED)) {
            int from = path.startsWith(EXTENDED_UNC) ? EXTENDED_UNC.length() : EXTENDED.length();
            return path.startsWith(EXTENDED_UNC) ? afterShare(path, from) : end(path, from);
        }
        return path.startsWith("\\\\") ? afterShare(path, 2) : 2;
    }

    private static int afterShare(String path, int server) {
        int end = end(path, server);
        return end == path.length() ? end : end(path, end + 1);
    }

    private static int end(String path, int from) {
        int end = path.indexOf('\\', from);
        return end < 0 ? path.length() : end;
    }

    /** Windows takes them off the end of every path. */
    static String withoutDotsAndBlanks(String path) {
        int end = path.length();
        while (end > 0 && (path.charAt(end - 1) == '.' || path.charAt(end - 1) == ' ')) {
            end--;
        }
        return path.substring(0, end);
    }

    /** As CreateProcessW and CreateFileW take it however long it is: from {@link #MAX_PATH} on an absolute path gets the prefix "\\?\". */
    static String unlimited(String path) {
        if (path.length() < MAX_PATH || !isAbsolute(path) || path.startsWith(EXTENDED)) {
            return path;
        }
        String full = resolve(path, path);
        return full.startsWith("\\\\") ? EXTENDED_UNC + full.substring(2) : EXTENDED + full;
    }

    /**
     * As {@link java.nio.file.Path} takes it, which refuses the prefix "\\\\?\\" before Java 21, and puts it before what is long by itself:
     * without the prefix, if what is behind it is a path with a drive or a share.
     */
    static String withoutPrefix(String path) {
        if (path.regionMatches(true, 0, EXTENDED_UNC, 0, EXTENDED_UNC.length())) {
            return "\\\\" + path.substring(EXTENDED_UNC.length());
        }
        String rest = path.startsWith(EXTENDED) ? path.substring(EXTENDED.length()) : path;
        return hasDrive(rest) && !isDriveRelative(rest) ? rest : path;
    }

    /**
     * Why a process cannot be in this directory, which has no separator at its end: "has 300 characters, and ..."; empty if its
     * length is no reason.
     */
    static Optional<String> directoryTooLong(String directory) {
        return directory.length() <= MAX_DIRECTORY
                ? Optional.empty()
                : Optional.of("has " + directory.length() + " characters, and a process can only be in one of "
                        + MAX_DIRECTORY + " at most");
    }

    /** The last part. */
    static String fileName(String path) {
        return path.substring(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
    }

    /** Whether the last part has one, as Windows sees it: any dot with something behind it. */
    static boolean hasExtension(String path) {
        String name = fileName(path);
        int dot = name.lastIndexOf('.');
        return dot >= 0 && dot < name.length() - 1;
    }
}
