package dev.gantry.launcher.windows;

import java.io.IOException;
import java.util.function.Supplier;

/** A call of the system failed: which, with what, why. */
final class SystemCallException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    /**
     * Names the failed call.
     *
     * @param call with its arguments: "AttachConsole(1234)"
     * @param code as GetLastError told it
     */
    SystemCallException(String call, int code) {
        super(call + ": " + WindowsError.describe(code));
        this.code = code;
    }

    int code() {
        return code;
    }

    /** The failure of this thread's last call. */
    static SystemCallException last(String call) {
        return new SystemCallException(call, Kernel32.lastError());
    }

    /** Fails if a BOOL is FALSE. The call is worded only then. */
    static void check(int bool, Supplier<String> call) throws SystemCallException {
        if (bool == 0) {
            int code = Kernel32.lastError();
            throw new SystemCallException(call.get(), code);
        }
    }
}
