package dev.gantry.launcher.portable;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The few error numbers that this backend finds out by itself, with Linux's values; the rest comes from the JDK's messages. */
final class Errno {
    static final int ENOENT = 2;
    static final int EACCES = 13;
    static final int ENOTDIR = 20;
    static final int EISDIR = 21;
    static final int EINVAL = 22;

    /** "error=2, No such file" and, in later JDKs, "Exec failed, error: 2 (No such file)". */
    private static final Pattern TOLD = Pattern.compile("error[=:] ?(\\d+)");

    private Errno() {}

    /** The number that a message of the JDK tells; 0 if it tells none. */
    static int in(String message) {
        Matcher matcher = TOLD.matcher(message);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /** "ENOENT (2): it does not exist". */
    static String describe(int errno) {
        return switch (errno) {
            case ENOENT -> "ENOENT (2): it does not exist";
            case EACCES -> "EACCES (13): no permission";
            case ENOTDIR -> "ENOTDIR (20): it is no directory";
            case EISDIR -> "EISDIR (21): it is a directory";
            case EINVAL -> "EINVAL (22): invalid argument";
            default -> "errno " + errno;
        };
    }
}
