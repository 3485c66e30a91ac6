package dev.gantry.adapter.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where one agent comes in, and how it is known from others. Used under the lock of its {@link AgentSocket}, which closes it. */
interface AgentDoor {
    /** How the agent is told where to connect. */
    String word();

    /** What the agent finds in its environment, since others can read a command line. */
    Map<String, String> environment();

    /** Has the selector tell when somebody comes. */
    void register(Selector selector) throws IOException;

    /** The agent's connection, non-blocking, if it is there; then nobody else can come any more. Whoever is not the agent is sent away. */
    @Nullable SocketChannel accept(Selector selector) throws IOException;

    /** For how many milliseconds at most {@link #accept} need not be asked again; 0 if somebody has to come first. */
    long patience();

    /** What the agent is told before anything else, so that it knows us. */
    Optional<ByteBuffer> greeting();

    /** Nobody can come any more, and nothing of it is left. Idempotent. */
    void close() throws IOException;
}
