package dev.gantry.adapter.agent;

import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A socket to which one agent connects, where the target inherits nothing from us: because somebody else starts it, or because the backend
 * cannot have it inherit a descriptor. Nothing listens any more when the agent has connected.
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

    private static final int PIECE = 65_536;
    /** No more is read while so much waits for the reactor. */
    private static final int MOST_WAITING = 16;

    private final Reactor reactor;
    private final AgentDoor door;
    private final Selector selector;
    /** Guarded by this, as all that follows. */
    private final Queue<ByteBuffer> in = new ArrayDeque<>();

    private final Deque<ByteBuffer> out = new ArrayDeque<>();
    private @Nullable SocketChannel agent;
    private boolean ended;
    private boolean closed;
    /** The reactor's own, as what follows. */
    private @Nullable Listener listener;
    /** Then what was read waits here, and soon no more is read. */
    private boolean unheard;

    private AgentSocket(Reactor reactor, AgentDoor door, Selector selector) {
        this.reactor = reactor;
        this.door = door;
        this.selector = selector;
    }

    /** For a target that somebody else starts: in a directory that only we can enter. An agent may connect from now on, and is heard after {@link #open}. */
    public static AgentSocket listen(Reactor reactor) throws IOException {
        return listen(reactor, Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
    }

    static AgentSocket listen(Reactor reactor, Path parent) throws IOException {
        return at(reactor, PrivateDoor.open(parent));
    }

    /** For a target that can have nothing but its standard descriptors: on loopback, where the agent has to say a token. */
    public static AgentSocket listenOnLoopback(Reactor reactor) throws IOException {
        return at(reactor, LoopbackDoor.open());
    }

    static AgentSocket at(Reactor reactor, AgentDoor door) throws IOException {
        Selector selector = null;
        try {
            selector = Selector.open();
            door.register(selector);
            return new AgentSocket(reactor, door, selector);
        } catch (IOException | RuntimeException e) {
            if (selector != null) {
                selector.close();
            }
            door.close();
            throw e;
        }
    }

    /** How the agent is told where to connect. */
    public String word() {
        return door.word();
    }

    /** What the target's environment must have for its agent. */
    public Map<String, String> environment() {
        return door.environment();
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
                selector.select(patience());
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

    /** How long to wait for something, in milliseconds; 0 is for ever. */
    private synchronized long patience() {
        return agent == null ? door.patience() : 0;
    }

    private @Nullable SocketChannel accept() throws IOException {
        SocketChannel connected = door.accept(selector);
        if (connected != null) {
            agent = connected;
            connected.register(selector, SelectionKey.OP_READ);
            door.greeting().ifPresent(out::addFirst);
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
            if (agent != null) {
                agent.close();
            }
            door.close();
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
