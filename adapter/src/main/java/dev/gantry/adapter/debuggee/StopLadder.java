package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.config.StopStep;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends a target step by step: a polite signal, time to obey, a less polite one, at last SIGKILL. Each step goes to every process of the
 * tree once, also to those in groups and sessions of their own; those that outlive the target have the rest of the step's time, and
 * then the next step. Confined to the reactor; starts once, can be hurried, ends by calling {@code done} once.
 */
final class StopLadder {
    /** How often the tree is looked at for its end: there is no event for the end of a descendant. */
    private static final Duration LOOK = Duration.ofMillis(20);
    /** How long after SIGKILL the kernel may take, before survivors are named. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    private final Reactor reactor;
    private final ProcessTransport transport;
    private final List<StopStep> steps;
    private final Reach reach;
    private final Consumer<String> console;
    private final Runnable done;
    private final StopOutcome outcome;

    private int step = -1;
    private boolean finished;
    private @Nullable DelayedCall nextLook;
    private @Nullable DelayedCall stepEnd;

    /** Whom the steps go to. */
    enum Reach {
        /** The target alone, by the user's wish or for want of anything else. */
        TARGET,
        /** Its process group, where descendants cannot be seen. */
        GROUP,
        TREE;

        /** @param wholeTree whether more than the target itself is to end */
        static Reach of(boolean wholeTree, Set<Capability> capabilities) {
            if (wholeTree && capabilities.contains(Capability.PROCESS_TREE)) {
                return TREE;
            }
            return wholeTree && capabilities.contains(Capability.PROCESS_GROUP) ? GROUP : TARGET;
        }
    }

    StopLadder(
            Reactor reactor,
            ProcessTransport transport,
            List<StopStep> steps,
            Reach reach,
            Consumer<String> console,
            Runnable done) {
        this.reactor = reactor;
        this.transport = transport;
        this.steps = steps;
        this.reach = reach;
        this.console = console;
        this.done = done;
        this.outcome = new StopOutcome(isTargetAlive(), reactor.capabilities().contains(Capability.EXACT_EXIT_REASON));
    }

    /** Nothing if it was hurried before. */
    void start() {
        if (finished || step >= 0) {
            return;
        }
        if (isGone()) {
            finish(true);
        } else {
            climb();
        }
    }

    /** Skips to the last step, though none was made yet. */
    void killNow() {
        if (!finished && step < steps.size() - 1) {
            step = steps.size() - 2;
            climb();
        }
    }

    boolean isFinished() {
        return finished;
    }

    /** The target itself was reaped: the end may have come. */
    void targetExited() {
        if (!finished) {
            transport.exitReason().ifPresent(outcome::targetEnded);
        }
        look();
    }

    private void climb() {
        if (finished) {
            return;
        }
        step++;
        boolean last = step == steps.size() - 1;
        cancel(stepEnd);
        Signal signal = steps.get(step).signal();
        outcome.sending(signal, hasDescendants());
        Duration patience = steps.get(step).patience();
        if (!send(signal)) {
            outcome.notSent(signal);
            patience = Duration.ZERO;
        }
        stepEnd = reactor.callLater(last ? AFTER_KILL : patience, last ? this::giveUp : this::climb);
        look();
    }

    /**
     * A stopped process obeys no signal but SIGKILL until it is continued: the signal first, so that it finds it when it wakes. Whether
     * it is stopped is not asked: a stop signal may be on its way.
     *
     * @return false if this backend has no such signal
     */
    private boolean send(Signal signal) {
        boolean sent = trySend(signal);
        if (signal != Signal.KILL && reactor.capabilities().contains(Capability.ALL_SIGNALS)) {
            trySend(Signal.CONT);
        }
        return sent;
    }

    private boolean trySend(Signal signal) {
        try {
            switch (reach) {
                case TREE -> transport.signalTree(signal);
                case GROUP -> transport.signalGroup(signal);
                case TARGET -> {
                    if (isTargetAlive()) {
                        transport.signalProcess(signal);
                    }
                }
            }
        } catch (ProcessExitedAlreadyException e) {
            // It ended by itself a moment ago: look() will see that.
        } catch (IOException e) {
            console.accept("could not send " + signal.sigName() + ": " + e.getMessage());
        } catch (UnsupportedCapabilityException e) {
            console.accept(signal.sigName() + " is left out: the " + e.backend() + " backend cannot send it");
            return false;
        }
        return true;
    }

    private void look() {
        if (finished) {
            return;
        }
        cancel(nextLook);
        if (isGone()) {
            finish(true);
        } else {
            nextLook = reactor.callLater(LOOK, this::look);
        }
    }

    private void giveUp() {
        if (!finished) {
            finish(false);
        }
    }

    private boolean isGone() {
        return !isTargetAlive() && (reach != Reach.TREE || transport.tree().isEmpty());
    }

    private boolean isTargetAlive() {
        return transport.state() == ProcessTransport.State.SPAWNED;
    }

    private boolean hasDescendants() {
        if (reach != Reach.TREE) {
            return false;
        }
        for (ProcessInfo process : transport.tree()) {
            if (process.pid() != transport.pid()) {
                return true;
            }
        }
        return false;
    }

    private void finish(boolean gone) {
        finished = true;
        cancel(nextLook);
        cancel(stepEnd);
        console.accept(gone ? outcome.inWords(reach) : outcome.notStopped(survivors()));
        done.run();
    }

    private String survivors() {
        return reach == Reach.TREE ? describe(transport.tree()) : "pid " + transport.pid();
    }

    private static void cancel(@Nullable DelayedCall call) {
        if (call != null) {
            call.cancel();
        }
    }

    /** "pid 12 (sleep 100), pid 13 (cat)". */
    static String describe(List<ProcessInfo> processes) {
        return processes.stream()
                .map(process -> "pid " + process.pid() + " (" + process.command() + ")")
                .collect(Collectors.joining(", "));
    }
}
