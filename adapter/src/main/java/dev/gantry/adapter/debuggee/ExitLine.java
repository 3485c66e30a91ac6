package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/**
 * The end of a run in words: "exit code 3 after 1.2 s, 34 MiB peak, 0.8 s CPU"; "at least 34 MiB" where more may not have been
 * seen. Pure.
 */
public final class ExitLine {
    private static final long MIB = 1024 * 1024;
    private static final int LARGEST_BYTE = 255;

    private ExitLine() {}

    public static String of(ExitReport report) {
        return how(report) + " " + spent(report.usage());
    }

    /**
     * "exit code 3", "killed by SIGSEGV (11), core dumped", "exit code -1073741819 (0xC0000005, STATUS_ACCESS_VIOLATION: invalid
     * memory access)".
     */
    public static String how(ExitReport report) {
        if (report.reason().isEmpty()) {
            return "ended, nobody can tell how,";
        }
        ExitReason reason = report.reason().get();
        if (reason instanceof ProcessDone) {
            return "exit code 0";
        }
        return terminated((ProcessTerminated) reason, report);
    }

    private static String terminated(ProcessTerminated end, ExitReport report) {
        if (end.exitCode().isPresent()) {
            int code = end.exitCode().getAsInt();
            return "exit code " + code + (report.byTerminal() ? shellMeaning(code) : codeMeaning(code, end));
        }
        int number = end.signalNumber().orElseThrow();
        return "killed by " + signal(number)
                + (report.outOfMemory() ? " by the system, out of memory" : "")
                + (end.coreDumped() ? ", core dumped" : "");
    }

    private static String signal(int number) {
        return Signal.numbered(number)
                .map(known -> known.sigName() + " (" + number + ")")
                .orElse("signal " + number);
    }

    /** A shell says 128 + n for a death by signal n; the program may also have chosen that number itself. */
    private static String shellMeaning(int code) {
        return code > 128 && code <= 128 + 64
                ? " (in a terminal: killed by " + signal(code - 128) + ", or its own code)"
                : "";
    }

    /** Only Windows has codes of more than 8 bits; those that say something are known by their hexadecimal digits. */
    private static String codeMeaning(int code, ProcessTerminated end) {
        if (code >= 0 && code <= LARGEST_BYTE) {
            return "";
        }
        String name = end.ntStatus()
                .map(status -> ", " + status.statusName() + ": " + status.meaning())
                .orElse("");
        return " (0x" + Integer.toHexString(code).toUpperCase(Locale.ROOT) + name + ")";
    }

    private static String spent(ResourceUsage usage) {
        StringBuilder text = new StringBuilder("after ").append(duration(usage.wallTime()));
        usage.peakResidentBytes()
                .ifPresent(bytes -> text.append(usage.peakExact() ? ", " : ", at least ")
                        .append(size(bytes))
                        .append(" peak"));
        if (usage.userTime().isPresent() && usage.systemTime().isPresent()) {
            text.append(", ")
                    .append(duration(
                            usage.userTime().get().plus(usage.systemTime().get())))
                    .append(" CPU");
        }
        return text.toString();
    }

    /** "0.03 s", "1.2 s", "1 min 15 s", "2 h 3 min": about two digits that matter. */
    static String duration(Duration time) {
        if (time.toNanos() < 100_000_000) {
            return decimal(time.toNanos(), 1_000_000_000, 2) + " s";
        }
        if (time.toSeconds() < 60) {
            return decimal(time.toNanos(), 1_000_000_000, 1) + " s";
        }
        long minutes = time.toMinutes();
        return minutes < 60
                ? minutes + " min " + time.toSecondsPart() + " s"
                : time.toHours() + " h " + time.toMinutesPart() + " min";
    }

    static String size(long bytes) {
        return decimal(bytes, MIB, bytes < 10 * MIB ? 1 : 0) + " MiB";
    }

    /** Rounded to so many places. By hand: a formatter loads a hundred classes between a program's end and the word of it. */
    private static String decimal(long value, long unit, int places) {
        return BigDecimal.valueOf(value)
                .divide(BigDecimal.valueOf(unit), places, RoundingMode.HALF_UP)
                .toPlainString();
    }
}
