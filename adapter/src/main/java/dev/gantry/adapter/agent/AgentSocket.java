package dev.gantry.adapter.agent;

import dev.gantry.launcher.Reactor;
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
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A socket to which one agent connects: where the target inherits nothing from us, because somebody else starts it. It lies in a directory
 * that only we can enter, and both are gone when the agent has connected.
 *
 * <p>All methods are the reactor's. After {@link #open} a thread of its own waits for the agent, then for what it says and for room for what it
 * is told; it posts to the reactor. Every read and write is non-blocking and made under the lock of this object, by whichever of the two
 * threads comes to it: the reactor never waits for more than such a call.
 */
public final class AgentSocket implements AgentWire {
    /** Hears what comes; on the reactor. */
    public interface Listener {
        void received(ByteBuffer data);

        /** Nothing comes any more; also if nobody ever came. Not after {@link #close}. */
        void connectionLost();
    }

    /** The kernel's limit for a socket's path. */
    private static final int LONGEST_PATH = 107;

    private static final String NAME = "s";
    private static final int PIECE = 65_536;
    /** No more is read while so much waits for the reactor. */
    private static final int MOST_WAITING = 16;

    private final Reactor reactor;
    private final Path directory;
    private final ServerSocketChannel server;
    private final Selector selector;
    /** Guarded by this, as all that follows. */
    private final Queue<ByteBuffer> in = new ArrayDeque<>();

    private final Queue<ByteBuffer> out = new ArrayDeque<>();
    private @Nullable SocketChannel agent;
    private boolean ended;
    private boolean closed;
    /** The reactor's own, as what follows. */
    private @Nullable Listener listener;
    /** Then what was read waits here, and soon no more is read. */
    private boolean unheard;

    private AgentSocket(Reactor reactor, Path directory, ServerSocketChannel server, Selector selector) {
        this.reactor = reactor;
        this.directory = directory;
        this.server = server;
        this.selector = selector;
    }

    /** Makes it; an agent may connect from now on, and is heard after {@link #open}. */
    public static AgentSocket listen(Reactor reactor) throws IOException {
        return listen(reactor, Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    static AgentSocket listen(Reactor reactor, Path parent) throws IOException {
        Path directory = directory(parent);
        ServerSocketChannel server = null;
        Selector selector = null;
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(directory.resolve(NAME)), 1);
            server.configureBlocking(false);
            selector = Selector.open();
            server.register(selector, SelectionKey.OP_ACCEPT);
            return new AgentSocket(reactor, directory, server, selector);
        } catch (IOException | RuntimeException e) {
            if (selector != null) {
                selector.close();
            }
            if (server != null) {
                server.close();
            }
            OwnDirectory.remove(directory);
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

    /** How the agent is told where to connect. */
    public String word() {
        return "unix:" + directory.resolve(NAME);
    }

    /** The target has started: its agent is waited for. Once. */
    public synchronized void open(Listener hearing) {
        if (closed) {
            return;
        }
        listener = hearing;
        Thread thread = new Thread(this::serve, "agent-reader");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized void send(ByteBuffer frame) {
        if (closed || ended) {
            return;
        }
        out.add(frame);
        try {
            write();
        } catch (IOException gone) {
            // Reading finds the same, and what the other side has said before.
            out.clear();
        }
        if (!out.isEmpty()) {
            selector.wakeup();
        }
    }

    @Override
    public void drainAvailable() {
        synchronized (this) {
            boolean more = agent != null && !ended;
            while (more) {
                more = readPiece() > 0;
            }
        }
        deliver();
    }

    @Override
    public void setReading(boolean on) {
        unheard = !on;
        deliver();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        boolean serving = listener != null;
        listener = null;
        if (serving) {
            selector.wakeup();
        } else {
            release();
        }
    }

    @Override
    public void detached() {
        close();
    }

    private void serve() {
        try {
            boolean going = true;
            while (going) {
                selector.select();
                selector.selectedKeys().clear();
                going = step();
            }
        } catch (IOException e) {
            // As an end: whoever was there is lost.
        } finally {
            synchronized (this) {
                ended = true;
                release();
            }
            post();
        }
    }

    /** What can be done at the moment; false at the end. */
    private synchronized boolean step() throws IOException {
        SocketChannel connected = agent;
        if (connected == null && !closed) {
            connected = accept();
        }
        if (connected == null) {
            return !closed;
        }
        if (in.size() < MOST_WAITING && !closed && readPiece() != 0) {
            post();
        }
        write();
        if (closed || ended) {
            return false;
        }
        connected
                .keyFor(selector)
                .interestOps((in.size() < MOST_WAITING ? SelectionKey.OP_READ : 0)
                        | (out.isEmpty() ? 0 : SelectionKey.OP_WRITE));
        return true;
    }

    /** The first one is the agent: nobody else can enter the directory, which is not needed any more. */
    private @Nullable SocketChannel accept() throws IOException {
        SocketChannel connected = server.accept();
        if (connected != null) {
            agent = connected;
            connected.configureBlocking(false);
            connected.register(selector, SelectionKey.OP_READ);
            server.close();
            OwnDirectory.remove(directory);
        }
        return connected;
    }

    /** The number of bytes read; 0 if there is nothing now, below at the end. With the lock. */
    private int readPiece() {
        SocketChannel from = agent;
        if (from == null || ended) {
            return 0;
        }
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        int count;
        try {
            count = from.read(piece);
        } catch (IOException gone) {
            count = -1;
        }
        if (count > 0) {
            in.add(piece.flip());
        } else if (count < 0) {
            ended = true;
        }
        return count;
    }

    /** With the lock. */
    private void write() throws IOException {
        SocketChannel to = agent;
        while (to != null && !out.isEmpty()) {
            ByteBuffer next = out.element();
            to.write(next);
            if (next.hasRemaining()) {
                return;
            }
            out.remove();
        }
    }

    /** With the lock, once nobody waits. */
    private void release() {
        try {
            selector.close();
            server.close();
            if (agent == null) {
                OwnDirectory.remove(directory);
            } else {
                agent.close();
            }
        } catch (IOException e) {
            // Nothing that could still be done.
        }
    }

    private void post() {
        try {
            reactor.execute(this::deliver);
        } catch (RejectedExecutionException over) {
            // The session has ended.
        }
    }

    /** On the reactor. What comes in the middle of this by another call of it comes in order: the channel joins them. */
    private void deliver() {
        while (!unheard) {
            ByteBuffer next;
            boolean full;
            synchronized (this) {
                full = in.size() >= MOST_WAITING;
                next = in.poll();
            }
            Listener hearing = listener;
            if (hearing == null) {
                return;
            }
            if (next == null) {
                break;
            }
            if (full) {
                selector.wakeup();
            }
            hearing.received(next);
        }
        boolean over;
        synchronized (this) {
            over = ended;
        }
        Listener hearing = listener;
        if (over && hearing != null && !unheard) {
            hearing.connectionLost();
        }
    }
}
