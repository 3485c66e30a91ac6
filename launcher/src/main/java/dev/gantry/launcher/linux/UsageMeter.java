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
 * <p>A sample wakes the reactor and reads one file of /proc, which takes some 0.1 ms; there are a dozen in the first second and four in
 * each later one.
 *
 * <p>Confined to the reactor's thread; ends itself at {@link #died} or {@link #reapedByOthers}.
 */
final class UsageMeter {
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(20);
    private static final Duration LAST_INTERVAL = Duration.ofMillis(250);

    /** Less than almost any program has once it runs. */
    private static final long LEAST_BYTES = 512 * 1024;

    private final long pid;
    private final EventLoop loop;
    private final NanoClock clock;
    private final long startedAt;
    private final OomWatch oomWatch = OomWatch.system();
    private Optional<OomWatch.Sample> oomSample = Optional.empty();
    private OptionalLong sampledPeak = OptionalLong.empty();
    private long sampledAt;
    private Duration interval = FIRST_INTERVAL;
    private @Nullable DelayedCall nextSample;
    private @Nullable ResourceUsage complete;

    UsageMeter(long pid, EventLoop loop, NanoClock clock, long startedAt) {
        this.pid = pid;
        this.loop = loop;
        this.clock = clock;
        this.startedAt = startedAt;
        this.sampledAt = startedAt;
    }

    void start() {
        nextSample = loop.callLater(FIRST_INTERVAL, this::sample);
    }

    /** What is known now. */
    ResourceUsage usage() {
        if (complete != null) {
            return complete;
        }
        boolean fresh = takePeak();
        Optional<ChildStat> stat = ChildStat.read(pid);
        return new ResourceUsage(
                wallTime(), stat.map(ChildStat::userTime), stat.map(ChildStat::systemTime), sampledPeak, fresh, false);
    }

    void died(PidFd.Death death) {
        stop();
        boolean exact = isOwnMark(death.maxResidentBytes());
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
        }
    }

    /** Whether the kernel's figure is the child's own, not what it has from us. */
    private static boolean isOwnMark(long maxResidentBytes) {
        OptionalLong ours = ChildStat.peakResidentBytes("self");
        return ours.isPresent() && maxResidentBytes > ours.getAsLong();
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
                && age >= FIRST_INTERVAL.toNanos()
                && 2 * age >= clock.nanoTime() - startedAt;
    }

    private boolean isOutOfMemory(PidFd.Death death) {
        return death.reason() instanceof ProcessTerminated end
                && end.signal().equals(Optional.of(Signal.KILL))
                && oomSample.filter(oomWatch::killedSince).isPresent();
    }

    private void sample() {
        takePeak();
        if (oomSample.isEmpty()) {
            oomSample = oomWatch.begin(pid);
        }
        nextSample = loop.callLater(interval, this::sample);
        Duration longer = interval.multipliedBy(6).dividedBy(5);
        interval = longer.compareTo(LAST_INTERVAL) > 0 ? LAST_INTERVAL : longer;
    }

    /** False if nothing is to be seen any more, since it is dead. */
    private boolean takePeak() {
        OptionalLong now = ChildStat.peakResidentBytes(Long.toString(pid));
        if (now.isPresent()) {
            sampledPeak = now;
            sampledAt = clock.nanoTime();
        }
        return now.isPresent();
    }

    private Duration wallTime() {
        return Duration.ofNanos(clock.nanoTime() - startedAt);
    }
}
