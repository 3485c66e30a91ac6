package dev.gantry.adapter;

import dev.gantry.adapter.cli.Entry;
import dev.gantry.adapter.dap.DapConnection;
import dev.gantry.adapter.dap.FirstBytes;
import dev.gantry.adapter.dap.Intake;
import dev.gantry.adapter.session.TokenGate;
import dev.gantry.launcher.DelayedCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Many clients over TCP on loopback, a session each, all on one reactor. Every launch must carry the token that was made at the start: the
 * port is open to everybody on this machine. Accepts on the calling thread, until a signal ends the process.
 *
 * <p>Who has not shown the token is a stranger, and costs little: a stranger's messages are short, it has a limited time, and when there
 * are too many the oldest goes. Sessions are counted from the token on.
 */
final class TcpServer {
    private static final int TOKEN_BYTES = 32;
    private static final int MOST_STRANGERS = 64;
    private static final int LONGEST_OF_A_STRANGER = 256 * 1024;
    /** After accept failed, for want of descriptors most likely. */
    private static final long RETRY_MILLIS = 100;

    private final Foundation foundation;
    private final ServerSocket socket;
    private final Entry.TcpOptions options;
    private final String token;
    private final Intake intake = Intake.forOne();
    private final Semaphore sessions;
    private final CountDownLatch closing = new CountDownLatch(1);

    // Guarded by this.
    private final Set<Guest> guests = new LinkedHashSet<>();

    private TcpServer(Foundation foundation, ServerSocket socket, Entry.TcpOptions options) {
        this.foundation = foundation;
        this.socket = socket;
        this.options = options;
        this.sessions = new Semaphore(options.maxSessions());
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
    }

    static int serve(Entry.TcpOptions options, Entry.Listening listening) throws IOException {
        ShutdownSignals signals = new ShutdownSignals();
        try (ServerSocket socket = listen(options.port());
                Foundation foundation = Foundation.open(options.log())) {
            TcpServer server = new TcpServer(foundation, socket, options);
            signals.listen(server::shutDown);
            listening.at(socket.getLocalPort(), server.token);
            server.acceptAll();
            server.present().forEach(guest -> guest.connection.ended().join());
        } finally {
            signals.done();
        }
        return 0;
    }

    private static ServerSocket listen(int port) throws IOException {
        try {
            return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on 127.0.0.1:" + port + ": " + e.getMessage()
                            + "; choose another --port, or 0 for any",
                    e);
        }
    }

    /** Returns when the server is shut down: a failure to accept is no reason to end the sessions that there are. */
    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                accept(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    foundation.trace().note("a client could not be accepted: " + e.getMessage());
                    awaitRetry();
                }
            }
        }
    }

    private void awaitRetry() {
        try {
            boolean unused = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept(Socket client) throws IOException {
        client.setTcpNoDelay(true);
        Guest guest = new Guest(client);
        synchronized (this) {
            guests.add(guest);
        }
        CompletableFuture<Void> unused = guest.connection.ended().whenComplete((nothing, error) -> left(guest));
        DelayedCall dismissal = foundation.reactor().callLater(options.tokenTimeout(), () -> {
            if (!guest.gate.hasAdmitted()) {
                guest.connection.shutDown(
                        "no token was shown within " + options.tokenTimeout().toSeconds() + " s");
            }
        });
        // It holds all of the connection, which must not outlive its end: anybody can connect thousands of times a
        // minute.
        unused = guest.connection.ended().whenComplete((nothing, error) -> dismissal.cancel());
        dismissTheOldestOfTooManyStrangers();
    }

    private void left(Guest guest) {
        synchronized (this) {
            guests.remove(guest);
        }
        if (guest.gate.hasAdmitted()) {
            sessions.release();
        }
    }

    private void dismissTheOldestOfTooManyStrangers() throws IOException {
        List<Guest> strangers =
                present().stream().filter(guest -> !guest.gate.hasAdmitted()).toList();
        if (strangers.size() > MOST_STRANGERS) {
            foundation.trace().note("a client that showed no token makes room for another one");
            strangers.get(0).socket.close();
        }
    }

    private synchronized List<Guest> present() {
        return List.copyOf(guests);
    }

    private void shutDown(String why) {
        closing.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            foundation.trace().note("closing the listening socket failed: " + e);
        }
        present().forEach(guest -> guest.connection.shutDown(why));
    }

    /** A client that has connected. */
    private final class Guest {
        private final Socket socket;
        private final TokenGate gate = TokenGate.requiring(token, sessions::tryAcquire);
        private final SessionConnection connection;

        Guest(Socket socket) throws IOException {
            this.socket = socket;
            this.connection = SessionConnection.open(
                    foundation,
                    new DapConnection.Streams(socket.getInputStream(), socket.getOutputStream()),
                    FirstBytes.none(),
                    gate,
                    intake.sharedWith(() -> gate.hasAdmitted() ? Intake.LONGEST : LONGEST_OF_A_STRANGER));
        }
    }
}
