package dev.gantry.launcher.linux;

/**
 * A process for good: its number and when it started.
 *
 * @param startTime clock ticks since boot, field 22 of /proc/PID/stat
 */
record ProcessId(long pid, long startTime) {}
