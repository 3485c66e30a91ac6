package dev.gantry.adapter.session;

import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.adapter.debuggee.Drain;
import dev.gantry.adapter.debuggee.ExitReport;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.DelayedCall;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The end of a session, however it comes, in one order: the target's stop ladder while its output is still carried, its last output,
 * {@code exited}, {@code terminated}, the answers to terminate and disconnect, the end of the stream. Every wait has a deadline.
 * Confined to the reactor.
 */
final class Ending {
    /** Clients that close the session at the answer, or after three seconds without one, get it before. */
    private static final Duration ANSWER_AT_LATEST = Duration.ofMillis(2500);
    /** A request to stop that comes so soon after another, or after its late answer, is no second wish. */
    private static final Duration SAME_WISH = Duration.ofMillis(400);
    /** How long a client that does not read may keep us, once the target has ended. */
    private static final Duration FLUSH_AT_LATEST = Duration.ofSeconds(3);
    /** The same, for one that is gone but has left its end open. */
    private static final Duration FLUSH_FOR_NOBODY = Duration.ofSeconds(1);

    private final Session session;
    private final Client client;
    private final List<Reply> waiting = new ArrayList<>();

    private boolean announced;
    private boolean askedToStop;
    private boolean closeWhenEnded;
    private boolean abandoned;
    private @Nullable DelayedCall lateAnswer;
    private @Nullable DelayedCall sameWish;
    /** Since the session is being closed. */
    private @Nullable DelayedCall flush;

    Ending(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    void terminate(Reply reply) {
        if (announced) {
            reply.success(null);
            return;
        }
        answerWhenEnded(reply);
        end("terminate");
        hurryIfAskedAgain();
    }

    void disconnect(boolean terminateDebuggee, Reply reply) {
        closeWhenEnded = true;
        Optional<Debuggee> live = session.run().live();
        if (!terminateDebuggee && live.isPresent() && !live.get().isStopping()) {
            if (live.get().isAlive()) {
                detach(live.get(), reply);
            } else {
                // Nothing is left to be spared but what it has started, which its end leaves alone anyway.
                answerWhenEnded(reply);
                live.get().drain().ifPresent(Drain::endNow);
            }
            return;
        }
        if (announced) {
            reply.success(null);
            close();
            return;
        }
        answerWhenEnded(reply);
        closeInput(live);
        end("disconnect");
        if (terminateDebuggee) {
            hurryIfAskedAgain();
        }
    }

    /** The client is gone, or this process was told to end: as a disconnect, with nobody to answer. */
    void abandon(String why) {
        closeWhenEnded = true;
        abandoned = true;
        Optional<Debuggee> live = session.run().live();
        if (announced) {
            close();
            return;
        }
        live.flatMap(Debuggee::drain).ifPresent(Drain::hurry);
        if (live.isPresent() && live.get().isStopping()) {
            session.restartFlow().cancel("the program was stopped (" + why + ")");
        } else {
            closeInput(live);
            end(why);
        }
    }

    /** A launch came to nothing after it was answered. */
    void nothingRan() {
        announce(Optional.empty());
    }

    void targetEnded(ExitReport report) {
        announce(Optional.of(report));
    }

    private void end(String why) {
        session.trace("ending: " + why);
        session.restartFlow().cancel("the program was stopped (" + why + ")");
        Optional<Debuggee> live = session.run().live();
        if (live.isPresent()) {
            if (session.state() == SessionState.RUNNING || session.state() == SessionState.CONFIGURING) {
                session.moveTo(SessionState.FINISHING);
            }
            if (closeWhenEnded) {
                live.get().drain().ifPresent(Drain::waitForNobody);
            }
            session.debugging().letGo();
            live.get().stop();
        } else {
            session.moveTo(SessionState.FINISHING);
            session.launchFlow().cancel("the session was ended (" + why + ")");
            nothingRan();
        }
    }

    /**
     * The first wish to stop starts the ladder, or finds one running, a restart's for instance; a second one kills. Clients send
     * terminate and disconnect in one breath, or disconnect as soon as terminate is answered: that is one wish.
     */
    private void hurryIfAskedAgain() {
        if (!askedToStop) {
            askedToStop = true;
            waitForTheSameWish();
        } else if (sameWish == null || !sameWish.isActive()) {
            session.trace("asked to stop once more: killing");
            session.run().live().ifPresent(Debuggee::killNow);
        }
    }

    private void waitForTheSameWish() {
        if (sameWish != null) {
            sameWish.cancel();
        }
        sameWish = session.reactor().callLater(SAME_WISH, () -> {});
    }

    /** A program that waits for input sees its end; a graceful one uses it. */
    private static void closeInput(Optional<Debuggee> live) {
        live.filter(target -> !target.isStopping() && target.input().refusal().isEmpty())
                .ifPresent(target -> target.input().close());
    }

    private void detach(Debuggee target, Reply reply) {
        if (!session.reactor().capabilities().contains(Capability.DETACH)) {
            closeWhenEnded = false;
            reply.failure(Failures.cannotDetach());
            return;
        }
        session.restartFlow().cancel("the program was detached");
        session.debugging().letGo();
        target.letGo(() -> detachFree(target, reply));
    }

    /** Nothing of the debugger holds it any more; it may have ended meanwhile, or be ending. */
    private void detachFree(Debuggee target, Reply reply) {
        if (target.isStopping() || !target.isAlive()) {
            if (announced) {
                reply.success(null);
                close();
            } else {
                answerWhenEnded(reply);
                target.drain().ifPresent(Drain::endNow);
            }
            return;
        }
        session.finishing();
        try {
            long pid = target.pid();
            Optional<Long> drainer = target.detach();
            session.run()
                    .note("left running: pid " + pid + "; stop it with: kill " + pid
                            + drainer.map(holder -> " (its output is read and dropped by pid " + holder + ")")
                                    .orElse(""));
            waiting.add(reply);
            announce(Optional.empty());
        } catch (IOException e) {
            closeWhenEnded = false;
            reply.failure(Failures.systemRefused("disconnect", String.valueOf(e.getMessage())));
        }
    }

    private void answerWhenEnded(Reply reply) {
        waiting.add(reply);
        if (lateAnswer == null) {
            lateAnswer = session.reactor().callLater(ANSWER_AT_LATEST, this::answerLate);
        }
    }

    private void answerLate() {
        answerAll();
        waitForTheSameWish();
    }

    private void answerAll() {
        if (lateAnswer != null) {
            lateAnswer.cancel();
            lateAnswer = null;
        }
        List<Reply> replies = List.copyOf(waiting);
        waiting.clear();
        replies.forEach(reply -> reply.success(null));
    }

    private void announce(Optional<ExitReport> report) {
        if (announced) {
            return;
        }
        announced = true;
        session.finishing();
        report.flatMap(ExitReport::reason)
                .ifPresent(reason -> client.event("exited", Bodies.object("exitCode", reason.shellCode())));
        client.event("terminated", null);
        answerAll();
        if (closeWhenEnded) {
            close();
        }
    }

    private void close() {
        boolean first = flush == null;
        if (flush != null && abandoned) {
            flush.cancel();
        }
        if (first || abandoned) {
            flush = session.reactor().callLater(abandoned ? FLUSH_FOR_NOBODY : FLUSH_AT_LATEST, session::close);
        }
        if (first) {
            client.whenFlushed(this::closed);
        }
    }

    private void closed() {
        if (flush != null) {
            flush.cancel();
        }
        session.close();
    }
}
