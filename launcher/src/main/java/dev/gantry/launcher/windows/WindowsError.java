package dev.gantry.launcher.windows;

import com.sun.jna.LastErrorException;
import com.sun.jna.platform.win32.Kernel32Util;

/** The error numbers of Windows that this backend acts on (winerror.h), and the system's own words for any. */
final class WindowsError {
    static final int ACCESS_DENIED = 5;
    static final int INVALID_HANDLE = 6;
    static final int GEN_FAILURE = 31;
    static final int INVALID_PARAMETER = 87;
    static final int BAD_EXE_FORMAT = 193;
    static final int FILENAME_EXCED_RANGE = 206;
    static final int WAIT_TIMEOUT = 258;
    static final int DIRECTORY = 267;
    static final int PIPE_CONNECTED = 535;
    static final int ELEVATION_REQUIRED = 740;
    static final int IO_PENDING = 997;

    private WindowsError() {}

    /** "error 2 (The system cannot find the file specified)", in the system's language. */
    static String describe(int code) {
        try {
            String text = Kernel32Util.formatMessage(code).strip();
            return "error " + code + " (" + (text.endsWith(".") ? text.substring(0, text.length() - 1) : text) + ")";
        } catch (LastErrorException | LinkageError noText) {
            return "error " + code;
        }
    }
}
