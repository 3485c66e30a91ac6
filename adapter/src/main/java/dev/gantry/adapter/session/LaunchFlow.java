package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.adapter.config.LaunchResult;
import dev.gantry.adapter.model.Failure;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From {@code launch} and {@code configurationDone}, in either order, to the running target. Confined to the reactor.
 *
 * <p>launch is checked in full, then {@code initialized} is sent; the target starts at configurationDone, which is waited for
 * without a limit (Kate waits for its user), and launch is answered with the outcome. A client that waits for launch's answer
 * before it sends configurationDone (Visual Studio) gets it after half a second. With noDebug there is nothing to configure, and
 * a client may send no configurationDone at all (Eclipse in run mode): the target starts half a second later without it.
 */
final class LaunchFlow {
    private static final Duration CONFIGURATION_AT_LATEST = Duration.ofMillis(500);

    private final Session session;
    private final Client client;
    private final LaunchParser parser;
    private final TokenGate gate;

    private @Nullable Reply pendingLaunch;
    private int pendingSeq;
    private @Nullable LaunchPlan plan;
    private List<String> notes = List.of();
    private boolean configured;
    private boolean starting;
    /** The target has started; its own code may wait for the configuration. */
    private boolean started;
    /** The program was started though its configurationDone had not come; it may still come. */
    private boolean startedWithout;
    /** The next configurationDone, coming before another launch, is that of a launch which came to nothing. */
    private boolean configurationIsStale;

    private @Nullable DelayedCall lateConfiguration;

    LaunchFlow(Session session, Client client, LaunchParser parser, TokenGate gate) {
        this.session = session;
        this.client = client;
        this.parser = parser;
        this.gate = gate;
    }

    /** Not supported so far; a client without the token does not learn even that. */
    void attach(Request request, Reply reply) {
        if (isAdmitted(request, reply)) {
            reply.failure(Failures.attachUnsupported());
        }
    }

    private boolean isAdmitted(Request request, Reply reply) {
        switch (gate.judge(request.arguments())) {
            case ADMITTED -> {
                return true;
            }
            case WRONG_TOKEN -> reply.failure(Failures.wrongToken());
            case FULL -> reply.failure(Failures.serverFull());
            case SHUT -> {
                reply.failure(Failures.wrongToken());
                session.shutOut();
            }
        }
        return false;
    }

    void launch(Request request, Reply reply) {
        if (!isAdmitted(request, reply)) {
            if (session.state() == SessionState.INITIALIZED) {
                forgetConfiguration();
            }
            return;
        }
        if (session.state() != SessionState.INITIALIZED) {
            reply.failure(session.isOver() ? session.tooLate(request.command()) : Failures.launchedAlready());
            return;
        }
        LaunchResult result = parse(request.arguments());
        if (result instanceof LaunchResult.Refused refused) {
            reply.failure(Failures.launchRefused(refused.message()));
            forgetConfiguration();
            return;
        }
        configurationIsStale = false;
        LaunchResult.Accepted accepted = (LaunchResult.Accepted) result;
        plan = accepted.plan();
        notes = accepted.warnings();
        pendingLaunch = reply;
        pendingSeq = request.seq();
        session.moveTo(SessionState.CONFIGURING);
        client.event("initialized", null);
        if (configured || session.debugging().isPossible(accepted.plan())) {
            start();
        } else {
            lateConfiguration = session.reactor().callLater(CONFIGURATION_AT_LATEST, this::configurationIsLate);
        }
    }

    private void configurationIsLate() {
        if (plan != null && plan.noDebug()) {
            session.trace("no configurationDone came; with noDebug the program starts without it");
            startedWithout = true;
            start();
        } else {
            answerPending();
        }
    }

