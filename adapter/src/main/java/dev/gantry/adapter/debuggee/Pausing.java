package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Stops a target and lets it go on, by signals, and knows which of the two it does, whoever made it. Confined to the reactor; as long as
 * one run.
 */
final class Pausing {
    private final Reactor reactor;
    private final ProcessTransport transport;
    private final HoldWatch watch;

    /** A stop signal of ours is the last word; it may not have taken effect yet. */
    private boolean paused;
    /** It was seen to have taken effect: if the target runs now, somebody else has continued it. */
    private boolean seenStopped;
    /** Those of the tree that are outside the group were stopped too. */
    private boolean wholeTree;

    Pausing(Reactor reactor, ProcessTransport transport, DebuggeeListener listener) {
        this.reactor = reactor;
        this.transport = transport;
        this.watch = new HoldWatch(reactor, this, listener);
    }

    /** Stops its process group (the target alone where there are no groups). */
    void pause() throws IOException {
        signalGroup(Signal.STOP);
        stopped(false);
    }

    /** Whoever has stopped it. */
    void resume() throws IOException {
        boolean tree = wholeTree;
        continued();
        signalGroup(Signal.CONT);
        if (tree) {
            transport.signalTree(Signal.CONT);
        }
    }

    /** Sends a signal for the user. */
    void signal(int number, SignalScope scope) throws IOException {
        Optional<Signal> named = Signal.numbered(number);
        if (scope == SignalScope.PROCESS) {
            transport.signalProcess(number);
        } else {
            Signal signal = named(number);
            if (scope == SignalScope.GROUP) {
                transport.signalGroup(signal);
            } else {
                transport.signalTree(signal);
            }
        }
        named.ifPresent(signal -> signalled(signal, scope == SignalScope.TREE));
        watch.hurry();
    }

    /**
     * Sends a signal for the user to one descendant.
     *
     * @throws IOException if there is no such process now, or the signal has no name
     */
    void signal(int number, long pid) throws IOException {
        transport.signalDescendant(pid, named(number));
    }

    private static Signal named(int number) throws IOException {
        return Signal.numbered(number)
                .orElseThrow(() -> new IOException("signal " + number + " has no name and goes to the program alone"));
    }

    private void signalled(Signal signal, boolean toTree) {
        if (signal == Signal.STOP) {
            stopped(toTree);
        } else if (signal == Signal.CONT) {
            continued();
        }
    }

    /** Looks from now on whether somebody else stops it or lets it go on, where the system shows that. */
    void watch() {
        if (reactor.capabilities().contains(Capability.PROCESS_TREE)) {
            watch.begin();
        }
    }

    void stopWatching() {
        watch.end();
    }

    /** The client was told that it is held, or goes on. */
    void told(boolean held) {
        watch.told(held);
    }

    /** Whether the client believes that it is held, by whomever. */
    boolean isToldHeld() {
        return watch.isHeld();
    }

    /**
     * Whether a signal holds it at this moment, whoever sent it; empty if that cannot be told. A process that waits for a device hears no
     * signal yet, and one that is traced is stopped at every other moment.
     */
    Optional<Boolean> look() {
        char state = state();
        seenStopped |= paused && state == 'T';
        return switch (state) {
            case 'T' -> Optional.of(true);
            case 'R', 'S', 'I' -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /** Whether a stop of ours was not seen to have taken effect yet. */
    boolean isUnderWay() {
        return paused && !seenStopped;
    }

    /** It runs, and not by a signal of ours. */
    void othersContinued() {
        continued();
    }

    /**
     * Lets go on whatever was paused: the target is being ended, or has ended, and nobody else will.
     *
     * @return whether there was something
     */
    boolean release() {
        if (!paused) {
            return false;
        }
        try {
            resume();
        } catch (IOException e) {
            // Nobody of the group is left, or may be signalled by us.
            return true;
        }
        return true;
    }

    /** Whether we have stopped it, and nobody has continued it. */
    boolean isPaused() {
        if (paused && isStopped()) {
            seenStopped = true;
        } else if (paused && seenStopped) {
            continued();
        }
        return paused;
    }

    /** Whether it is stopped at this moment. */
    boolean isStopped() {
        char state = state();
        return state == 'T' || state == 't';
    }

    private char state() {
        if (reactor.capabilities().contains(Capability.PROCESS_TREE)) {
            List<ProcessInfo> tree = transport.tree();
            if (!tree.isEmpty() && tree.get(0).pid() == transport.pid()) {
                return tree.get(0).state();
            }
        }
        return '?';
    }

    private void signalGroup(Signal signal) throws IOException {
        if (reactor.capabilities().contains(Capability.PROCESS_GROUP)) {
            transport.signalGroup(signal);
        } else {
            transport.signalProcess(signal);
        }
    }

    private void stopped(boolean tree) {
        paused = true;
        seenStopped = false;
        wholeTree |= tree;
    }

    private void continued() {
        paused = false;
        wholeTree = false;
    }
}
