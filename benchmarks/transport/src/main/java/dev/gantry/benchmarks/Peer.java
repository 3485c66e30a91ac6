package dev.gantry.benchmarks;

import java.util.List;
import java.util.concurrent.TimeUnit;

/** A library that starts processes. What one cannot do, it says by an {@link UnsupportedOperationException}. */
interface Peer extends AutoCloseable {
    /** How long anything may take before it counts as failed. */
    long PATIENCE_SECONDS = 120;

    /**
     * Runs a program with pipes on its three descriptors until it was reaped, so many times, one after the other. A library that calls back
     * starts the next one where it tells the end of the last.
     */
    default void run(List<String> command, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            read(command);
        }
    }

    /** Reads what a program writes until it has ended; the number of bytes. */
    long read(List<String> command) throws Exception;

    /** Writes to a program, closes its input, and waits for its end. */
    void write(List<String> command, long bytes) throws Exception;

    /** Starts a program that answers what it is told. */
    Echo echo(List<String> command) throws Exception;

    /** Starts so many programs, tells each so many bytes when all of them run, closes their inputs, reads all to their ends. */
    long converse(List<String> command, int programs, int bytes) throws Exception;

    @Override
    default void close() {}

    /** A conversation with one program. */
    interface Echo extends AutoCloseable {
        /** Says it, and waits for as many bytes to come back. */
        void roundTrip(byte[] message) throws Exception;

        @Override
        void close() throws Exception;
    }

    static Peer named(String name) throws Exception {
        return switch (name) {
            case "gantry" -> new GantryPeer();
            case "ProcessBuilder" -> new JdkPeer();
            case "NuProcess" -> new NuProcessPeer();
            case "pty4j" -> new Pty4jPeer();
            case "commons-exec" -> new CommonsExecPeer();
            default -> throw new IllegalArgumentException("no peer " + name);
        };
    }

    static void await(java.util.concurrent.CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(what + " took more than " + PATIENCE_SECONDS + " s");
        }
    }
}
