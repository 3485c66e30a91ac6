package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
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
}
