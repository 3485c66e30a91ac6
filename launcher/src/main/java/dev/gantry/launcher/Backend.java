package dev.gantry.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/** A way of starting processes on a platform. Found by {@link Backends}. */
public interface Backend {
    /** "linux", "windows" or "portable". */
    String name();

    /** Why this machine cannot run it, in a sentence that says what to do; empty if it can. */
    Optional<String> unavailableBecause();

    Set<Capability> capabilities();

    /**
     * Loads on the calling thread what a first reactor and a first process need, as far as that takes nothing of the system: beside the first
     * {@link #unavailableBecause} and {@link #open}, on another thread, it costs no time.
     */
    default void preload() {}

    /**
     * Starts a reactor.
     *
     * @throws IOException if the system refuses what it needs, with call and errno
     */
    Reactor open(ReactorOptions options) throws IOException;

    /**
     * Moves this process's standard output to a private descriptor, returned as a stream, and points descriptor 1 at standard
     * error, so that nothing else can write into it. Where that cannot be done, the stream is plain standard output. It is a {@link
     * PromptOutput} where the platform has such.
     */
    OutputStream isolateStandardOutput() throws IOException;
}
