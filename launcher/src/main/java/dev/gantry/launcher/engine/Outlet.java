package dev.gantry.launcher.engine;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a {@link WriteBuffer} writes to: one descriptor, never blocking. On the loop's thread. */
public interface Outlet {
    /**
     * Writes what it can, advancing {@code data}'s position, and never blocks; 0 bytes if it can take none now. An outlet that
     * takes all at once (one with a thread behind it) copies what it cannot write yet and says so by {@link #wantWritable}.
     *
     * @throws IOException if nothing can ever be written again
     */
    void write(ByteBuffer data) throws IOException;

    /** Whether {@link WriteBuffer#writable()} is to be called as soon, and as often, as something can be written. */
    void wantWritable(boolean wanted);

    /** All was written and nothing will follow: close. Called at most once, and nothing after it. */
    void finished();

    /** Nothing can be written any more ({@link #write} threw): close. Called at most once, and nothing after it. */
    void broken(IOException cause);
}
