package dev.gantry.launcher.linux;

import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ResourceUsage;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.NanoClock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Measures one process. Peak memory is the trap: exec hands our own high-water mark down to the child, so the kernel's figure
 * counts only where it exceeds ours; below that, the child's own mark is sampled while it lives, and is a lower bound: what it took
 * between the last sample and its end was seen by nobody.
 *
 * <p>A sample wakes the reactor and reads one file of /proc, which takes some 0.04 ms; there are a dozen in the first second and four in
 * each later one, and fewer where many processes run: all together take a fiftieth of a core at most.
 *
 * <p>Confined to the reactor's thread; ends itself at {@link #died} or {@link #reapedByOthers}.
 */
final class UsageMeter {
    private static final long FIRST_INTERVAL = Duration.ofMillis(20).toNanos();
    private static final long LAST_INTERVAL = Duration.ofMillis(250).toNanos();
    private static final long BETWEEN_PROCESSES = Duration.ofMillis(2).toNanos();

    /** Less than almost any program has once it runs. */
    private static final long LEAST_BYTES = 512 * 1024;

    private final long pid;
    private final Meters meters;
    private final long startedAt;
    private Optional<OomWatch.Sample> oomSample = Optional.empty();
    private OptionalLong sampledPeak = OptionalLong.empty();
    private long sampledAt;
    private long interval = FIRST_INTERVAL;
    private @Nullable DelayedCall nextSample;
    private @Nullable ResourceUsage complete;

    /** What the meters of one reactor have in common. */
    static final class Meters {
        private final ProcFs proc;
        private final EventLoop loop;
        private final NanoClock clock;
        private final OomWatch oomWatch = OomWatch.system();
        private int sampling;
        private long ownMark;

        Meters(ProcFs proc, EventLoop loop, NanoClock clock) {
            this.proc = proc;
            this.loop = loop;
            this.clock = clock;
        }

        UsageMeter meter(long pid, long startedAt) {
            return new UsageMeter(pid, this, startedAt);
        }

        /** Whether a mark is above our own, which only grows. */
        private boolean isAboveOurs(long residentBytes) {
            if (residentBytes <= ownMark) {
                return false;
            }
            OptionalLong now = proc.peakResidentBytes(proc.self());
            ownMark = now.orElse(ownMark);
            return now.isPresent() && residentBytes > ownMark;
        }

        private DelayedCall after(long interval, Runnable sample) {
            return loop.callLater(Duration.ofNanos(Math.max(interval, sampling * BETWEEN_PROCESSES)), sample);
        }
    }

    private UsageMeter(long pid, Meters meters, long startedAt) {
        this.pid = pid;
        this.meters = meters;
        this.startedAt = startedAt;
        this.sampledAt = startedAt;
    }

    void start() {
        meters.sampling++;
        // The first one is for the control group too, and comes as soon among many.
        nextSample = meters.loop.callLater(Duration.ofNanos(FIRST_INTERVAL), this::sample);
    }

    /** What is known now. */
    ResourceUsage usage() {
        if (complete != null) {
            return complete;
        }
        boolean fresh = takePeak();
        Optional<ProcStat> stat = meters.proc.stat(pid);
        return new ResourceUsage(
                wallTime(), stat.map(ProcStat::userTime), stat.map(ProcStat::systemTime), sampledPeak, fresh, false);
    }

    void died(PidFd.Death death) {
        stop();
        // Otherwise it is what the child has from us.
        boolean exact = meters.isAboveOurs(death.maxResidentBytes());
        complete = new ResourceUsage(
                wallTime(),
                Optional.of(death.userTime()),
                Optional.of(death.systemTime()),
                exact ? OptionalLong.of(death.maxResidentBytes()) : tellingSample(),
                exact,
                isOutOfMemory(death));
    }

    /** It has ended and was reaped by somebody else, who alone has learned what it used. */
    void reapedByOthers() {
        stop();
        complete = new ResourceUsage(wallTime(), Optional.empty(), Optional.empty(), tellingSample(), false, false);
    }

    void stop() {
        DelayedCall pending = nextSample;
        if (pending != null) {
            pending.cancel();
            nextSample = null;
            meters.sampling--;
        }
    }

    private OptionalLong tellingSample() {
        return isTelling() ? sampledPeak : OptionalLong.empty();
    }

    /**
     * A sample from the first half of a life says little about the whole: a program that has just begun is small. One from the
     * first moments says nothing: the program is being loaded, a few pages at a time. On a busy machine that takes longer, and shows
     * by how little there is.
     */
    private boolean isTelling() {
        long age = sampledAt - startedAt;
        return sampledPeak.orElse(0) >= LEAST_BYTES
                && age >= FIRST_INTERVAL
                && 2 * age >= meters.clock.nanoTime() - startedAt;
    }

    private boolean isOutOfMemory(PidFd.Death death) {
        return death.reason() instanceof ProcessTerminated end
                && end.signal().equals(Optional.of(Signal.KILL))
                && oomSample.filter(meters.oomWatch::killedSince).isPresent();
    }

    private void sample() {
        takePeak();
        if (oomSample.isEmpty()) {
            oomSample = meters.oomWatch.begin(pid);
        }
        nextSample = meters.after(interval, this::sample);
        interval = Math.min(interval * 6 / 5, LAST_INTERVAL);
    }

    /** False if nothing is to be seen any more, since it is dead. */
    private boolean takePeak() {
        OptionalLong now = meters.proc.peakResidentBytes(pid);
        if (now.isPresent()) {
            sampledPeak = now;
            sampledAt = meters.clock.nanoTime();
        }
        return now.isPresent();
    }

    private Duration wallTime() {
        return Duration.ofNanos(meters.clock.nanoTime() - startedAt);
    }
}
