package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentAnswer;
import dev.gantry.adapter.agent.AgentCommand;
import dev.gantry.adapter.agent.AgentSocket;
import dev.gantry.adapter.config.DebugSettings;
import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.adapter.config.PythonLaunch;
import dev.gantry.adapter.debuggee.AgentPlan;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.model.RawJson;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The debugger's side of a session, over restarts: whether a target is debugged, what its agent is asked and says. Confined to the
 * reactor; one for each session.
 */
final class Debugging {
    private final Session session;
    private final Client client;
    private final AgentHome agentHome;
    private final Breakpoints breakpoints;
    private final OpenRequests open = new OpenRequests();
    private final Map<String, Integer> progress = new HashMap<>();

    private @Nullable DebugRun run;
    /** Of a target that has not started. */
    private @Nullable AgentPlan prepared;
    /** Sets that were wanted before this run, and that its agent has not been told. */
    private Set<Breakpoints.Key> toApply = new LinkedHashSet<>();

    Debugging(Session session, Client client, AgentHome agentHome) {
        this.session = session;
        this.client = client;
        this.agentHome = agentHome;
        this.breakpoints = new Breakpoints(client);
    }

    /** Whether a target of this plan is debugged: then it starts at launch, and is held until the client has configured it. */
    boolean isPossible(LaunchPlan plan) {
        return plan.debugging().isPresent();
    }

    /**
     * A target is about to start.
     *
     * @param notes gets a line where it should be debugged and is not
     * @return the agent to start it with; empty where it is not debugged
     */
    Optional<AgentPlan> prepare(LaunchPlan plan, Consumer<String> notes) {
        run = null;
        open.clear();
        Optional<DebugSettings> settings = plan.debugging();
        if (settings.isEmpty()) {
            return undebugged();
        }
        String trouble = "the debugger's files could not be put in place, so the program runs without breakpoints: ";
        try {
            PythonLaunch python = settings.get().python();
            Path directory = agentHome.directory();
            trouble = "the debugger has no way to the program, which runs without breakpoints: ";
            Optional<AgentSocket> socket = socket(plan);
            List<String> command = AgentCommand.of(
                    python.interpreter(),
                    directory,
                    socket.map(AgentSocket::word).orElse(Integer.toString(AgentCommand.CHILD_FD)),
                    python.kind().word(),
                    python.target(),
                    python.args());
            DebugRun made = new DebugRun(session.reactor(), settings.get(), session.clientInfo(), new Events());
            run = made;
            breakpoints.newAgent();
            toApply = breakpoints.wanted();
            AgentPlan agent = new AgentPlan(command, socket, made);
            prepared = agent;
            return Optional.of(agent);
        } catch (IOException e) {
            notes.accept(trouble + e.getMessage());
            return undebugged();
        }
    }

    private Optional<AgentPlan> undebugged() {
        breakpoints.notDebugged(Breakpoints.NOT_DEBUGGED);
        return Optional.empty();
    }

    /** Where the agent connects, if it can inherit nothing. */
    private Optional<AgentSocket> socket(LaunchPlan plan) throws IOException {
        Reactor reactor = session.reactor();
        if (plan.console().isTerminal()) {
            return Optional.of(AgentSocket.listen(reactor));
        }
        return reactor.capabilities().contains(Capability.ANY_CHILD_FDS)
                ? Optional.empty()
                : Optional.of(AgentSocket.listenOnLoopback(reactor));
    }

    /** The target that was about to start did not: whoever waits for its agent is answered as if there had been none. */
    void notStarted() {
        DebugRun none = run;
        AgentPlan agent = prepared;
        run = null;
        prepared = null;
        if (agent != null) {
            agent.closeSocket();
        }
        if (none != null) {
            none.notStarted();
        }
    }

    void started(Debuggee target) {
        prepared = null;
        if (run != null) {
            run.started(target);
        }
    }

    /** Whether requests go to an agent: the target has one, or had one until its end. */
    boolean isActive() {
        return run != null
                && run.isDebugged()
                && !session.run().live().map(Debuggee::isToldHeld).orElse(false);
    }

    /** Whether a target waits for its configuration. */
    boolean isHeld() {
        return run != null && run.isHeld();
    }

    /** The client has configured what it wants: the target's own code begins. */
    void begin() {
        if (run != null) {
            run.run();
        }
    }

    Breakpoints breakpoints() {
        return breakpoints;
    }

    OpenRequests open() {
        return open;
    }

    /** The present run. Only where {@link #isActive} has said that there is one. */
    DebugRun run() {
        if (run == null) {
            String which = "this request";
            throw new BadRequestException(
                    session.run().everStarted() ? Failures.targetEnded(which) : Failures.noTarget(which));
        }
        return run;
    }

    /** Whether a thread of the target is stopped. */
    boolean isStopped() {
        return run != null && run.stopped().isAny();
    }

    /** Whatever was stopped goes on, by our doing and for whatever reason. */
    void letGo() {
        if (run != null) {
            run.picture().close();
        }
        if (isStopped()) {
            run().stopped().clear();
            session.run().tellContinued();
        }
    }

    /** The client has asked for a set of breakpoints itself: it need not be applied for it. */
    void isAsked(Breakpoints.Key key) {
        toApply.remove(key);
    }

