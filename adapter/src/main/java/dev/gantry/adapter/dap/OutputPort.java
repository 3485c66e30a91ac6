package dev.gantry.adapter.dap;

import dev.gantry.adapter.model.JsonText;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.Reactor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All output to the client: the channels, the one event that is being filled, and the holding back of producers. Confined to the
 * reactor. Ends with the connection.
 *
 * <p>One event is filled at a time, whichever channel it belongs to, so that output leaves in the order in which it came.
 *
 * <p>When the client has died its channels swallow what they get, and producers go on: a target that is being ended still writes,
 * and must not be stopped by a full pipe. {@link Producer#stopProducing()} is never called from here.
 *
 * <p>Nothing that goes wrong in here reaches the callers, whose own work is more than output: it is traced, the user is told once,
 * what was being filled is lost, and the next output is carried as if nothing had been.
 */
final class OutputPort {
    /** So long after its last byte a stream is quiet, and what is held of an escape sequence or a character waits no longer. */
    private static final Duration QUIET = Duration.ofMillis(100);

    private final Outbox outbox;
    private final Reactor reactor;
    private final Trace trace;
    private final OutputEvent event;
    private final byte[] scratch = new byte[64 * 1024];
    private final Set<Channel> producing = new LinkedHashSet<>();
    private @Nullable Channel open;
    private @Nullable DelayedCall timer;
    private long timerAt;
    private long heldSince;
    private long lastLeft;
    private boolean paused;
    private boolean ended;
    private boolean failureTold;

    OutputPort(Outbox outbox, Sequence sequence, Reactor reactor, Trace trace) {
        this.outbox = outbox;
        this.reactor = reactor;
        this.trace = trace;
        this.lastLeft = reactor.nanoTime() - Pace.LOAD.toNanos();
        this.event = new OutputEvent(new OutputEvent.Sink() {
            @Override
            public int nextSeq() {
                return sequence.next();
            }

            @Override
            public void frame(byte[] bytes, int from, int length) {
                leave(bytes, from, length);
            }
        });
    }

    OutputChannel open(OutputFormat format) {
        return new Channel(format);
    }

    /** Sends what is held, half lines too: something else is about to be sent. */
    void pushOut() {
        try {
            event.sendAll();
        } catch (RuntimeException | Error e) {
            failed("sending output", e);
        }
    }

    /** What we say next, all output pushed out: it begins on a line of its own. */
    String ownLine(String text) {
        return event.ownLine(text);
    }

    /** No more output is wanted: what comes is swallowed, and nobody is held back. */
    void end() {
        pushOut();
        ended = true;
        cancelTimer();
        resumeAll();
    }

    /** The writer has drained what was over the mark. */
    void outputDrained() {
        resumeAll();
    }

    /** The writer has nothing to do. */
    void idle() {
        settle();
    }

    private void leave(byte[] bytes, int from, int length) {
        lastLeft = reactor.nanoTime();
        heldSince = lastLeft;
        trace.sent(bytes, from, length);
        outbox.output(bytes, from, length);
    }

    private void write(Channel channel, ByteBuffer data) {
        if (ended) {
            data.position(data.limit());
            return;
        }
        try {
            select(channel);
            channel.take(data);
        } catch (RuntimeException | Error e) {
            data.position(data.limit());
            channel.reset();
            failed("output on " + channel.format.category(), e);
        }
        settle();
        holdBack();
    }

    /** What was being filled is lost. */
    private void failed(String where, Throwable fault) {
        String found = trace.fault(where, fault);
        event.empty();
        open = null;
        if (!failureTold) {
            failureTold = true;
            tell("a part of the program's output cannot be shown, by a fault in Gantry: please report it (" + found
                    + ")\n");
        }
    }

    private void tell(String line) {
        try {
            event.open(OutputEvent.prefix("\"console\""), false);
            byte[] text = ownLine(line).getBytes(StandardCharsets.UTF_8);
            new OutputEncoder(false, event, true).encode(text, 0, text.length);
            event.sendAll();
        } catch (RuntimeException | Error e) {
            trace.fault("telling of the fault", e);
            event.empty();
        }
    }

    /** Makes the event that is being filled one of this channel. */
    private void select(Channel channel) {
        if (open != channel) {
            event.sendAll();
            event.open(channel.prefix, channel.format.rawBytes());
            open = channel;
        }
        if (event.isEmpty()) {
            heldSince = reactor.nanoTime();
        }
    }

    /** Sends what may leave now, and sees to it that the rest leaves in time. */
    private void settle() {
        try {
            sendWhatMay();
        } catch (RuntimeException | Error e) {
            failed("sending output", e);
        }
    }

    private void sendWhatMay() {
        // While the writer writes, nothing leaves.
        while (!ended && open != null && !event.isEmpty() && !outbox.isBusy()) {
            Pace pace = Pace.of(
                    new Pace.Held(reactor.nanoTime(), heldSince, lastLeft, event.hasLine(), event.endsWithLine()));
            if (pace instanceof Pace.All) {
                event.sendAll();
            } else if (pace instanceof Pace.Lines) {
                event.sendLines();
            } else if (pace instanceof Pace.Until until) {
                wakeAt(until.nanos());
                return;
            }
        }
    }

    private void wakeAt(long nanos) {
        if (timer != null && timerAt - nanos <= 0) {
            return;
        }
        cancelTimer();
        timerAt = nanos;
        timer = reactor.callLater(Duration.ofNanos(Math.max(0, nanos - reactor.nanoTime())), this::timeIsUp);
    }

    private void timeIsUp() {
        timer = null;
        settle();
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void holdBack() {
        if (!paused && outbox.isOverMark()) {
            paused = true;
            for (Channel channel : List.copyOf(producing)) {
                channel.pause();
            }
        }
    }

    private void resumeAll() {
        if (paused) {
            paused = false;
            for (Channel channel : List.copyOf(producing)) {
                channel.resume();
            }
        }
    }

    /** One stream of bytes, and the producer that writes it. */
    private final class Channel implements OutputChannel {
        private final OutputFormat format;
        private final byte[] prefix;
        private final OutputEncoder encoder;
        private final @Nullable Transcoder transcoder;
        private @Nullable Producer producer;
        private boolean streaming;
        private @Nullable DelayedCall quietTimer;
        private long lastHeard;

        Channel(OutputFormat format) {
            this.format = format;
            this.prefix = OutputEvent.prefix(JsonText.of(format.category()));
            boolean direct = format.charset().equals(StandardCharsets.UTF_8);
            this.encoder = new OutputEncoder(format.stripAnsi(), event, direct || !format.rawBytes());
            this.transcoder = direct ? null : new Transcoder(format, encoder, event);
        }

        @Override
        public void write(ByteBuffer data) {
            if (data.hasRemaining()) {
                OutputPort.this.write(this, data);
            }
        }

        @Override
        public void flush(boolean atEnd) {
            if (ended) {
                return;
            }
            try {
                if (atEnd) {
                    select(this);
                    end();
                    event.sendAll();
                } else if (open == this && event.hasLine()) {
                    event.sendLines();
                }
            } catch (RuntimeException | Error e) {
                reset();
                failed("the end of output on " + format.category(), e);
            }
            settle();
        }

        @Override
        public ByteBuffer takeBack() {
            return ByteBuffer.wrap(transcoder == null ? encoder.takeBack() : transcoder.takeBack());
        }

        @Override
        public void registerProducer(Producer newProducer, boolean isStreaming) {
            if (producer != null) {
                throw new IllegalStateException("a producer is registered already: " + producer);
            }
            producer = newProducer;
            streaming = isStreaming;
            producing.add(this);
            if (!isStreaming) {
                resume();
            } else if (paused) {
                pause();
            }
        }

        @Override
        public void unregisterProducer() {
            producer = null;
            producing.remove(this);
        }

        private void take(ByteBuffer data) {
            if (transcoder == null) {
                encoder.encode(data, scratch);
            } else {
                transcoder.decode(data);
            }
            if (waitsForQuiet()) {
                lastHeard = reactor.nanoTime();
                listenUntil(lastHeard + QUIET.toNanos());
            }
        }

        private boolean waitsForQuiet() {
            return encoder.hasTextForQuiet()
                    || (format.rawBytes()
                            && (transcoder == null ? encoder.hasUntoldBytes() : transcoder.hasUntoldBytes()));
        }

        private void listenUntil(long nanos) {
            if (quietTimer == null) {
                quietTimer =
                        reactor.callLater(Duration.ofNanos(Math.max(0, nanos - reactor.nanoTime())), this::listened);
            }
        }

        /** A stream that is not read is not quiet. */
        private void listened() {
            quietTimer = null;
            if (ended || !waitsForQuiet()) {
                return;
            }
            long now = reactor.nanoTime();
            long quiet = (paused ? now : lastHeard) + QUIET.toNanos();
            if (now - quiet < 0) {
                listenUntil(quiet);
            } else {
                quiet();
            }
        }

        private void quiet() {
            try {
                select(this);
                if (transcoder == null) {
                    encoder.quiet();
                } else {
                    transcoder.quiet();
                }
            } catch (RuntimeException | Error e) {
                reset();
                failed("open escape sequence on " + format.category(), e);
            }
            settle();
        }

        private void reset() {
            if (transcoder == null) {
                encoder.reset();
            } else {
                transcoder.reset();
            }
        }

        private void end() {
            if (transcoder == null) {
                encoder.end();
            } else {
                transcoder.end();
            }
        }

        private void pause() {
            if (producer != null && streaming) {
                guarded("pauseProducing", producer::pauseProducing);
            }
        }

        private void resume() {
            if (producer == null || paused) {
                return;
            }
            lastHeard = reactor.nanoTime();
            guarded("resumeProducing", producer::resumeProducing);
            if (producer != null && !streaming) {
                reactor.execute(this::resume);
            }
        }

        private void guarded(String what, Runnable call) {
            try {
                call.run();
            } catch (RuntimeException e) {
                trace.fault(what + " of " + producer, e);
            }
        }
    }
}
