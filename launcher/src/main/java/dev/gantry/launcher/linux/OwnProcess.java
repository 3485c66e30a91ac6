package dev.gantry.launcher.linux;

import static dev.gantry.launcher.linux.SystemCallException.check;

import com.sun.jna.Memory;

/** Settings of this whole process. Any thread. */
final class OwnProcess {
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int PR_GET_CHILD_SUBREAPER = 37;
    private static final int CLOCK_THREAD_CPUTIME = 3;
    private static final int CLOCK_BOOTTIME = 7;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final int SIGCHLD = 17;
    private static final long SIG_IGN = 1;
    /** More than struct sigaction; zeroed it is the default action. */
    private static final int SIGACTION_BYTES = 256;

    /** How many want us to be the subreaper. Guarded by the class, like the next. */
    private static int subreapers;
    /** Whether somebody else wanted it before. */
    private static boolean wasSubreaper;

    private OwnProcess() {}

    /** Orphans come to us until as many have called {@link #ceaseSubreaper}. */
    static synchronized void becomeSubreaper() throws SystemCallException {
        if (subreapers == 0) {
            wasSubreaper = isSubreaper();
            setSubreaper(1);
        }
        subreapers++;
    }

    /** Orphans go elsewhere from now on, unless others still want them; who is our child already stays it. */
    static synchronized void ceaseSubreaper() throws SystemCallException {
        subreapers--;
        if (subreapers == 0 && !wasSubreaper) {
            setSubreaper(0);
        }
    }

    static boolean isSubreaper() throws SystemCallException {
        try (Memory on = new Memory(Integer.BYTES)) {
            check(
                    Libc.prctl(PR_GET_CHILD_SUBREAPER, CStrings.address(on), 0, 0, 0),
                    () -> "prctl(PR_GET_CHILD_SUBREAPER)");
            return on.getInt(0) != 0;
        }
    }

    private static void setSubreaper(int on) throws SystemCallException {
        check(Libc.prctl(PR_SET_CHILD_SUBREAPER, on, 0, 0, 0), () -> "prctl(PR_SET_CHILD_SUBREAPER, " + on + ")");
    }

    /** The processor time of this thread. */
    static long threadNanos() {
        return nanos(CLOCK_THREAD_CPUTIME);
    }

    /** The time since boot, suspensions included, as the start times of processes have it. */
    static long bootNanos() {
        return nanos(CLOCK_BOOTTIME);
    }

    private static long nanos(int clock) {
        try (Memory time = new Memory(TIMESPEC_BYTES)) {
            if (Libc.clock_gettime(clock, CStrings.address(time)) == -1) {
                // Every kernel that we run on has these clocks, and the address is right.
                throw new IllegalStateException(
                        "clock_gettime(" + clock + ", " + time + "): " + Errno.describe(Libc.errno()));
            }
            return time.getLong(0) * NANOS_PER_SECOND + time.getLong(Long.BYTES);
        }
    }

    /** Whoever started us may have left SIGCHLD ignored: the kernel would then throw exit statuses away. */
    static void keepChildrenWaitable() throws SystemCallException {
        try (Memory old = new Memory(SIGACTION_BYTES);
                Memory standard = new Memory(SIGACTION_BYTES)) {
            check(Libc.sigaction(SIGCHLD, 0, CStrings.address(old)), () -> "sigaction(SIGCHLD, NULL)");
            if (old.getLong(0) == SIG_IGN) {
                standard.clear();
                check(Libc.sigaction(SIGCHLD, CStrings.address(standard), 0), () -> "sigaction(SIGCHLD, SIG_DFL)");
            }
        }
    }
}
