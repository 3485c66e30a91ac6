package dev.gantry.adapter.dap;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What happened, for those who look for a fault: the protocol both ways, and decisions. Any thread may call; no call blocks or
 * fails.
 */
public interface Trace extends AutoCloseable {
    /** Writes nothing. A fault is still told, on stderr, for as long as that is sure not to block. */
    static Trace off() {
        return new NoTrace();
    }

    /**
     * Appends to a file, by a thread of its own.
     *
     * @throws IOException if the file cannot be opened for writing
     */
    static Trace toFile(Path file) throws IOException {
        return FileTrace.open(file);
    }

    /** Whether anything is written, so that callers can save making the text. */
    boolean isOn();

    /** A message body came from the client. */
    void received(byte[] body);

    /** A frame (header and body) was queued for the client. */
    void sent(byte[] bytes, int from, int length);

    /** A decision, in one line. */
    void note(String line);

    /**
     * An exception that should not have been.
     *
     * @return where to find it, in words, for a message to the user: "E1 in /tmp/gantry.log"
     */
    String fault(String where, Throwable error);

    /** Writes what is left, for at most two seconds, and closes. Idempotent. */
    @Override
    void close();
}
