package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.Producer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The time between a program's exit and the closing of its pipes. */
class DrainTest {
    @Test
    void aDisconnectThatSparesAProgramThatHasEndedTellsItsEnd() {
        TestSession session = TestSession.running("'drainTimeout':3600");
        session.child(55, "holder");
        session.process().exits(ExitReason.of(3 << 8));
        FakeClient.RecordedReply disconnect = session.send("disconnect", "{'terminateDebuggee':false}");
        assertThat(session.process().done).containsExactly("drain", "abort");
        assertThat(session.client.story()).endsWith("gantry/exit, thread, exited, terminated, ok disconnect, closed");
        assertThat(session.client.console())
                .contains("held open by pid 55 (holder)")
                .contains("left alone: pid 55")
                .endsWith("exit code 3 after 1.0 s")
                .doesNotContain("left running");
        assertThat(disconnect.succeeded).isTrue();
    }

    @Test
    void aProgramWhosePipesAreClosedLaterIsToldOfOnce() {
        TestSession session = TestSession.running();
        session.process().exits(ExitReason.of(0));
        session.send("disconnect", "{'terminateDebuggee':false}");
        session.reactor.advance(Duration.ofSeconds(5));
        assertThat(session.client.story()).containsOnlyOnce("exited").endsWith("closed");
    }

    @Test
    void aClientThatReadsSlowlyIsWaitedFor() {
        TestSession session = TestSession.running("'drainTimeout':1");
        session.client.stopsReading();
        session.process().exits(ExitReason.of(0));
        session.reactor.advance(Duration.ofSeconds(60));
        assertThat(session.process().done).isEmpty();
        session.client.producers.forEach(Producer::resumeProducing);
        session.reactor.advance(Duration.ofMillis(100));
        assertThat(session.process().done).containsExactly("drain");
        session.reactor.advance(Duration.ofMillis(100));
        assertThat(session.process().done).containsExactly("drain", "abort");
    }

    @Test
    void outputThatNobodyHoldsEndsByItself() {
        TestSession session = TestSession.running("'drainTimeout':0");
        session.process().exits(ExitReason.of(0));
        session.reactor.advance(Duration.ofMillis(1));
        assertThat(session.process().done).containsExactly("drain");
        session.process().exitAndEnd(ExitReason.of(0));
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(session.process().done).doesNotContain("abort");
        assertThat(session.client.console()).doesNotContain("held open");
    }

    @Test
    void aClientThatIsGoneAndReadsNothingIsWaitedForTwoSecondsInAll() {
        TestSession session = TestSession.running();
        session.client.stopsReading();
        session.process().onSignal = signal -> session.process().exits(ExitReason.of(15));
        session.session().clientGone("end of stream");
        session.reactor.advance(Duration.ofMillis(999));
        assertThat(session.process().done).doesNotContain("abort");
        session.reactor.advance(Duration.ofMillis(1));
        assertThat(session.process().done).endsWith("drain", "abort");
        assertThat(session.client.console())
                .contains("the client does not read the program's output; what it has not taken is lost")
                .doesNotContain("held open");
        assertThat(session.closed).isFalse();
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(session.closed).isTrue();
    }

    @Test
    void aClientThatGoesAfterTheEndShortensTheWaitForIt() {
        TestSession session = TestSession.running("'drainTimeout':3600");
        session.client.stopsReading();
        session.process().exits(ExitReason.of(0));
        session.send("disconnect");
        session.process().descendants.clear();
        session.session().clientGone("end of stream");
        session.reactor.advance(Duration.ofSeconds(2));
        assertThat(session.closed).isTrue();
    }

    @Test
    void aClientThatGoesWhileItIsLetGoIsNotWaitedForAnyLonger() {
        TestSession session = TestSession.running();
        session.client.stopsReading();
        session.process().exitAndEnd(ExitReason.of(0));
        session.send("disconnect");
        session.reactor.advance(Duration.ofMillis(500));
        session.session().clientGone("end of stream");
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(session.closed).isTrue();
    }
}
