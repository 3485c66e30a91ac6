package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.debuggee.ExitLine;
import dev.gantry.adapter.debuggee.ExitReport;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.NtStatus;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The body of the custom event {@code gantry/exit}: everything that is known of an end. */
final class ExitBody {
    private ExitBody() {}

    static JsonObject of(ExitReport report) {
        ExitReason reason = report.reason().orElse(null);
        ProcessTerminated end = reason instanceof ProcessTerminated terminated ? terminated : null;
        ResourceUsage usage = report.usage();
        return Bodies.object(
                "description", ExitLine.how(report),
                "exitCode", exitCode(reason, end),
                "signal", end == null ? null : end.signal().map(Signal::sigName).orElse(null),
                "signalNumber",
                        end != null && end.signalNumber().isPresent()
                                ? end.signalNumber().getAsInt()
                                : null,
                "ntStatus",
                        end == null
                                ? null
                                : end.ntStatus().map(NtStatus::statusName).orElse(null),
                "coreDumped", end != null && end.coreDumped(),
                "outOfMemory", report.outOfMemory(),
                "status", reason == null ? null : reason.status(),
                "wallSeconds", seconds(usage.wallTime()),
                "userSeconds", usage.userTime().map(ExitBody::seconds).orElse(null),
                "systemSeconds", usage.systemTime().map(ExitBody::seconds).orElse(null),
                "peakResidentBytes",
                        usage.peakResidentBytes().isPresent()
                                ? usage.peakResidentBytes().getAsLong()
                                : null,
                "peakExact", usage.peakExact());
    }

    private static @Nullable Integer exitCode(@Nullable ExitReason reason, @Nullable ProcessTerminated end) {
        if (end != null) {
            return end.exitCode().isPresent() ? end.exitCode().getAsInt() : null;
        }
        return reason == null ? null : Integer.valueOf(0);
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
