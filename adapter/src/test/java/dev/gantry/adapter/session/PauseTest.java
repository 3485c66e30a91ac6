package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stopped and going on: by pause and continue, by signals, by itself; and that nothing stays stopped for want of its leader. */
class PauseTest {
    @Test
    void aProgramThatHasEndedCannotBePaused() {
        TestSession session = TestSession.running();
        session.child(55, "holder");
        session.process().exits(ExitReason.of(0));
        FakeClient.RecordedReply pause = session.send("pause", "{'threadId':1}");
        assertThat(pause.message).contains("it has ended");
        assertThat(session.send("continue", "{'threadId':1}").message).contains("it has ended");
        assertThat(session.send("stackTrace", "{'threadId':1}").message).contains("it has ended");
        assertThat(session.process().done).isEmpty();
    }

    @Test
    void aProgramThatIsBeingStoppedCannotBePaused() {
        TestSession session = TestSession.running();
        session.process().onSignal = signal -> {};
        session.send("terminate");
        assertThat(session.send("pause").message).contains("being stopped");
        assertThat(session.send("stackTrace").message).contains("being stopped");
        assertThat(session.process().done).doesNotContain("group STOP");
    }

    @Test
    void whatPauseHasStoppedGoesOnWhenTheProgramDies() {
        TestSession session = TestSession.running();
        session.child(55, "helper");
        session.send("pause");
        session.process().exits(ExitReason.of(9));
        assertThat(session.process().done).containsExactly("group STOP", "group CONT");
        assertThat(session.client.story()).doesNotContain("continued");
    }

    @Test
    void whatPauseHasStoppedGoesOnWhereOnlyTheProgramIsStopped() {
        TestSession session = TestSession.running("'killTree':'never'");
        session.child(55, "helper");
        session.process().onSignal = signal -> {
            if (signal == Signal.TERM) {
                session.process().exits(ExitReason.of(15));
            }
        };
        session.send("pause");
        session.send("terminate");
        assertThat(session.process().done).containsExactly("group STOP", "process TERM", "group CONT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart", "terminate", "disconnect"})
    void theClientHearsThatAPausedProgramGoesOnToItsEnd(String how) {
        TestSession session = TestSession.running();
        session.process().onSignal = signal -> {};
        session.send("pause");
        session.send(how);
        assertThat(session.client.story()).endsWith("ok pause, stopped, continued");
        assertThat(session.process().done).endsWith("tree TERM", "tree CONT", "group CONT");
    }

    @Test
    void continueAlwaysSendsItsSignal() {
        TestSession session = TestSession.running();
        assertThat(session.send("continue").succeeded).isTrue();
        assertThat(session.process().done).containsExactly("group CONT");
        assertThat(session.client.story()).endsWith("ok continue");
    }

    @Test
    void aProgramThatStoppedItselfIsShownAsItIsAndGoesOn() {
        TestSession session = TestSession.running();
        session.process().procState = 'T';
        assertThat(session.send("threads").body).asString().contains("cat (stopped, pid 1000)");
        assertThat(session.send("stackTrace").body).asString().contains("\"totalFrames\":1");
        assertThat(session.send("variables", "{'variablesReference':1}").succeeded)
                .isTrue();
        session.send("continue");
        session.process().procState = 'S';
        assertThat(session.process().done).containsExactly("group CONT");
        assertThat(session.client.story()).endsWith("ok continue, continued");
        assertThat(session.send("threads").body).asString().contains("cat (running, pid 1000)");
    }

    @Test
    void aPauseThatHasNotTakenEffectYetIsAPause() {
        TestSession session = TestSession.running();
        session.send("pause");
        assertThat(session.send("threads").body).asString().contains("paused");
        assertThat(session.send("stackTrace").succeeded).isTrue();
    }

    @Test
    void aPauseThatSomebodyElseHasEndedIsOver() {
        TestSession session = TestSession.running();
        session.send("pause");
        session.process().procState = 'T';
        assertThat(session.send("threads").body).asString().contains("paused");
        session.process().procState = 'S';
        assertThat(session.send("threads").body).asString().contains("running");
        assertThat(session.send("stackTrace").message).contains("pause it first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"process", "group", "tree"})
    void stopAndContBySignalAreAPauseToo(String scope) {
        TestSession session = TestSession.running();
        session.send("gantry/signal", "{'signal':'STOP','scope':'" + scope + "'}");
        assertThat(session.client.story()).endsWith("ok gantry/signal, stopped");
        assertThat(session.send("threads").body).asString().contains("paused");
        session.send("gantry/signal", "{'signal':'CONT','scope':'" + scope + "'}");
        assertThat(session.client.story()).endsWith("ok gantry/signal, continued");
        session.send("gantry/signal", "{'signal':'USR1','scope':'" + scope + "'}");
        assertThat(session.client.story()).endsWith("ok gantry/signal");
    }

    @Test
    void whatASignalToTheTreeHasStoppedGoesOnAsAWhole() {
        TestSession session = TestSession.running();
        session.send("gantry/signal", "{'signal':'STOP','scope':'tree'}");
        session.send("continue");
        assertThat(session.process().done).containsExactly("tree STOP", "group CONT", "tree CONT");
    }
}