    /** What takes long is shown under this name, by which it can be cancelled. */
    void progress(String id, int seq) {
        progress.put(id, seq);
    }

    void progressEnded(String id) {
        progress.remove(id);
    }

    OptionalInt requestOf(String progressId) {
        Integer seq = progress.get(progressId);
        return seq == null ? OptionalInt.empty() : OptionalInt.of(seq);
    }

    /** Passes a request on to the agent, and its answer on to the client. */
    void forward(Request request, Reply reply) {
        pass(request, reply, null);
    }

    /** @param onSuccess gets the converted body right before the client, and gives what the client gets */
    void forward(Request request, Reply reply, BiFunction<JsonObject, DebugRun, JsonObject> onSuccess) {
        pass(request, reply, onSuccess);
    }

    private void pass(Request request, Reply reply, @Nullable BiFunction<JsonObject, DebugRun, JsonObject> onSuccess) {
        DebugRun asked = run();
        Object known = asked.picture().answerTo(request);
        if (known != null) {
            reply.success(known);
            return;
        }
        asked.whenReady(() -> ask(asked, request, reply, onSuccess), () -> session.dispatchAgain(request, reply));
    }

    private void ask(
            DebugRun asked,
            Request request,
            Reply reply,
            @Nullable BiFunction<JsonObject, DebugRun, JsonObject> onSuccess) {
        if (!reply.isOpen()) {
            return;
        }
        if (open.isFull()) {
            reply.failure(Failures.tooManyOpen(request.command()));
            return;
        }
        JsonObject arguments = asked.conversion().toAgent(request.command(), request.arguments());
        OpenRequests.Entry entry = open.opened(request);
        int asOf = asked.picture().state();
        int seq = asked.ask(request.command(), arguments, answer -> {
            entry.close();
            if (answer instanceof AgentAnswer.Success success) {
                Object result = result(asked, request, success, onSuccess);
                if (success.isLasting() && result != null) {
                    asked.picture().keep(request, result, asOf);
                }
                if (reply.isOpen()) {
                    reply.success(result);
                }
            } else if (answer instanceof AgentAnswer.Failed failed && reply.isOpen()) {
                reply.failure(failure(request, failed));
            }
        });
        entry.asked(cancelled -> asked.ask("cancel", Bodies.object("requestId", seq), answer -> {}));
    }

    /** What nobody looks at or converts goes on as it came, and is not parsed. */
    private static @Nullable Object result(
            DebugRun asked,
            Request request,
            AgentAnswer.Success success,
            @Nullable BiFunction<JsonObject, DebugRun, JsonObject> onSuccess) {
        RawJson text = success.text();
        if (text != null && onSuccess == null && asked.conversion().isIdentity()) {
            return text.isEmpty() ? null : text;
        }
        JsonObject body = asked.conversion().toClient(request.command(), success.body());
        JsonObject result = onSuccess == null ? body : onSuccess.apply(body, asked);
        return result.size() == 0 ? null : result;
    }

    private Failure failure(Request request, AgentAnswer.Failed failed) {
        boolean ended = !session.run().live().map(Debuggee::isAlive).orElse(false);
        return ended ? Failures.targetEnded(request.command()) : Failures.byAgent(failed);
    }

    /** What an agent tells. */
    private final class Events implements DebugRun.Events {
        private final AgentEvents events = new AgentEvents(session, client, Debugging.this);

        @Override
        public void ready(boolean late) {
            DebugRun present = run();
            if (late) {
                session.run().note("the debugger has answered: the program is debugged from now on");
                toApply = breakpoints.wanted();
            }
            for (Breakpoints.Key key : new LinkedHashSet<>(toApply)) {
                JsonObject arguments = present.conversion().toAgent(key.command(), breakpoints.argumentsOf(key));
                present.ask(key.command(), arguments, answer -> {
                    if (answer instanceof AgentAnswer.Success success) {
                        breakpoints.appliedAgain(key, present.conversion().toClient(key.command(), success.body()));
                    } else if (answer instanceof AgentAnswer.Failed failed && isLive(present)) {
                        breakpoints.failed(key, failed.message());
                        session.run().note(key.words() + " could not be set: " + failed.message());
                    }
                });
            }
            toApply.clear();
        }

        /** A target that has ended, or lost its agent, has told so. */
        private boolean isLive(DebugRun asked) {
            return asked == run
                    && !asked.isLost()
                    && session.run().live().map(Debuggee::isAlive).orElse(false);
        }

        @Override
        public void event(String name, JsonObject body) {
            events.event(name, body);
        }

        @Override
        public boolean plainEvent(String name, RawJson body) {
            return events.plain(name, body);
        }

        @Override
        public void endedUnheard() {
            try {
                if (agentHome.repair()) {
                    session.run()
                            .note("the debugger's files were damaged, and are in order now: start the program again");
                }
            } catch (IOException e) {
                session.run().note("the debugger's files cannot be put in order: " + e.getMessage());
            }
        }

        @Override
        public void notDebugged(String why) {
            if (session.state() == SessionState.CONFIGURING || session.state() == SessionState.RUNNING) {
                session.run().note("not debugged: " + why);
                breakpoints.notDebugged("not debugged: " + why);
            }
        }

        @Override
        public void trace(String line) {
            session.trace(line);
        }
    }
}
