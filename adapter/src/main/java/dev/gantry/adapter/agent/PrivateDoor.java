package dev.gantry.adapter.agent;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A Unix-domain socket in a directory that only we can enter: the first one who comes is the agent, and both are gone then. */
final class PrivateDoor implements AgentDoor {
    /** The kernel's limit for a socket's path. */
    private static final int LONGEST_PATH = 107;

    private static final String NAME = "s";

    private final Path directory;
    private final ServerSocketChannel server;

    private PrivateDoor(Path directory, ServerSocketChannel server) {
        this.directory = directory;
        this.server = server;
    }

    static PrivateDoor open(Path parent) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        PrivateDoor door;
        try {
            door = new PrivateDoor(directory(parent), server);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
        try {
            door.server.bind(UnixDomainSocketAddress.of(door.directory.resolve(NAME)), 1);
            door.server.configureBlocking(false);
            return door;
        } catch (IOException | RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private static Path directory(Path parent) throws IOException {
        Path made = OwnDirectory.create(parent);
        if (made.resolve(NAME).toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST_PATH) {
            return made;
        }
        OwnDirectory.remove(made);
        return OwnDirectory.create(Path.of("/tmp"));
    }

    @Override
    public String word() {
        return "unix:" + directory.resolve(NAME);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public void register(Selector selector) throws IOException {
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public @Nullable SocketChannel accept(Selector selector) throws IOException {
        SocketChannel agent = server.accept();
        if (agent != null) {
            agent.configureBlocking(false);
            close();
        }
        return agent;
    }

    @Override
    public long patience() {
        return 0;
    }

    @Override
    public Optional<ByteBuffer> greeting() {
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        server.close();
        OwnDirectory.removeQuietly(directory);
    }
}
