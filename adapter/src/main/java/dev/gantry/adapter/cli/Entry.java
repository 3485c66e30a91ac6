package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the command line needs of the adapter: its two ways to serve. Called on the main thread. */
public interface Entry {
    /**
     * Speaks DAP over standard input and output until the client is gone.
     *
     * @param log where to keep the protocol and the reasons of every decision
     * @return the exit status
     */
    int serveStdio(Optional<Path> log) throws IOException;

    /**
     * Listens on loopback and serves any number of clients, each with a session of its own, until interrupted.
     *
     * @param options where and how
     * @param listening told once, when clients may connect
     * @return the exit status
     * @throws IOException if the port cannot be had, with the reason
     */
    int serveTcp(TcpOptions options, Listening listening) throws IOException;

    /**
     * How to listen.
     *
     * @param port 0 for any free one
     * @param maxSessions how many sessions there may be at once; the launches of others are refused
     * @param tokenTimeout how long a connection may stay that has not shown the token
     * @param log where to keep the protocol and the reasons of every decision
     */
    record TcpOptions(int port, int maxSessions, Duration tokenTimeout, Optional<Path> log) {}

    /** Hears where the server listens. */
    @FunctionalInterface
    interface Listening {
        void at(int port, String token);
    }
}
