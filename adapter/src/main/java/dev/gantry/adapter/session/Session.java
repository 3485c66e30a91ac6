package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.debuggee.Activity;
import dev.gantry.adapter.debuggee.ExitReport;
import dev.gantry.adapter.model.Failure;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/**
 * One client, at most one target. Owns the session's state and answers every request exactly once, by the {@link Dispatch} table; the
 * flows it is made of ({@link LaunchFlow}, {@link RestartFlow}, {@link Ending}) own theirs. Lives on the reactor's thread and asserts
 * it; ended by {@link #close()}, which is idempotent and the only way to CLOSED.
 */
public final class Session implements Endpoint {
    private final Client client;
    private final Reactor reactor;
    private final SessionSettings settings;
    private final Run run;
    private final LaunchFlow launchFlow;
    private final RestartFlow restartFlow;
    private final Ending ending;
    private final Debugging debugging;
    private final Dispatch dispatch;

    private SessionState state = SessionState.NEW;
    private ClientInfo clientInfo = ClientInfo.UNKNOWN;

    public Session(Client client, Reactor reactor, SessionSettings settings) {
        this.client = client;
        this.reactor = reactor;
        this.settings = settings;
        this.debugging = new Debugging(this, client, settings.agentHome());
        this.run = new Run(client, reactor, debugging, settings.trace(), this::targetEnded);
        this.launchFlow = new LaunchFlow(this, client, settings.parser(), settings.gate());
        this.restartFlow = new RestartFlow(this);
        this.ending = new Ending(this, client);
        this.dispatch = new Dispatch(this, client);
    }

    @Override
    public void request(int seq, String command, JsonObject arguments, @Nullable String malformed, Reply reply) {
        assertOnReactor();
        Dispatch.Route route = dispatch.route(command, debugging.isActive());
        if (route == null) {
            reply.failure(Failures.unknownRequest(command));
        } else if (malformed != null) {
            reply.failure(Failures.malformed(command, malformed));
        } else if (meets(route.needs(), command, reply)) {
            handle(route.handler(), new Request(seq, command, arguments), reply);
        }
    }

    /** A request that was kept for the agent, which is not there to carry it out. */
    void dispatchAgain(Request request, Reply reply) {
        if (reply.isOpen()) {
            request(request.seq(), request.command(), request.arguments(), null, reply);
        }
    }

    private void handle(Handler handler, Request request, Reply reply) {
        try {
            handler.handle(request, reply);
        } catch (BadRequestException e) {
            if (reply.isOpen()) {
                reply.failure(e.failure());
            }
        } catch (IOException e) {
            trace(request.command() + ": " + e);
            if (reply.isOpen()) {
                reply.failure(Failures.systemRefused(request.command(), String.valueOf(e.getMessage())));
            }
        } catch (UnsupportedCapabilityException e) {
            if (reply.isOpen()) {
                reply.failure(
                        reactor.capabilities().contains(e.capability())
                                ? Failures.unsupported(request.command(), String.valueOf(e.getMessage()))
                                : Failures.unsupported(request.command(), e));
            }
        } catch (RuntimeException e) {
            trace(request.command() + ": " + stackTrace(e));
            if (reply.isOpen()) {
                reply.failure(Failures.internal(request.command()));
            }
        }
    }

    /** Whether the session has what the request needs; answers the request if not. */
    private boolean meets(Needs needs, String command, Reply reply) {
        switch (needs) {
            case NOTHING -> {
                return true;
            }
            case NEW_SESSION -> {
                if (isOver()) {
                    reply.failure(tooLate(command));
                    return false;
                }
                if (state != SessionState.NEW) {
                    reply.failure(Failures.alreadyInitialized());
                    return false;
                }
            }
            case SESSION, TARGET, PAUSED_TARGET -> {
                if (state == SessionState.NEW) {
                    reply.failure(Failures.notInitialized(command));
                    return false;
                }
                if (needs != Needs.SESSION && run.live().isEmpty()) {
                    reply.failure(run.whyNotLive(command));
                    return false;
                }
                if (needs == Needs.PAUSED_TARGET) {
                    return isHeld(run.target().activity(), command, reply);
                }
            }
        }
        return true;
    }

