package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ResourceUsage;
import java.util.Optional;

/**
 * How a run of a target ended.
 *
 * @param reason empty if it could not be ended, or nobody can tell
 * @param usage what it used
 * @param outOfMemory whether the system killed it for want of memory
 * @param byTerminal whether the reason is what a shell told: 128 + n then may be an exit code or a signal
 */
public record ExitReport(Optional<ExitReason> reason, ResourceUsage usage, boolean outOfMemory, boolean byTerminal) {
    static ExitReport of(ProcessTransport process, boolean byTerminal) {
        ResourceUsage usage = process.usage();
        return new ExitReport(
                process.exitReason().filter(ExitReason::isKnown), usage, usage.outOfMemoryKill(), byTerminal);
    }
}
