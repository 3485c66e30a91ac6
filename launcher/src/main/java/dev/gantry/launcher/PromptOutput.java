package dev.gantry.launcher;

import java.io.IOException;

/** A stream to which one can write without ever waiting; see {@link Backend#isolateStandardOutput}. */
public interface PromptOutput {
    /**
     * Writes as many bytes as there is room for now.
     *
     * @return how many, from 0 to {@code length}; always 0 where the system cannot write without waiting
     * @throws IOException if nobody reads the stream any more
     */
    int writeAvailable(byte[] bytes, int offset, int length) throws IOException;
}
