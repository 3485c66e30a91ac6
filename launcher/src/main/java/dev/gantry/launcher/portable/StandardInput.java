package dev.gantry.launcher.portable;

import dev.gantry.launcher.engine.EventLoop;
import dev.gantry.launcher.engine.Outlet;
import dev.gantry.launcher.engine.WriteBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The child's standard input: the engine's buffer before a pump, or, where it is no pipe, closed. On the loop's thread. */
final class StandardInput implements InputPump.Listener {
    private final Optional<InputPump> pump;
    private final WriteBuffer buffer;
    private final Runnable onLost;

    private StandardInput(Optional<Process> process, EventLoop loop, String name, Runnable onLost) {
        this.pump = process.map(child -> new InputPump(child, loop, this));
        this.buffer = new WriteBuffer(
                pump.<Outlet>map(open -> open).orElse(Nowhere.INSTANCE), loop, "standard input of " + name);
        this.onLost = onLost;
    }

    /** A pipe; {@code onLost} is run when it is closed, at least once. */
    static StandardInput pipe(Process process, EventLoop loop, String name, Runnable onLost) {
        return new StandardInput(Optional.of(process), loop, name, onLost);
    }

    static StandardInput closed(EventLoop loop, String name) {
        StandardInput input = new StandardInput(Optional.empty(), loop, name, () -> {});
        input.buffer.die();
        return input;
    }

    WriteBuffer buffer() {
        return buffer;
    }

    long queuedBytes() {
        return buffer.queuedBytes() + pump.map(InputPump::pendingBytes).orElse(0);
    }

    /** Drops what is queued, stops the producer, closes. Idempotent. */
    void abort() {
        buffer.die();
        pump.ifPresent(InputPump::abandon);
        onLost.run();
    }

    @Override
    public void writable() {
        buffer.writable();
    }

    @Override
    public void ended() {
        abort();
    }

    /** Never written to: its buffer is dead from the start. */
    private enum Nowhere implements Outlet {
        INSTANCE;

        @Override
        public void write(ByteBuffer data) {
            data.position(data.limit());
        }

        @Override
        public void wantWritable(boolean wanted) {}

        @Override
        public void finished() {}

        @Override
        public void broken(IOException cause) {}
    }
}
