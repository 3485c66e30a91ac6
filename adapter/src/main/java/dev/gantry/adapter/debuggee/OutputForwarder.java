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

    /** A line's end so near before the cap is where the output is cut. */
    private static final int REACH = 1024;

    private final Reactor reactor;
    private final LaunchPlan plan;
    private final Outputs outputs;
    private final Pacing pacing;
    private final DebuggeeListener listener;

    private long shown;
    /** Where the output shown last ended with a line's end. */
    private @Nullable OutputSink atLineEnd;

    private boolean over;
    private long burstBegin;
    private int smallReads;
    private @Nullable SpillFile spill;
    private boolean spillFailed;

    OutputForwarder(
            Reactor reactor, LaunchPlan plan, Outputs outputs, ProcessTransport transport, DebuggeeListener listener) {
        this.reactor = reactor;
        this.plan = plan;
        this.outputs = outputs;
        this.pacing = new Pacing(transport);
        this.listener = listener;
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
        } else {
            forward(sink, data, cap.get());
        }
    }

    private void forward(OutputSink sink, ByteBuffer data, OutputCap cap) {
        if (!over) {
            long room = cap.bytes() - shown;
            over = room < data.remaining();
            int length = over ? cut(sink, data, (int) room) : data.remaining();
            show(sink, data.slice(data.position(), length));
            data.position(data.position() + length);
        }
        if (over) {
            // First what was shown in part only: a character or an escape sequence is not torn apart.
            spill(cap, sink.takeBack());
            spill(cap, data);
        }
    }

    private void show(OutputSink sink, ByteBuffer head) {
        if (head.hasRemaining()) {
            shown += head.remaining();
            atLineEnd = head.get(head.limit() - 1) == '\n' ? sink : null;
            sink.write(head);
        }
    }

    /** How much is shown of data for which there is not enough room: up to a line's end, if one is near. */
    private int cut(OutputSink sink, ByteBuffer data, int room) {
        int nearest = Math.max(0, room - REACH);
        for (int length = room; length > nearest; length--) {
            if (data.get(data.position() + length - 1) == '\n') {
                return length;
            }
        }
        return nearest == 0 && atLineEnd == sink ? 0 : room;
    }

    /**
     * A target that writes line by line as fast as it can would wake us for each line, and pay for it: it is left alone for a moment
     * now and then, so that its pipe fills and one read takes hundreds of lines. Nothing is late when it is quiet.
     */
    private void gather(int size) {
        if (size >= SMALL_READ) {
            return;
        }
        long now = reactor.nanoTime();
        if (now - burstBegin > BURST_NANOS) {
            burstBegin = now;
            smallReads = 0;
        }
        if (++smallReads >= BURST_READS) {
            smallReads = 0;
            pacing.hold(Hold.GATHERING, true);
            reactor.callLater(GATHER, () -> pacing.hold(Hold.GATHERING, false));
        }
    }

    private void spill(OutputCap cap, ByteBuffer rest) {
        if (!rest.hasRemaining()) {
            return;
        }
        if (spill == null && !spillFailed) {
            open(cap);
        }
        if (spill != null) {
            spill.write(rest);
        }
    }

    private void open(OutputCap cap) {
        try {
            spill = new SpillFile(reactor, cap.file(), hold -> pacing.hold(Hold.DISK, hold), listener::note);
            listener.note(
                    "more than " + cap.bytes() + " bytes of output (outputCap); the rest goes to " + spill.path());
        } catch (IOException e) {
            spillFailed = true;
            listener.note("more than " + cap.bytes()
                    + " bytes of output (outputCap); the rest is dropped, since it cannot be written: "
                    + e.getMessage());
        }
    }

    /** Whether the client's or the disk's slowness holds the target's output back at this moment. */
    boolean isHeldBack() {
        return pacing.holds.contains(Hold.CLIENT) || pacing.holds.contains(Hold.DISK);
    }

    /**
     * All has been forwarded: what the sinks still hold goes out, they pace nobody any more, and {@code done} is told, maybe later,
     * whatever goes wrong with the output.
     */
    void finish(Runnable done) {
        finish(outputs.stdout());
        finish(outputs.stderr());
        if (spill == null) {
            done.run();
        } else {
            spill.finish(done);
        }
    }

    private void finish(OutputSink sink) {
        try {
            sink.flush(true);
            sink.unregisterProducer();
        } catch (RuntimeException | Error e) {
            listener.fault("the end of the output", e);
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
