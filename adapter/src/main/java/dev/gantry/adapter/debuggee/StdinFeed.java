package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the client types or sends, on its way into the target's standard input, with the transport's pacing passed on: each piece
 * is acknowledged when more may come. Confined to the reactor.
 */
public final class StdinFeed implements Producer {
    /** So much is kept of what the program does not read; then nothing is taken until it has read that. */
    static final int MOST_AHEAD = 16 << 20;

    private final LaunchPlan plan;
    private final ProcessTransport transport;
    private final BooleanSupplier stopping;
    private final List<Acknowledgement> waiting = new ArrayList<>();
    private boolean registered;
    private boolean paused;
    /** Bytes that were taken since the program last kept up. */
    private long ahead;

    private boolean closed;

    /** @param stopping whether the target is being ended */
    StdinFeed(LaunchPlan plan, ProcessTransport transport, BooleanSupplier stopping) {
        this.plan = plan;
        this.transport = transport;
        this.stopping = stopping;
    }

    /** Told once whether the piece was taken and more may come, or that nothing is read any more. */
    @FunctionalInterface
    public interface Acknowledgement {
        void done(boolean taken);
    }

    /** Whether its other end is the target's standard input. */
    public boolean isConnected() {
        ChildFd target = plan.childFds().get(0);
        return target instanceof ChildFd.Write || target instanceof ChildFd.Pty;
    }

    /** Why nothing can be written now; empty if it can. */
    public Optional<String> refusal() {
        if (plan.console().isTerminal()) {
            return Optional.of("the program reads from its terminal: type there");
        }
        if (!isConnected()) {
            return Optional.of("the program's standard input is not connected to the console (attribute stdio)");
        }
        if (transport.state() != ProcessTransport.State.SPAWNED) {
            return Optional.of("the program has ended");
        }
        if (closed) {
            return Optional.of("the program's standard input is closed");
        }
        return ahead < MOST_AHEAD
                ? Optional.empty()
                : Optional.of("the program does not read: " + (ahead >> 20)
                        + " MiB wait for it already; send more when it has read them");
    }

    /** Why nobody reads what was written, told within {@link #write}'s call. */
    public String whyLost() {
        if (stopping.getAsBoolean()) {
            return "the program was stopped before it had read everything";
        }
        if (transport.state() == ProcessTransport.State.SPAWNED) {
            return "the program has closed its standard input, or has ended";
        }
        return transport.exitReason().isPresent()
                ? "the program has ended before it had read everything"
                : "the program was left running; what it has not read by then is lost";
    }

    /** {@code acknowledgement} is told when more may come, or that nobody reads any more. */
    public void write(ByteBuffer data, Acknowledgement acknowledgement) {
        if (!registered && !closed) {
            registered = true;
            transport.registerProducer(this, true);
        }
        if (closed) {
            acknowledgement.done(false);
            return;
        }
        int size = data.remaining();
        transport.write(data);
        if (paused) {
            ahead += size;
            waiting.add(acknowledgement);
        } else {
            acknowledgement.done(!closed);
        }
    }

    /**
     * No more is written; standard input closes when all that was written has been taken. On a pseudo-terminal it is the end-of-file
     * character, and more may be written after it.
     */
    public void close() {
        if (plan.pty().isPresent()) {
            transport.closeStdin();
            return;
        }
        if (registered && !closed) {
            transport.unregisterProducer();
        }
        closed = true;
        transport.closeStdin();
        acknowledgeAll(true);
    }

    @Override
    public void pauseProducing() {
        paused = true;
    }

    @Override
    public void resumeProducing() {
        paused = false;
        ahead = 0;
        acknowledgeAll(true);
    }

    @Override
    public void stopProducing() {
        closed = true;
        acknowledgeAll(false);
    }

    private void acknowledgeAll(boolean taken) {
        List<Acknowledgement> all = List.copyOf(waiting);
        waiting.clear();
        all.forEach(acknowledgement -> acknowledgement.done(taken));
    }
}
