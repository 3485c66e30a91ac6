package dev.gantry.adapter.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A port of loopback, for targets that can neither inherit a descriptor nor use a Unix-domain socket. Everybody on this machine can connect to
 * it: the agent is who says the token first of all, and it is told another one, by which it knows us. Both are in the target's environment.
 *
 * <p>A stranger cannot hold the place: several may be here at once, each for a limited time; when there are too many, the oldest goes.
 */
final class LoopbackDoor implements AgentDoor {
    /** The variable that has both tokens, the agent's first; the agent removes it before any of the target's code runs. */
    static final String VARIABLE = "GANTRY_AGENT_TOKEN";

    private static final int TOKEN_BYTES = 16;
    private static final int MOST_STRANGERS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ServerSocketChannel server;
    private final Duration patience;
    private final byte[] wanted = token();
    private final byte[] answer = token();
    private final int port;
    private final Deque<Stranger> strangers = new ArrayDeque<>();

    /** Somebody who has not said the token yet; at most as much is read as that is long. */
    private static final class Stranger {
        private final SocketChannel channel;
        private final ByteBuffer said;
        private final long until;

        Stranger(SocketChannel channel, int longest, Duration patience) {
            this.channel = channel;
            this.said = ByteBuffer.allocate(longest);
            this.until = System.nanoTime() + patience.toNanos();
        }

        long left() {
            return until - System.nanoTime();
        }
    }

    private LoopbackDoor(ServerSocketChannel server, Duration patience) throws IOException {
        this.server = server;
        this.patience = patience;
        server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 1);
        server.configureBlocking(false);
        this.port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    static LoopbackDoor open() throws IOException {
        return open(PATIENCE);
    }

    /** @param patience with somebody who does not say the token */
    static LoopbackDoor open(Duration patience) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.INET);
        try {
            return new LoopbackDoor(server, patience);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static byte[] token() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String word() {
        return "tcp:" + port;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of(
                VARIABLE,
                new String(wanted, StandardCharsets.US_ASCII) + new String(answer, StandardCharsets.US_ASCII));
    }

    @Override
    public void register(Selector selector) throws IOException {
        server.register(selector, SelectionKey.OP_ACCEPT);
    }

    @Override
    public @Nullable SocketChannel accept(Selector selector) throws IOException {
        SocketChannel agent = agentAmongThem();
        // No more at a time than have room: those who wait longer are told of again, and others want the lock.
        for (int i = 0; agent == null; i++) {
            SocketChannel next = i < MOST_STRANGERS ? accepted() : null;
            if (next == null) {
                return null;
            }
            next.configureBlocking(false);
            next.register(selector, SelectionKey.OP_READ);
            strangers.add(new Stranger(next, wanted.length, patience));
            agent = agentAmongThem();
            if (strangers.size() > MOST_STRANGERS) {
                strangers.remove().channel.close();
            }
        }
        close();
        try {
            agent.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            agent.close();
            throw e;
        }
        return agent;
    }

    /** Who was gone before being let in, or cannot be for want of a descriptor, is nobody. */
    private @Nullable SocketChannel accepted() throws IOException {
        try {
            return server.accept();
        } catch (IOException e) {
            if (!server.isOpen()) {
                throw e;
            }
            return null;
        }
    }

    /** Hears everybody, and sends away who has said something else than the token, or nothing for too long. */
    private @Nullable SocketChannel agentAmongThem() throws IOException {
        for (Iterator<Stranger> all = strangers.iterator(); all.hasNext(); ) {
            Stranger one = all.next();
            boolean goesOn = one.left() > 0 && speaksOn(one);
            if (goesOn && one.said.hasRemaining()) {
                continue;
            }
            all.remove();
            if (goesOn && MessageDigest.isEqual(one.said.array(), wanted)) {
                return one.channel;
            }
            one.channel.close();
        }
        return null;
    }

    private static boolean speaksOn(Stranger one) {
        try {
            return one.channel.read(one.said) >= 0;
        } catch (IOException gone) {
            return false;
        }
    }

    @Override
    public long patience() {
        return strangers.isEmpty()
                ? 0
                : Math.max(1, TimeUnit.NANOSECONDS.toMillis(strangers.element().left()) + 1);
    }

    @Override
    public Optional<ByteBuffer> greeting() {
        return Optional.of(ByteBuffer.wrap(answer));
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Stranger one : strangers) {
            one.channel.close();
        }
        strangers.clear();
    }
}
