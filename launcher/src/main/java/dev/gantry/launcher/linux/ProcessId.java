package dev.gantry.launcher.linux;

/**
 * A process for good: its number and when it started.
 *
 * @param startTime clock ticks since boot, field 22 of /proc/PID/stat
 */
record ProcessId(long pid, long startTime) {
    // Written out: a record's own are linked at run time when they are first called, which is on the way to every
    // start.

    @Override
    public boolean equals(Object other) {
        return other instanceof ProcessId that && pid == that.pid && startTime == that.startTime;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(pid) * 31 + Long.hashCode(startTime);
    }
}
