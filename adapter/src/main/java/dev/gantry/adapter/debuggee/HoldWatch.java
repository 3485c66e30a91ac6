package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.Reactor;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks from time to time whether a target is held or runs, as the client believes: anybody may stop it or let it go on, and the system
 * tells of that only those who look. What lasts is told, a moment is not. Confined to the reactor; from the start of a run until the
 * target is being ended, or has ended.
 */
final class HoldWatch {
    /** Soon after something was done to the target, then more and more seldom. */
    private static final Duration FIRST = Duration.ofMillis(50);

    private static final Duration LONGEST = Duration.ofSeconds(1);
    /** What is not as the client believes counts when it is seen twice. */
    private static final Duration AGAIN = Duration.ofMillis(100);
    /** A look at a big tree takes its time: so many times that lie between two. */
    private static final int REST = 200;

    private final Reactor reactor;
    private final Pausing pausing;
    private final DebuggeeListener listener;

    /** What the client believes. */
    private boolean held;

    private boolean doubtful;
    private boolean watching;
    private Duration interval = FIRST;
    private Duration lastLook = Duration.ZERO;
    private @Nullable DelayedCall next;

    HoldWatch(Reactor reactor, Pausing pausing, DebuggeeListener listener) {
        this.reactor = reactor;
        this.pausing = pausing;
        this.listener = listener;
    }

    void begin() {
        watching = true;
        lookIn(interval);
    }

    void end() {
        watching = false;
        if (next != null) {
            next.cancel();
        }
    }

    /** The client was told that it is held, or goes on. */
    void told(boolean isHeld) {
        held = isHeld;
        hurry();
    }

    /** Something was done to the target. */
    void hurry() {
        doubtful = false;
        interval = FIRST;
        lookIn(interval);
    }

    boolean isHeld() {
        return held;
    }

    private void lookIn(Duration delay) {
        if (next != null) {
            next.cancel();
        }
        if (watching) {
            next = reactor.callLater(delay, this::look);
        }
    }

    private void look() {
        long begin = reactor.nanoTime();
        Optional<Boolean> seen = pausing.look();
        Duration rest = restAfter(Duration.ofNanos(reactor.nanoTime() - begin));
        // A stop of ours may take a while to be obeyed where the processors are busy.
        boolean early = held && pausing.isUnderWay() && interval.compareTo(LONGEST) < 0;
        boolean wrong = seen.isPresent() && seen.get() != held && !early;
        if (wrong && doubtful) {
            change();
            return;
        }
        doubtful = wrong;
        Duration pause = wrong ? AGAIN : interval;
        interval = longer(interval);
        lookIn(pause.compareTo(rest) < 0 ? rest : pause);
    }

    /** One look that was slow says something of the machine at that moment; two in a row do of the tree. */
    private Duration restAfter(Duration look) {
        Duration shorter = look.compareTo(lastLook) < 0 ? look : lastLook;
        lastLook = look;
        return shorter.multipliedBy(REST);
    }

    private static Duration longer(Duration interval) {
        Duration twice = interval.multipliedBy(2);
        return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }

    private void change() {
        told(!held);
        if (held) {
            listener.stopped();
        } else {
            pausing.othersContinued();
            listener.continued();
        }
    }
}
