package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.adapter.config.OutputCap;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries a target's output to its sinks, what is over the cap to a file, and the pacing of both to the target. Confined to the reactor;
 * lives as long as one run.
 */
final class OutputForwarder {
    /** So many small reads in so short a time are a burst; then the pipe is left to fill for {@link #GATHER}. */
    private static final int BURST_READS = 8;

    private static final long BURST_NANOS = 1_000_000;
    private static final int SMALL_READ = 4096;
    private static final Duration GATHER = Duration.ofMillis(3);

    private final Reactor reactor;
    private final LaunchPlan plan;
    private final Outputs outputs;
    private final Pacing pacing;
    private final Consumer<String> note;

    private long shown;
    private long burstBegin;
    private int smallReads;
    private @Nullable SpillFile spill;
    private boolean spillFailed;

    OutputForwarder(
            Reactor reactor, LaunchPlan plan, Outputs outputs, ProcessTransport transport, Consumer<String> note) {
        this.reactor = reactor;
        this.plan = plan;
        this.outputs = outputs;
        this.pacing = new Pacing(transport);
        this.note = note;
        outputs.stdout().registerProducer(pacing, true);
        outputs.stderr().registerProducer(pacing, true);
    }

    void forward(int childFd, ByteBuffer data) {
        gather(data.remaining());
        if (!plan.redirectOutput()) {
            return;
        }
        OutputSink sink = childFd == 2 ? outputs.stderr() : outputs.stdout();
        Optional<OutputCap> cap = plan.outputCap();
        if (cap.isEmpty()) {
            sink.write(data);
            return;
        }
        int room = (int) Math.min(data.remaining(), Math.max(cap.get().bytes() - shown, 0));
        if (room > 0) {
            ByteBuffer head = data.duplicate().limit(data.position() + room);
            shown += room;
            sink.write(head);
        }
        if (room < data.remaining()) {
            spill(cap.get(), data.duplicate().position(data.position() + room));
        }
    }

    /**
     * A target that writes line by line as fast as it can would wake us for each line, and pay for it: it is left alone for a moment
     * now and then, so that its pipe fills and one read takes hundreds of lines. Nothing is late when it is quiet.
     */
    private void gather(int size) {
        long now = System.nanoTime();
        if (now - burstBegin > BURST_NANOS) {
            burstBegin = now;
            smallReads = 0;
        }
        if (size < SMALL_READ && ++smallReads >= BURST_READS) {
            smallReads = 0;
            pacing.hold(Hold.GATHERING, true);
            reactor.callLater(GATHER, () -> pacing.hold(Hold.GATHERING, false));
        }
    }

    private void spill(OutputCap cap, ByteBuffer rest) {
        if (spill == null && !spillFailed) {
            open(cap);
        }
        if (spill != null) {
            spill.write(rest);
        }
    }

    private void open(OutputCap cap) {
        outputs.stdout().flush(true);
        outputs.stderr().flush(true);
        try {
            spill = new SpillFile(reactor, cap.file(), hold -> pacing.hold(Hold.DISK, hold), note);
            note.accept("more than " + cap.bytes() + " bytes of output (outputCap); the rest goes to " + spill.path());
        } catch (IOException e) {
            spillFailed = true;
            note.accept("more than " + cap.bytes()
                    + " bytes of output (outputCap); the rest is dropped, since it cannot be" + " written: " + e);
        }
    }

    /** Whether the client's or the disk's slowness holds the target's output back at this moment. */
    boolean isHeldBack() {
        return pacing.holds.contains(Hold.CLIENT) || pacing.holds.contains(Hold.DISK);
    }

    /** All has been forwarded: what the sinks still hold goes out, they pace nobody any more, and {@code done} is told, maybe later. */
    void finish(Runnable done) {
        outputs.stdout().flush(true);
        outputs.stderr().flush(true);
        outputs.stdout().unregisterProducer();
        outputs.stderr().unregisterProducer();
        if (spill == null) {
            done.run();
        } else {
            spill.finish(done);
        }
    }

    /** Who holds the target back. */
    private enum Hold {
        CLIENT,
        DISK,
        GATHERING
    }

    /** The transport as the sinks see it. A dead client stops nothing here: the session ends the target its own way. */
    private static final class Pacing implements Producer {
        private final ProcessTransport transport;
        private final Set<Hold> holds = EnumSet.noneOf(Hold.class);

        Pacing(ProcessTransport transport) {
            this.transport = transport;
        }

        void hold(Hold who, boolean on) {
            boolean changed = on ? holds.add(who) : holds.remove(who);
            if (changed && on && holds.size() == 1) {
                transport.pauseProducing();
            } else if (changed && holds.isEmpty()) {
                transport.resumeProducing();
            }
        }

        @Override
        public void pauseProducing() {
            hold(Hold.CLIENT, true);
        }

        @Override
        public void resumeProducing() {
            hold(Hold.CLIENT, false);
        }

        /** Nobody reads any more: what comes is read and dropped, so that the target's last acts do not block or fail. */
        @Override
        public void stopProducing() {
            hold(Hold.CLIENT, false);
        }
    }
}