    private boolean isHeld(Activity activity, String command, Reply reply) {
        switch (activity) {
            case PAUSED, STOPPED -> {
                return true;
            }
            case RUNNING ->
                reply.failure(Failures.notPaused(command, reactor.capabilities().contains(Capability.ALL_SIGNALS)));
            case STOPPING -> reply.failure(Failures.beingStopped(command));
            case ENDED -> reply.failure(Failures.targetEnded(command));
        }
        return false;
    }

    @Override
    public void brokenMessage(String why) {
        assertOnReactor();
        trace("broken message: " + why);
        run.note("The client sent a message that cannot be read: " + why);
    }

    @Override
    public void clientGone(String why) {
        assertOnReactor();
        ending.abandon("the client is gone: " + why);
    }

    /** Ends the session and its target as a disconnect does; {@link SessionSettings#onClosed()} tells when that is done. */
    public void shutDown(String why) {
        assertOnReactor();
        ending.abandon(why);
    }

    private void targetEnded(ExitReport report) {
        if (!restartFlow.targetEnded(report)) {
            ending.targetEnded(report);
        }
    }

    void initialized(ClientInfo info) {
        clientInfo = info;
        run.clientIs(info);
        moveTo(SessionState.INITIALIZED);
    }

    /** The response to initialize is written before the backend is known; one that has less than its system says so now. */
    void takeBackWhatIsMissing() {
        if (AnnouncedCapabilities.canLeaveTargets() && !reactor.capabilities().contains(Capability.DETACH)) {
            client.event(
                    "capabilities", Bodies.object("capabilities", Bodies.object("supportTerminateDebuggee", false)));
        }
    }

    /** The one way of changing state. */
    void moveTo(SessionState next) {
        if (state == next) {
            return;
        }
        if (!state.next().contains(next)) {
            throw new IllegalStateException("a session cannot go from " + state + " to " + next);
        }
        trace("state " + state + " -> " + next);
        state = next;
    }

    /** The target has ended, or none will run. */
    void finishing() {
        if (state != SessionState.CLOSED) {
            moveTo(SessionState.FINISHING);
        }
    }

    /** Whoever guesses tokens gets no answer any more, but a program that runs already is ended in order. */
    void shutOut() {
        trace("closing: too many wrong tokens");
        if (run.live().isPresent()) {
            ending.abandon("too many wrong tokens");
        } else {
            close();
        }
    }

    /** Lets the client go. Nothing is answered afterwards. */
    void close() {
        if (state != SessionState.CLOSED) {
            moveTo(SessionState.CLOSED);
            client.close();
            settings.onClosed().run();
        }
    }

    /** Whether nothing can be started in it any more. */
    boolean isOver() {
        return state == SessionState.FINISHING || state == SessionState.CLOSED;
    }

    /** For a request that would have started something. */
    Failure tooLate(String command) {
        return Failures.sessionEnded(command, run.live().isPresent());
    }

    void trace(String line) {
        settings.trace().accept(line);
    }

    SessionState state() {
        return state;
    }

    ClientInfo clientInfo() {
        return clientInfo;
    }

    Reactor reactor() {
        return reactor;
    }

    Run run() {
        return run;
    }

    Debugging debugging() {
        return debugging;
    }

    LaunchFlow launchFlow() {
        return launchFlow;
    }

    RestartFlow restartFlow() {
        return restartFlow;
    }

    Ending ending() {
        return ending;
    }

    private void assertOnReactor() {
        if (!reactor.inReactorThread()) {
            throw new IllegalStateException("a session was touched outside its reactor's thread");
        }
    }

    private static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
