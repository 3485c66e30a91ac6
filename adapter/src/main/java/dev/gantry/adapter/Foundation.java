package dev.gantry.adapter;

import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentFiles;
import dev.gantry.adapter.agent.Rehearsal;
import dev.gantry.adapter.cli.KnownBackends;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.adapter.config.OwnVersion;
import dev.gantry.adapter.dap.DapConnection;
import dev.gantry.adapter.dap.Trace;
import dev.gantry.adapter.session.AgentHome;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.Session;
import dev.gantry.adapter.session.SessionSettings;
import dev.gantry.adapter.session.TokenGate;
import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** What all sessions of one adapter process stand on: the backend, its reactor, the trace. Closed last, by whoever opened it. */
final class Foundation implements AutoCloseable {
    /** What was left by others is nobody's hurry, and a launch is. */
    private static final Duration CLEAN_UP_AFTER = Duration.ofSeconds(1);

    private static final AtomicBoolean REHEARSED = new AtomicBoolean();

    private final Backend backend;
    private final Reactor reactor;
    private final Trace trace;

    private Foundation(Backend backend, Reactor reactor, Trace trace) {
        this.backend = backend;
        this.reactor = reactor;
        this.trace = trace;
    }

    /**
     * Loads on a thread of its own what a session will need, while the caller opens the reactor: both take most of the time from the
     * first message to the launch.
     */
    static void preload() {
        Thread thread = new Thread(
                () -> {
                    // In the order in which they are needed.
                    KnownBackends.preload();
                    DapConnection.warmUp();
                    new LaunchParser(Host.current()).parse(new JsonObject());
                    preloadAgent();
                },
                "preload");
        thread.setDaemon(true);
        thread.start();
    }

    private static void preloadAgent() {
        try {
            AgentFiles.shared().directory();
        } catch (IOException e) {
            // Whoever launches a program that is to be debugged is told.
            return;
        }
    }

    static Foundation open(Optional<Path> log) throws IOException {
        Trace trace = log.isPresent() ? Trace.toFile(log.get()) : Trace.off();
        Backend backend = KnownBackends.best();
        Reactor reactor = backend.open(ReactorOptions.defaults()
                .withSubreaper(backend.capabilities().contains(Capability.SUBREAPER))
                .withErrorHandler(trace::fault)
                .withTrace(trace::note));
        reactor.warmUp();
        if (trace.isOn()) {
            trace.note("gantry " + version() + ", Java " + Runtime.version() + ", backend " + backend.name() + ", pid "
                    + ProcessHandle.current().pid());
        }
        DelayedCall unused = reactor.callLater(CLEAN_UP_AFTER, Foundation::cleanUp);
        return new Foundation(backend, reactor, trace);
    }

    private static void cleanUp() {
        Thread thread = new Thread(AgentFiles.shared()::removeUnused, "clean-up");
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether one has nothing to do while another starts something. */
    static boolean hasIdleProcessor() {
        return Runtime.getRuntime().availableProcessors() > 1;
    }

    /** Once, beside the start of the first program that is debugged, where a processor has nothing to do then. */
    private static void rehearse() {
        if (hasIdleProcessor() && REHEARSED.compareAndSet(false, true)) {
            Thread thread = new Thread(Rehearsal::run, "rehearsal");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Where the agent is that debugs Python programs. */
    private static final class Agent implements AgentHome {
        @Override
        public Path directory() throws IOException {
            rehearse();
            return AgentFiles.shared().directory();
        }

        @Override
        public boolean repair() throws IOException {
            return AgentFiles.shared().repair();
        }
    }

    private static String version() {
        return OwnVersion.text().orElse("(development)");
    }

    Session session(Client client, TokenGate gate, Runnable onClosed) {
        return new Session(
                client,
                reactor,
                new SessionSettings(new LaunchParser(Host.current()), new Agent(), gate, trace::note, onClosed));
    }

    Backend backend() {
        return backend;
    }

    Reactor reactor() {
        return reactor;
    }

    Trace trace() {
        return trace;
    }

    @Override
    public void close() {
        reactor.close();
        trace.close();
    }
}
