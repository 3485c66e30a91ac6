package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which step of a stop ladder worked. The step that is under way when an end is seen need not be the one: what the target died of counts
 * more. Confined to the reactor; as long as its ladder.
 */
final class StopOutcome {
    private final long begin = System.nanoTime();
    private final boolean wasAlive;
    private final List<Signal> sent = new ArrayList<>();
    private String targetEnd = "stopped";
    private final boolean exactReasons;
    private Optional<Signal> endedTarget = Optional.empty();
    private Optional<Signal> endedRest = Optional.empty();

    /**
     * @param wasAlive whether there was a target to stop when the ladder began
     * @param exactReasons whether an exit code is always the program's own
     */
    StopOutcome(boolean wasAlive, boolean exactReasons) {
        this.wasAlive = wasAlive;
        this.exactReasons = exactReasons;
    }

    /** A step begins. */
    void sending(Signal signal, boolean hasDescendants) {
        sent.add(signal);
        if (hasDescendants) {
            endedRest = Optional.of(signal);
        }
    }

    /** It did not, since the backend has no such signal. */
    void notSent(Signal signal) {
        sent.remove(signal);
        endedRest = Optional.empty();
    }

    void targetEnded(ExitReason reason) {
        endedTarget = whatEnded(reason);
        if (endedTarget.isPresent()) {
            targetEnd = "stopped by " + endedTarget.get().sigName();
        } else if (reason instanceof ProcessTerminated death
                && death.signalNumber().isPresent()) {
            int number = death.signalNumber().getAsInt();
            String name = death.signal().map(Signal::sigName).orElse("signal " + number);
            targetEnd = "died of " + name + " while it was being stopped,";
        } else {
            targetEnd = "ended by itself while it was being stopped,";
        }
    }

    /** What it died of, if that was sent; after an exit of its own, the last signal that lets it choose one. */
    private Optional<Signal> whatEnded(ExitReason reason) {
        int number = reason.shellCode() - 128;
        Optional<Signal> polite = Optional.empty();
        for (Signal signal : sent) {
            if (signal.number() == number) {
                return Optional.of(signal);
            }
            polite = signal == Signal.KILL ? polite : Optional.of(signal);
        }
        boolean killed = reason instanceof ProcessTerminated death
                && death.signalNumber().isPresent();
        if (polite.isEmpty() && !exactReasons) {
            return sent.stream().findFirst();
        }
        return killed ? Optional.empty() : polite;
    }

    /** All are gone that the ladder was for. */
    String inWords(StopLadder.Reach reach) {
        if (!wasAlive) {
            String rest = reach == StopLadder.Reach.TREE ? "" : "; what it may have started is left alone";
            return "the program had ended by itself" + (endedRest.isPresent() ? restEnd() + time() : rest);
        }
        if (endedRest.isEmpty() || endedRest.equals(endedTarget) || isEarlier(endedRest.get())) {
            return targetEnd + time();
        }
        return endedTarget.isPresent()
                ? targetEnd + ", what it had started by " + endedRest.get().sigName() + time()
                : targetEnd + time() + restEnd();
    }

    private String restEnd() {
        return "; what it had started was stopped by "
                + endedRest.map(Signal::sigName).orElse("");
    }

    /** Whether the target outlived the step that ended the others. */
    private boolean isEarlier(Signal rest) {
        return endedTarget.isPresent() && sent.indexOf(rest) < sent.indexOf(endedTarget.get());
    }

    /** @param survivors by process id and command */
    String notStopped(String survivors) {
        return "not stopped, even by SIGKILL," + time() + ": " + survivors;
    }

    private String time() {
        return " after " + ExitLine.duration(Duration.ofNanos(System.nanoTime() - begin));
    }
}
