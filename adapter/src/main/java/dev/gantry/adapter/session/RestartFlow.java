package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.adapter.config.LaunchResult;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.debuggee.ExitReport;
import dev.gantry.adapter.model.Failure;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends the target by its stop ladder, waits until it was reaped and its output is out, and starts it again, with a new configuration
 * if one came. The client hears neither {@code exited} nor {@code terminated}. Confined to the reactor.
 */
final class RestartFlow {
    private final Session session;

    private @Nullable Pending pending;

    private record Pending(Reply reply, LaunchPlan plan, List<String> notes) {}

    RestartFlow(Session session) {
        this.session = session;
    }

    void restart(Optional<JsonObject> newArguments, Reply reply) {
        Debuggee target = session.run().target();
        if (session.state() != SessionState.RUNNING || pending != null || target.isStopping()) {
            reply.failure(Failures.cannotRestart(whyNot()));
            return;
        }
        LaunchResult result = session.launchFlow().parse(newArguments.orElseGet(target.plan()::arguments));
        if (result instanceof LaunchResult.Refused refused) {
            reply.failure(Failures.launchRefused(refused.message()));
            return;
        }
        LaunchResult.Accepted accepted = (LaunchResult.Accepted) result;
        pending = new Pending(reply, accepted.plan(), accepted.warnings());
        session.run().note("restarting");
        session.debugging().letGo();
        target.stop();
    }

    private String whyNot() {
        if (pending != null) {
            return "a restart is under way";
        }
        return session.state() == SessionState.CONFIGURING
                ? "the program waits for 'configurationDone', and has not begun"
                : "the program is being stopped";
    }

    /** The user stops instead: the target's end is an end. */
    void cancel(String why) {
        Pending restart = pending;
        pending = null;
        if (restart != null) {
            restart.reply().failure(Failures.cannotRestart(why));
        }
    }

    /** The old target has ended; true if a new one is started in its place. */
    boolean targetEnded(ExitReport old) {
        Pending restart = pending;
        pending = null;
        if (restart == null) {
            return false;
        }
        session.run().start(restart.plan(), restart.notes(), new Run.Starting() {
            @Override
            public void started() {
                restart.reply().success(null);
                session.debugging().begin();
            }

            @Override
            public void failed(Failure failure) {
                restart.reply().failure(failure);
                session.run().note(failure.message());
                session.ending().targetEnded(old);
            }
        });
        return true;
    }
}
