package dev.gantry.launcher.linux;

import static dev.gantry.launcher.linux.SystemCallException.check;

import com.sun.jna.Memory;

/** Settings of this whole process. Any thread. */
final class OwnProcess {
    private static final int PR_SET_CHILD_SUBREAPER = 36;
    private static final int SIGCHLD = 17;
    private static final long SIG_IGN = 1;
    /** More than struct sigaction; zeroed it is the default action. */
    private static final int SIGACTION_BYTES = 256;

    private OwnProcess() {}

    static void becomeSubreaper() throws SystemCallException {
        check(Libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), () -> "prctl(PR_SET_CHILD_SUBREAPER, 1)");
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
