package dev.gantry.launcher;

import java.time.Duration;

/**
 * A live process as the system shows it.
 *
 * @param pid its process id
 * @param parentPid its parent's
 * @param startTime with the pid, its identity: clock ticks since boot at its start; on Windows, units of 100 ns since 1601
 * @param state one letter, as in proc(5): R, S, D, T, Z, ...; '?' on Windows, which has no such thing
 * @param command its command line, arguments joined by a space, at most 4096 characters; its short name in brackets if it has
 *     none
 * @param residentBytes memory resident now
 * @param cpuTime user and system time so far
 */
public record ProcessInfo(
        long pid, long parentPid, long startTime, char state, String command, long residentBytes, Duration cpuTime) {}
