package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What the client types or sends, on its way into the target's standard input, with the transport's pacing passed on: each piece
 * is acknowledged when more may come. Confined to the reactor.
 */
final class StdinFeed implements Producer {
    private final ProcessTransport transport;
    private final List<Acknowledgement> waiting = new ArrayList<>();
    private boolean registered;
    private boolean paused;
    private boolean closed;

    StdinFeed(ProcessTransport transport) {
        this.transport = transport;
    }

    /** Told once whether the piece was taken and more may come, or that nothing is read any more. */
    interface Acknowledgement {
        void done(boolean taken);
    }

    void write(ByteBuffer data, Acknowledgement acknowledgement) {
        if (!registered && !closed) {
            registered = true;
            transport.registerProducer(this, true);
        }
        if (closed) {
            acknowledgement.done(false);
            return;
        }
        transport.write(data);
        if (paused) {
            waiting.add(acknowledgement);
        } else {
            acknowledgement.done(!closed);
        }
    }

    /** No more is written; standard input closes when all that was written has been taken. */
    void close() {
        if (registered && !closed) {
            transport.unregisterProducer();
        }
        closed = true;
        transport.closeStdin();
        acknowledgeAll(true);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void pauseProducing() {
        paused = true;
    }

    @Override
    public void resumeProducing() {
        paused = false;
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
