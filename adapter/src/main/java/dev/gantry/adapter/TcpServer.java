package dev.gantry.adapter;

import dev.gantry.adapter.cli.Entry;
import dev.gantry.adapter.dap.DapConnection;
import dev.gantry.adapter.dap.FirstBytes;
import dev.gantry.adapter.session.TokenGate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Many clients over TCP on loopback, a session each, all on one reactor. Every launch must carry the token that was made at the start: the
 * port is open to everybody on this machine. Accepts on the calling thread, until a signal ends the process.
 */
final class TcpServer {
    private static final int TOKEN_BYTES = 32;

    private final Foundation foundation;
    private final ServerSocket socket;
    private final int maxSessions;
    private final String token;
    private final Set<SessionConnection> connections = ConcurrentHashMap.newKeySet();

    private TcpServer(Foundation foundation, ServerSocket socket, int maxSessions) {
        this.foundation = foundation;
        this.socket = socket;
        this.maxSessions = maxSessions;
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
    }

    static int serve(Entry.TcpOptions options, Entry.Listening listening) throws IOException {
        ShutdownSignals signals = new ShutdownSignals();
        try (ServerSocket socket = listen(options.port());
                Foundation foundation = Foundation.open(options.log())) {
            TcpServer server = new TcpServer(foundation, socket, options.maxSessions());
            signals.listen(server::shutDown);
            listening.at(socket.getLocalPort(), server.token);
            server.acceptAll();
            server.connections.forEach(SessionConnection::awaitEnd);
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

    private void acceptAll() throws IOException {
        while (true) {
            try {
                accept(socket.accept());
            } catch (SocketException e) {
                if (socket.isClosed()) {
                    return;
                }
                throw e;
            }
        }
    }

    private void accept(Socket client) throws IOException {
        if (connections.size() >= maxSessions) {
            foundation.trace().note("refused a client: there are " + maxSessions + " sessions already");
            client.close();
            return;
        }
        client.setTcpNoDelay(true);
        SessionConnection connection = SessionConnection.open(
                foundation,
                new DapConnection.Streams(client.getInputStream(), client.getOutputStream()),
                FirstBytes.none(),
                TokenGate.requiring(token));
        connections.add(connection);
        CompletableFuture<Void> unused =
                connection.dap().closed().whenComplete((nothing, error) -> connections.remove(connection));
    }

    private void shutDown(String why) {
        try {
            socket.close();
        } catch (IOException e) {
            foundation.trace().note("closing the listening socket failed: " + e);
        }
        connections.forEach(connection -> connection.shutDown(why));
    }
}