    /**
     * A launch for a terminal goes to the internal console where the client has no terminals: the program runs all the same, with its
     * output shown. With pipes: a pseudo-terminal would merge its two outputs and echo its input, which nobody asked for.
     */
    LaunchResult parse(JsonObject arguments) {
        LaunchResult result = parser.parse(arguments);
        if (!(result instanceof LaunchResult.Accepted accepted)
                || !accepted.plan().console().isTerminal()
                || session.clientInfo().runInTerminal()) {
            return result;
        }
        JsonObject changed = arguments.deepCopy();
        changed.addProperty("console", "internalConsole");
        changed.remove("redirectOutput");
        LaunchResult second = parser.parse(changed);
        if (second instanceof LaunchResult.Accepted internal) {
            List<String> warnings = new ArrayList<>(internal.warnings());
            warnings.add("console '" + accepted.plan().console().text()
                    + "': this client cannot run programs in a terminal; the internal console is used"
                    + (internal.plan().pty().isPresent()
                                    || !session.reactor().capabilities().contains(Capability.PTY)
                            ? ""
                            : " (\"tty\": true gives the program a pseudo-terminal)"));
            return new LaunchResult.Accepted(internal.plan(), warnings);
        }
        return second;
    }

    void configurationDone(Reply reply) {
        if (configurationIsStale) {
            configurationIsStale = false;
            reply.success(null);
            return;
        }
        boolean first = !configured && !startedWithout;
        configured = true;
        reply.success(null);
        if (first && session.state() == SessionState.CONFIGURING) {
            if (started) {
                begin();
            } else if (!starting) {
                start();
            }
        }
    }

    /** The launch that waits is not wanted any more. */
    void cancel(String why) {
        stopWaitingForConfiguration();
        session.run().cancelStart(why);
        failPending(Failures.startCancelled(why));
    }

    /** Whether a {@code cancel} for this request number meant the launch that waits; then it is cancelled. */
    boolean cancelIfPending(int seq) {
        if (pendingLaunch == null || pendingSeq != seq || session.state() != SessionState.CONFIGURING) {
            return false;
        }
        cancel("cancelled");
        backToInitialized();
        return true;
    }

    private void answerPending() {
        if (pendingLaunch != null) {
            pendingLaunch.success(null);
            pendingLaunch = null;
        }
    }

    private void start() {
        stopWaitingForConfiguration();
        LaunchPlan ready = plan;
        if (ready == null) {
            return;
        }
        starting = true;
        session.run().start(ready, notes, new Run.Starting() {
            @Override
            public void started() {
                starting = false;
                started = true;
                if (configured || !session.debugging().isHeld()) {
                    begin();
                }
                answerPending();
            }

            @Override
            public void failed(Failure failure) {
                startFailed(failure);
            }
        });
    }

    /** Of a target that is debugged, its own code. */
    private void begin() {
        session.moveTo(SessionState.RUNNING);
        session.debugging().begin();
    }

    /** A launch that was already answered with success can only be taken back by ending the session. */
    private void startFailed(Failure failure) {
        starting = false;
        if (pendingLaunch != null) {
            failPending(failure);
            backToInitialized();
        } else if (session.state() == SessionState.CONFIGURING) {
            session.run().note(failure.message());
            session.ending().nothingRan();
        }
    }

    private void backToInitialized() {
        plan = null;
        forgetConfiguration();
        if (session.state() == SessionState.CONFIGURING) {
            session.moveTo(SessionState.INITIALIZED);
        }
    }

    /** A launch came to nothing: its configurationDone, come or still to come, does not start the next one. */
    private void forgetConfiguration() {
        configurationIsStale = !configured;
        configured = false;
        startedWithout = false;
    }

    private void failPending(Failure failure) {
        Reply reply = pendingLaunch;
        pendingLaunch = null;
        if (reply != null) {
            reply.failure(failure);
        }
    }

    private void stopWaitingForConfiguration() {
        if (lateConfiguration != null) {
            lateConfiguration.cancel();
            lateConfiguration = null;
        }
    }
}
