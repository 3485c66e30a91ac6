package dev.gantry.adapter.cli;

import java.util.Optional;

/**
 * Our terminal's mode while the program has one of its own: every key goes to that, which echoes it and makes Ctrl+C a signal there.
 * Our own lines still end as they should. Any thread may call; closed when the run ends, whoever ends it.
 */
final class TerminalMode implements AutoCloseable {
    private Optional<String> before = Optional.empty(); // guarded by this
    private boolean passes; // guarded by this
    private boolean closed; // guarded by this

    /**
     * Nothing that is typed is shown here; keys still are signals to us. For the time before the program can take them: what is typed
     * then is shown where it is read. Nothing happens if that is so already, or stty(1) is missing.
     */
    synchronized void hideKeys() {
        if (before.isEmpty() && !closed) {
            before = OwnTerminal.stty("-g");
            before.ifPresent(mode -> OwnTerminal.stty("-echo"));
        }
    }

    /** All keys to us, untouched. Nothing happens if that is so already, or stty(1) is missing. */
    synchronized void passKeys() {
        hideKeys();
        if (before.isPresent() && !passes) {
            OwnTerminal.stty("raw", "-echo", "opost");
            passes = true;
        }
    }

    /** As it was found; whether it had been changed. */
    synchronized boolean restore() {
        boolean changed = before.isPresent();
        before.ifPresent(OwnTerminal::stty);
        before = Optional.empty();
        passes = false;
        return changed;
    }

    /** As it was found, for good. */
    @Override
    public synchronized void close() {
        closed = true;
        restore();
    }
}
