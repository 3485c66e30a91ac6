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
 * counts only where it exceeds ours; below that, the child's own mark is sampled while it lives.
 *
 * <p>Confined to the reactor's thread; ends itself at {@link #died} or {@link #reapedByOthers}.
 */
final class UsageMeter {
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(20);
    private static final Duration LAST_INTERVAL = Duration.ofSeconds(1);

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
        takePeak();
        Optional<ChildStat> stat = ChildStat.read(pid);
        return new ResourceUsage(
                wallTime(), stat.map(ChildStat::userTime), stat.map(ChildStat::systemTime), sampledPeak, false);
    }

    void died(PidFd.Death death) {
        stop();
        complete = new ResourceUsage(
                wallTime(),
                Optional.of(death.userTime()),
                Optional.of(death.systemTime()),
                peak(death.maxResidentBytes()),
                isOutOfMemory(death));
    }

    /** It has ended and was reaped by somebody else, who alone has learned what it used. */
    void reapedByOthers() {
        stop();
        complete = new ResourceUsage(
                wallTime(),
                Optional.empty(),
                Optional.empty(),
                isTelling() ? sampledPeak : OptionalLong.empty(),
                false);
    }

    void stop() {
        DelayedCall pending = nextSample;
        if (pending != null) {
            pending.cancel();
        }
    }

    private OptionalLong peak(long maxResidentBytes) {
        OptionalLong ours = ChildStat.peakResidentBytes("self");
        return ours.isPresent() && maxResidentBytes > ours.getAsLong()
                ? OptionalLong.of(maxResidentBytes)
                : isTelling() ? sampledPeak : OptionalLong.empty();
    }

    /**
     * A sample from the first half of a life says little about the whole: a program that has just begun is small. One from the
     * first moments says nothing: the program is being loaded, a few pages at a time.
     */
    private boolean isTelling() {
        long age = sampledAt - startedAt;
        return age >= FIRST_INTERVAL.toNanos() && 2 * age >= clock.nanoTime() - startedAt;
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

    private void takePeak() {
        OptionalLong now = ChildStat.peakResidentBytes(Long.toString(pid));
        if (now.isPresent()) {
            sampledPeak = now;
            sampledAt = clock.nanoTime();
        }
    }

    private Duration wallTime() {
        return Duration.ofNanos(clock.nanoTime() - startedAt);
    }
}
