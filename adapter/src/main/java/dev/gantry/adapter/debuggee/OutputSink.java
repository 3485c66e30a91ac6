package dev.gantry.adapter.debuggee;

import dev.gantry.launcher.Consumer;

/** Where a target's output goes. Confined to the reactor's thread. */
public interface OutputSink extends Consumer {
    /** Passes on everything held back; a half line or an incomplete character only if {@code atEnd}. */
    void flush(boolean atEnd);
}
