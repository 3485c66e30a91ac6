package dev.gantry.launcher.contract;

import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.opentest4j.TestAbortedException;

/** What the contract says differently on POSIX and on Windows; in one place. The error numbers are errno's and Windows'. */
final class Platform {
    /** STATUS_CONTROL_C_EXIT: how a console program ends that has no handler for CTRL_C or CTRL_BREAK. */
    private static final int CONTROL_C_EXIT = 0xC000013A;

    /** STATUS_DLL_INIT_FAILED: how a program ends that hears of CTRL_C or CTRL_BREAK before its first instruction. */
    private static final int DLL_INIT_FAILED = 0xC0000142;

    private Platform() {}

    /** Why a start is refused, and the error number that says so. */
    enum Refusal {
        /** ENOENT; ERROR_FILE_NOT_FOUND, ERROR_PATH_NOT_FOUND (Wine says the first where Windows says the second). */
        NOTHING_THERE(2, 3, 2),
        /** EACCES; ERROR_BAD_EXE_FORMAT: there, what may be run is told by what is in the file. */
        NOT_EXECUTABLE(13, 193, 193),
        /** EACCES; ERROR_ACCESS_DENIED. */
        DIRECTORY_AS_PROGRAM(13, 5, 5),
        /** ENOENT; ERROR_DIRECTORY. */
        NO_WORKING_DIRECTORY(2, 267, 267),
        /** ENOTDIR; ERROR_DIRECTORY. */
        FILE_AS_WORKING_DIRECTORY(20, 267, 267),
        /** EISDIR; ERROR_ACCESS_DENIED. */
        DIRECTORY_AS_FILE(21, 5, 5),
        /** EINVAL; ERROR_INVALID_PARAMETER. */
        NO_TEXT(22, 87, 87),
        /** E2BIG; ERROR_FILENAME_EXCED_RANGE. */
        TOO_LONG(7, 206, 206);

        private final int posix;
        private final int windows;
        private final int windowsToo;

        Refusal(int posix, int windows, int windowsToo) {
            this.posix = posix;
            this.windows = windows;
            this.windowsToo = windowsToo;
        }

        List<Integer> errorNumbers() {
            return Os.isWindows() ? List.of(windows, windowsToo) : List.of(posix);
        }
    }

    /** A path in a directory that does not exist. */
    static Path nowhere(String name) {
        return Path.of(Os.isWindows() ? "C:\\nonexistent" : "/nonexistent", name);
    }

    /** A directory that exists. */
    static Path anyDirectory() {
        return Path.of(Os.isWindows() ? "C:\\windows" : "/etc");
    }

    /** A program that runs under another first argument than its file, and prints that and a NUL first of all. */
    static SpawnRequest sayingItsName(String name) {
        if (!Os.isWindows()) {
            return SpawnRequest.of(name, "/proc/self/cmdline").withExecutable(Path.of("/bin/cat"));
        }
        return SpawnRequest.of(name, "name")
                .withExecutable(Path.of(Steps.of().command().get(0)));
    }

    /** A value of PATH. */
    static String searchPath(Path... directories) {
        return String.join(
                File.pathSeparator,
                List.of(directories).stream().map(Path::toString).toList());
    }

    /** What a file may contain that has no permission to be run, or no form that could be. */
    static String noProgram() {
        return Os.isWindows() ? "only text\n" : "#!/bin/sh\n";
    }

    /** What a shell tells of a program without handlers after the signal. */
    static int shellCodeAfter(Signal signal) {
        if (!Os.isWindows() || signal == Signal.KILL) {
            return 128 + signal.number();
        }
        // Wine's handler of CTRL_C ends a program with 0.
        return signal == Signal.INT && Os.wineVersion().isPresent() ? 0 : CONTROL_C_EXIT;
    }

    /** What a shell may tell of a program that the signal met at any moment of its life. */
    static List<Integer> shellCodesAnyTimeAfter(Signal signal) {
        // Windows has processes that a console event meets while their libraries are being set up.
        return Os.isWindows() && signal != Signal.KILL
                ? List.of(shellCodeAfter(signal), DLL_INIT_FAILED)
                : List.of(shellCodeAfter(signal));
    }

