package dev.gantry.adapter;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.agent.AgentFiles;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.adapter.dap.Trace;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.session.AgentHome;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import dev.gantry.adapter.session.Reply;
import dev.gantry.adapter.session.Session;
import dev.gantry.adapter.session.SessionSettings;
import dev.gantry.adapter.session.TokenGate;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the beginning of a conversation with a session of its own, which starts nothing and tells nobody: what that loads and links, the
 * client's session need not. For a thread that has nothing to do while the reactor starts its first process.
 */
final class SessionRehearsal {
    private static final String INITIALIZE =
            "{'clientID':'vscode','adapterID':'gantry','pathFormat':'path','linesStartAt1':true,'columnsStartAt1':true}";

    static final int REQUESTS = 5;

    private SessionRehearsal() {}

    /** Where a processor has nothing to do; whatever goes wrong is in the trace only. */
    static void run(Trace trace) {
        if (!Foundation.hasIdleProcessor()) {
            return;
        }
        try {
            int answered = hold(AgentFiles.shared().directory(), trace::note);
            if (answered != REQUESTS) {
                trace.note("the rehearsal: " + answered + " of " + REQUESTS + " requests were answered");
            }
        } catch (Throwable notNeeded) {
            trace.note("the rehearsal: " + notNeeded);
        }
    }

    /**
     * Holds it, as about a program of the agent's files, which are Python and certain to be there.
     *
     * @return how many requests were answered
     */
    static int hold(Path agent, Consumer<String> trace) {
        AtomicInteger answers = new AtomicInteger();
        Session session = new Session(
                new Nobody(),
                new Standstill(),
                new SessionSettings(
                        new LaunchParser(Host.current()),
                        new Home(agent),
                        TokenGate.open(),
                        line -> trace.accept("rehearsal: " + line),
                        () -> {}));
        JsonObject launch = new JsonObject();
        launch.addProperty("program", agent.resolve("boot.py").toString());
        // Any program that is there: it is not started.
        launch.addProperty(
                "python",
                Path.of(System.getProperty("java.home"), "bin", "java").toString());
        session.request(
                1, "initialize", JsonParser.parseString(INITIALIZE).getAsJsonObject(), null, new Answer(answers));
        session.request(2, "launch", launch, null, new Answer(answers));
        session.request(
                3,
                "setBreakpoints",
                JsonParser.parseString("{'source':{'path':'/a.py'},'breakpoints':[{'line':1}]}")
                        .getAsJsonObject(),
                null,
                new Answer(answers));
        session.request(
                4,
                "setExceptionBreakpoints",
                JsonParser.parseString("{'filters':[]}").getAsJsonObject(),
                null,
                new Answer(answers));
        session.request(5, "configurationDone", new JsonObject(), null, new Answer(answers));
        return answers.get();
    }

    private record Answer(AtomicInteger count) implements Reply {
        @Override
        public void success(@Nullable Object body) {
            count.incrementAndGet();
        }

        @Override
        public void failure(Failure failure) {
            count.incrementAndGet();
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    }

    private record Home(Path directory) implements AgentHome {
        @Override
        public boolean repair() {
            return false;
        }
    }

    /** A client that hears nothing. */
    private static final class Nobody implements Client, OutputChannel {
        @Override
        public void event(String name, @Nullable Object body) {}

        @Override
        public void request(String command, Object arguments, Consumer<Client.Answer> onAnswer) {}

        @Override
        public OutputChannel outputChannel(OutputFormat format) {
            return this;
        }

        @Override
        public boolean isCrowded() {
            return false;
        }

        @Override
        public void whenFlushed(Runnable task) {}

        @Override
        public void close() {}

        @Override
        public void write(ByteBuffer data) {}

        @Override
        public void registerProducer(Producer producer, boolean streaming) {}

        @Override
        public void unregisterProducer() {}

        @Override
        public void flush(boolean atEnd) {}

        @Override
        public ByteBuffer takeBack() {
            return ByteBuffer.allocate(0);
        }
    }

    /** A reactor of the calling thread, in which no time passes and no process starts. */
    private static final class Standstill implements Reactor {
        @Override
        public String backendName() {
            return "none";
        }

        @Override
        public Set<Capability> capabilities() {
            return EnumSet.allOf(Capability.class);
        }

        @Override
        public boolean inReactorThread() {
            return true;
        }

        @Override
        public void execute(Runnable task) {}

        @Override
        public <T> T call(Callable<T> task) throws Exception {
            return task.call();
        }

        @Override
        public DelayedCall callLater(Duration delay, Runnable task) {
            return new Never();
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public ProcessTransport spawnProcess(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
            throw new SpawnException(
                    SpawnException.Step.EXECUTE, request.command().get(0), 0, "this is a rehearsal");
        }

        @Override
        public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) throws IOException {
            throw new IOException("this is a rehearsal");
        }

        @Override
        public void warmUp() {}

        @Override
        public void close() {}
    }

    private static final class Never implements DelayedCall {
        @Override
        public void cancel() {}

        @Override
        public boolean isActive() {
            return false;
        }
    }
}
