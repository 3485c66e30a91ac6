package dev.gantry.launcher;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a process used, children that it waited for included.
 *
 * @param wallTime from the start to the reap, or to now
 * @param userTime CPU time in user mode, if the backend can tell
 * @param systemTime CPU time in the kernel, if the backend can tell
 * @param peakResidentBytes the most memory it had resident, in bytes; empty where it cannot be told truly (a process that
 *     starts by exec from a bigger one inherits that one's mark)
 * @param peakExact whether it never had more, up to now or to its end; false if that is the most that was seen of it, a lower
 *     bound, or nothing is known
 * @param outOfMemoryKill whether it died by SIGKILL while the system was killing in its control group for want of memory
 */
public record ResourceUsage(
        Duration wallTime,
        Optional<Duration> userTime,
        Optional<Duration> systemTime,
        OptionalLong peakResidentBytes,
        boolean peakExact,
        boolean outOfMemoryKill) {
    /** Usage whose peak, if there is one, is exact. */
    public ResourceUsage(
            Duration wallTime,
            Optional<Duration> userTime,
            Optional<Duration> systemTime,
            OptionalLong peakResidentBytes,
            boolean outOfMemoryKill) {
        this(wallTime, userTime, systemTime, peakResidentBytes, peakResidentBytes.isPresent(), outOfMemoryKill);
    }
}
