package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.config.StopStep;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends a target step by step: a polite signal, time to obey, a less polite one, at last SIGKILL. While the target itself lives a
 * step goes to its process group, as Ctrl+C does; afterwards to whatever is left of its tree. Confined to the reactor; starts
 * once, can be hurried, ends by calling {@code done} once.
 */
final class StopLadder {
    /** How often the tree is looked at for its end: there is no event for the end of a descendant. */
    private static final Duration LOOK = Duration.ofMillis(20);
    /** How long after SIGKILL the kernel may take, before survivors are named. */
    private static final Duration AFTER_KILL = Duration.ofSeconds(2);

    private final Reactor reactor;
    private final ProcessTransport transport;
    private final List<StopStep> steps;
    /** Whether more than the target itself is to end. */
    private final boolean withDescendants;
    /** Whether its descendants can be seen. */
    private final boolean wholeTree;

    private final Consumer<String> console;
    private final Runnable done;
    private final long begin = System.nanoTime();

    private int step = -1;
    /** What ended the target itself, which may be an earlier step than the one that ended its last descendant. */
    private Optional<Signal> endedTarget = Optional.empty();

    private boolean finished;
    private @Nullable DelayedCall nextLook;
    private @Nullable DelayedCall stepEnd;

    StopLadder(
            Reactor reactor,
            ProcessTransport transport,
            List<StopStep> steps,
            boolean wholeTree,
            Consumer<String> console,
            Runnable done) {
        this.reactor = reactor;
        this.transport = transport;
        this.steps = steps;
        this.withDescendants = wholeTree;
        this.wholeTree = wholeTree && reactor.capabilities().contains(Capability.PROCESS_TREE);
        this.console = console;
        this.done = done;
    }

    void start() {
        climb();
    }

    /** Skips to the last step. */
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
            endedTarget = Optional.of(steps.get(step).signal());
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
        stepEnd = reactor.callLater(last ? AFTER_KILL : steps.get(step).patience(), last ? this::giveUp : this::climb);
        send(steps.get(step).signal());
        look();
    }

    private void send(Signal signal) {
        try {
            if (signal == Signal.KILL) {
                kill();
            } else if (isTargetAlive()) {
                resumeAfter(() -> sendPolitely(signal));
            } else if (wholeTree) {
                transport.signalTree(signal);
            }
        } catch (ProcessExitedAlreadyException e) {
            // It ended by itself a moment ago: look() will see that.
        } catch (IOException e) {
            console.accept("could not send " + signal.sigName() + ": " + e.getMessage());
        }
    }

    private void kill() throws IOException {
        if (wholeTree) {
            transport.signalTree(Signal.KILL);
        } else if (isTargetAlive()) {
            transport.signalProcess(Signal.KILL);
        }
    }

    private void sendPolitely(Signal signal) throws IOException {
        if (withDescendants && reactor.capabilities().contains(Capability.PROCESS_GROUP)) {
            transport.signalGroup(signal);
        } else {
            transport.signalProcess(signal);
        }
    }

    /** A stopped process obeys no signal but SIGKILL until it is continued: signal first, so that it finds it when it wakes. */
    private void resumeAfter(Sending sending) throws IOException {
        sending.send();
        if (!wholeTree) {
            // Whether it is stopped cannot be seen here; to one that runs this is nothing.
            resumeUnseen();
        } else if (transport.tree().stream().anyMatch(process -> process.state() == 'T')) {
            transport.signalTree(Signal.CONT);
        }
    }

    private void resumeUnseen() throws IOException {
        if (reactor.capabilities().contains(Capability.ALL_SIGNALS)) {
            sendPolitely(Signal.CONT);
        }
    }

    private void look() {
        if (finished) {
            return;
        }
        cancel(nextLook);
        if (isGone()) {
            finish(Optional.of(steps.get(step).signal()));
        } else {
            nextLook = reactor.callLater(LOOK, this::look);
        }
    }

    private void giveUp() {
        if (!finished) {
            finish(Optional.empty());
        }
    }

    private boolean isGone() {
        return !isTargetAlive() && (!wholeTree || transport.tree().isEmpty());
    }

    private boolean isTargetAlive() {
        return transport.state() == ProcessTransport.State.SPAWNED;
    }

    private void finish(Optional<Signal> worked) {
        finished = true;
        cancel(nextLook);
        cancel(stepEnd);
        String time = ExitLine.duration(Duration.ofNanos(System.nanoTime() - begin));
        if (worked.isPresent()) {
            Signal target = endedTarget.orElse(worked.get());
            boolean together = target == worked.get();
            console.accept("stopped by " + target.sigName()
                    + (together
                            ? ""
                            : ", what it had started by " + worked.get().sigName()) + " after " + time);
        } else {
            console.accept("not stopped, even by SIGKILL, after " + time + ": "
                    + describe(wholeTree ? transport.tree() : List.of()));
        }
        done.run();
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

    /** A way of sending a signal. */
    private interface Sending {
        void send() throws IOException;
    }
}
