package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.Consumer;
import java.nio.ByteBuffer;

/** Where a target's output goes. Confined to the reactor's thread. */
public interface OutputSink extends Consumer {
    /** Passes on everything held back; a half line or an incomplete character only if {@code atEnd}. */
    void flush(boolean atEnd);

    /**
     * Gives back what it holds of a character or an escape sequence whose end has not come, as if it had never been written: nothing of it
     * is passed on.
     */
    ByteBuffer takeBack();
}
