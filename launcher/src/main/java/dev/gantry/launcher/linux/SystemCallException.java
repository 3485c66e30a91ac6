package dev.gantry.launcher.linux;

import java.io.IOException;
import java.util.function.Supplier;

/** A call of the system failed: which, with what, why. */
final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    /**
     * Names the failed call.
     *
     * @param call with its arguments: "fcntl(5, F_SETFL, O_NONBLOCK)"
     */
    SystemCallException(String call, int errno) {
        super(call + ": " + Errno.describe(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }

    /** Passes a result on unless it is the -1 of a failure. The call is worded only then. */
    static int check(int result, Supplier<String> call) throws SystemCallException {
        if (result == -1) {
            int errno = Libc.errno();
            throw new SystemCallException(call.get(), errno);
        }
        return result;
    }
}
