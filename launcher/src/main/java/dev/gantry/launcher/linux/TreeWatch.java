package dev.gantry.launcher.linux;

import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.NanoClock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the trees now and then: first for orphans, where they come to us, then at who is in each tree. A look is made in slices,
 * so that it keeps no task waiting for long. With a subreaper it always looks, else while there are guarded trees.
 *
 * <p>Confined to the reactor's thread; ends with its loop.
 */
final class TreeWatch {
    /** So long a task may have to wait for a look. */
    private static final long SLICE_NANOS = 2_000_000;

    private final EventLoop loop;
    private final NanoClock clock;
    /** This thread's own time: on a machine that is short of it, looks must not become rarer. */
    private final NanoClock processor;

    private final TreeKeeper keeper;
    private final Optional<OrphanReaper> reaper;
    private final LookPace pace = new LookPace();
    private @Nullable DelayedCall next;
    private long nextAt;
    private boolean looking;
    private long cost;

    /**
     * Does nothing before {@link #start} or {@link #hurry}.
     *
     * @param processor the processor time of the loop's thread
     */
    TreeWatch(EventLoop loop, NanoClock clock, NanoClock processor, TreeKeeper keeper, Optional<OrphanReaper> reaper) {
        this.loop = loop;
        this.clock = clock;
        this.processor = processor;
        this.keeper = keeper;
        this.reaper = reaper;
    }

    /** There may be something to look after. */
    void start() {
        if (next == null && !looking) {
            schedule();
        }
    }

    /** There is a new tree to keep: the next looks come soon. */
    void hurry() {
        reaper.ifPresent(OrphanReaper::prepare);
        pace.hurry();
        DelayedCall pending = next;
        // One that comes soon stays, else many starts would put it off for ever.
        if (pending != null && nextAt - clock.nanoTime() > LookPace.FIRST.toNanos()) {
            pending.cancel();
            next = null;
        }
        start();
    }

    private void schedule() {
        boolean busy = keeper.isBusy();
        Duration wait = pace.next(busy, Duration.ofNanos(cost));
        if (busy || reaper.isPresent()) {
            nextAt = clock.nanoTime() + wait.toNanos();
            next = loop.callLater(wait, this::begin);
        }
    }

    private void begin() {
        next = null;
        looking = true;
        cost = 0;
        if (reaper.isPresent()) {
            go(reaper.get().begin(), this::lookAtTrees);
        } else {
            lookAtTrees();
        }
    }

    private void lookAtTrees() {
        go(keeper.look(), this::end);
    }

    private void end() {
        looking = false;
        schedule();
    }

    /** One slice of a look, then the next one in a later turn of the loop, then what comes after. */
    private void go(Look look, Runnable after) {
        boolean[] more = {false};
        loop.guarded("looking after trees", () -> more[0] = slice(look));
        if (more[0]) {
            loop.execute(() -> go(look, after));
        } else {
            after.run();
        }
    }

    private boolean slice(Look look) {
        long end = clock.nanoTime() + SLICE_NANOS;
        long costBefore = processor.nanoTime();
        boolean more = look.step();
        while (more && clock.nanoTime() - end < 0) {
            more = look.step();
        }
        cost += processor.nanoTime() - costBefore;
        return more;
    }
}
