package dev.gantry.launcher.linux;

import java.time.Duration;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says.
 *
 * @param id pid and start time
 * @param name the short name, at most 15 bytes, any characters
 * @param state one letter, as in proc(5)
 * @param parentPid the parent
 * @param groupId the process group
 * @param sessionId the session
 * @param threads how many threads it has; 1 for a zombie without living threads
 * @param userTime processor time of the program so far
 * @param systemTime processor time of the system for it so far
 */
record ProcStat(
        ProcessId id,
        String name,
        char state,
        long parentPid,
        long groupId,
        long sessionId,
        int threads,
        Duration userTime,
        Duration systemTime) {
    /** USER_HZ: 100 on x86-64 and aarch64, whatever the kernel's own clock. */
    private static final long MILLIS_PER_TICK = 10;

    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int GROUP = 2;
    private static final int SESSION = 3;
    private static final int USER_TICKS = 11;
    private static final int SYSTEM_TICKS = 12;
    private static final int THREADS = 17;
    private static final int START = 19;

    /** Parses the file's text; the name in it may hold blanks, parentheses and newlines. Empty if it is something else. */
    static Optional<ProcStat> parse(String text) {
        int open = text.indexOf('(');
        int close = text.lastIndexOf(')');
        if (open < 1 || close < open) {
            return Optional.empty();
        }
        String[] fields = text.substring(close + 1).strip().split(" ", START + 2);
        if (fields.length <= START || fields[STATE].length() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ProcStat(
                    new ProcessId(Long.parseLong(text.substring(0, open).strip()), Long.parseLong(fields[START])),
                    text.substring(open + 1, close),
                    fields[STATE].charAt(0),
                    Long.parseLong(fields[PARENT]),
                    Long.parseLong(fields[GROUP]),
                    Long.parseLong(fields[SESSION]),
                    Integer.parseInt(fields[THREADS]),
                    ticks(fields[USER_TICKS]),
                    ticks(fields[SYSTEM_TICKS])));
        } catch (NumberFormatException notAStatFile) {
            return Optional.empty();
        }
    }

    private static Duration ticks(String field) {
        return Duration.ofMillis(MILLIS_PER_TICK * Long.parseLong(field));
    }

    Duration cpuTime() {
        return userTime.plus(systemTime);
    }

    long pid() {
        return id.pid();
    }

    /** Whether nothing of it runs any more. A zombie with threads is a program whose main thread has ended before the others. */
    boolean isDead() {
        return (state == 'Z' || state == 'X') && threads <= 1;
    }

    /** Whether it executes no more code until somebody lets it. */
    boolean isHeld() {
        return state != 'R' && state != 'S';
    }
}