    /** For a signal that may meet a program at its very start or end. */
    static void requireRaces(Signal signal) {
        requireOtherThanWine(
                signal == Signal.KILL
                        ? "may leave the host of a console behind, with the pipes, of a process that is killed while it starts"
                        : "may never end a process that a console event meets while it starts or ends");
    }

    /** For what Wine does differently from Windows: shown in the matrix as not run, with the reason. */
    private static void requireOtherThanWine(String deviation) {
        Os.wineVersion().ifPresent(version -> {
            throw new TestAbortedException("Wine " + version + " " + deviation);
        });
    }

    static void requireDelivery(Signal signal) {
        if (signal == Signal.TERM) {
            requireOtherThanWine("cannot deliver CTRL_BREAK, by which TERM reaches a console program (error 6)");
        }
    }

    /** That nobody else holds the child's end of its standard input. */
    static void requireInputOfItsOwn() {
        requireOtherThanWine("lets the host of a hidden console inherit the child's standard input");
    }

    /** That the system counts what another process uses, and still tells it after the end. */
    static void requireUsageOfOthers() {
        requireOtherThanWine(
                "tells the asking process's own times for any process, and no memory of a process that has ended");
    }

    /** ERROR_INTERNAL_ERROR: what Wine says when a new process died before its first instruction; once in ten thousand under load. */
    static boolean lostByWine(SpawnException failure) {
        return failure.errno() == 1359 && Os.wineVersion().isPresent();
    }

    /** The most polite of the signals that this system can carry. */
    static Signal politeSignal() {
        return Os.wineVersion().isPresent() ? Signal.INT : Signal.TERM;
    }

    /** Exit codes that a program can end with: of 8 bits, or of 32. */
    static IntStream exitCodes() {
        IntStream small = IntStream.of(0, 1, 2, 127, 128, 129, 137, 143, 255);
        return Os.isWindows()
                ? IntStream.concat(small, IntStream.of(256, 259, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, -1))
                : small;
    }

    /**
     * A way to crash.
     *
     * @param how the argument of the crashing program
     * @param shellCode what a shell tells
     * @param signal what kills it, where signals do
     */
    record Crash(String how, int shellCode, OptionalInt signal) {
        private static Crash bySignal(String name, int number) {
            return new Crash(name, 128 + number, OptionalInt.of(number));
        }

        private static Crash byException(String name, int code) {
            return new Crash(name, code, OptionalInt.empty());
        }

        @Override
        public String toString() {
            return how;
        }
    }

    static List<Crash> crashes() {
        return Os.isWindows()
                ? List.of(
                        Crash.byException("ACCESS_VIOLATION", 0xC0000005),
                        Crash.byException("ILLEGAL_INSTRUCTION", 0xC000001D),
                        Crash.byException("INT_DIVIDE_BY_ZERO", 0xC0000094),
                        Crash.byException("0xC0000409", 0xC0000409))
                : List.of(
                        Crash.bySignal("SEGV", 11),
                        Crash.bySignal("ABRT", 6),
                        Crash.bySignal("KILL", 9),
                        Crash.bySignal("TERM", 15),
                        Crash.bySignal("HUP", 1),
                        Crash.bySignal("USR1", 10));
    }

    /** Repetitions that are cheap on POSIX: a start takes 70 ms under Wine. */
    static int times(int onPosix) {
        return Os.isWindows() ? onPosix / 4 : onPosix;
    }

    /**
     * An environment without what no program asked for: the C locale that Python's own start adds; on Windows the variables without
     * which programs do not start there, Wine's own, and the hidden ones of the current directories.
     */
    static Map<String, String> comparable(Map<String, String> environment) {
        TreeMap<String, String> plain = new TreeMap<>(environment);
        if (Os.isWindows()) {
            plain.keySet()
                    .removeIf(name -> name.startsWith("=")
                            || (name.startsWith("WINE") && Os.wineVersion().isPresent())
                            || List.of("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR").contains(name.toUpperCase(Locale.ROOT)));
        } else {
            plain.remove("LC_CTYPE");
        }
        return plain;
    }
}
