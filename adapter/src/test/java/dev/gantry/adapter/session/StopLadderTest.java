package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.Signal;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom the stop ladder's steps reach, and what is said of them afterwards. */
class StopLadderTest {
    private static void ignoresAllBut(TestSession session, Signal fatal, ExitReason end) {
        session.process().onSignal = signal -> {
            if (signal == fatal) {
                session.process().exitAndEnd(end);
            }
        };
    }

    @Test
    void everyPoliteStepGoesToTheTreeAndWakesIt() {
        TestSession session = TestSession.running("'stopLadder':['INT:1','TERM:1']");
        ignoresAllBut(session, Signal.KILL, ExitReason.of(9));
        session.send("terminate");
        assertThat(session.process().done).containsExactly("tree INT", "tree CONT");
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(session.process().done).containsExactly("tree INT", "tree CONT", "tree TERM", "tree CONT");
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(session.process().done).endsWith("tree CONT", "tree KILL");
    }

    @Test
    void whatTheTargetLeavesHasTheRestOfTheStepsTime() {
        TestSession session = TestSession.running();
        session.child(55, "helper");
        session.process().onSignal = signal -> session.process().exitAndEnd(ExitReason.of(0));
        session.send("terminate");
        session.reactor.advance(Duration.ofMillis(1900));
        assertThat(session.process().done).containsExactly("tree TERM", "tree CONT");
        session.process().descendants.clear();
        session.reactor.advance(Duration.ofMillis(50));
        assertThat(session.process().done).containsExactly("tree TERM", "tree CONT");
        assertThat(session.client.console()).contains("stopped by SIGTERM after");
    }

    /** The portable backend on Windows has SIGKILL alone, and an end by it is an exit code like others. */
    @Test
    void stepsThatTheBackendHasNotAreLeftOutWithoutAWait() {
        TestSession session = TestSession.running("'stopLadder':['INT:1','TERM:1']");
        session.reactor.capabilities.remove(Capability.EXACT_EXIT_REASON);
        session.process().unsupported.addAll(Set.of(Signal.INT, Signal.TERM, Signal.CONT));
        session.process().onSignal = signal -> session.process().exitAndEnd(ExitReason.ofCode(1));
        session.send("terminate");
        session.reactor.advance(Duration.ofMillis(1));
        assertThat(session.process().done).containsExactly("tree KILL");
        assertThat(session.client.console())
                .contains("SIGINT is left out: the fake backend cannot send it")
                .contains("SIGTERM is left out")
                .contains("stopped by SIGKILL after");
    }

    @Test
    void whereTreesCannotBeSeenTheGroupIsSignalled() {
        TestSession session = new TestSession();
        session.reactor.capabilities.remove(Capability.PROCESS_TREE);
        session.send("initialize");
        session.launch("{'program':'/bin/cat','cwd':'/'}");
        ignoresAllBut(session, Signal.KILL, ExitReason.of(9));
        session.send("terminate");
        session.reactor.advance(Duration.ofSeconds(2));
        assertThat(session.process().done).containsExactly("group TERM", "group CONT", "group KILL");
    }

    /** The step that is under way when the end is seen need not be the one that worked. */
    @Test
    void theSignalThatItDiedOfIsTheStepThatWorked() {
        TestSession session = TestSession.running("'stopLadder':['INT:1','TERM:1']");
        ignoresAllBut(session, Signal.KILL, ExitReason.of(15));
        session.send("terminate");
        session.reactor.advance(Duration.ofSeconds(2));
        assertThat(session.client.console())
                .contains("stopped by SIGTERM after")
                .contains("killed by SIGTERM (15)")
                .doesNotContain("SIGKILL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0    | stopped by SIGTERM after",
                "1280 | stopped by SIGTERM after",
                "11   | died of SIGSEGV while it was being stopped, after",
                "9    | stopped by SIGKILL after"
            })
    void anEndAtSigkillIsToldAsWhatItWas(int status, String told) {
        TestSession session = TestSession.running();
        ignoresAllBut(session, Signal.KILL, ExitReason.of(status));
        session.send("terminate");
        session.reactor.advance(Duration.ofSeconds(2));
        assertThat(session.client.console()).contains(told);
    }

    @Test
    void anExitWithoutAPoliteStepIsItsOwn() {
        TestSession session = TestSession.running("'stopLadder':[]");
        ignoresAllBut(session, Signal.KILL, ExitReason.of(0));
        session.send("terminate");
        assertThat(session.client.console())
                .contains("ended by itself while it was being stopped, after")
                .doesNotContain("stopped by");
    }

    @Test
    void whatTheTargetHadStartedMayNeedAnotherStep() {
        TestSession session = TestSession.running();
        session.child(55, "stubborn");
        session.process().onSignal = signal -> session.process().exitAndEnd(ExitReason.of(15));
        session.send("terminate");
        session.reactor.advance(Duration.ofSeconds(3));
        assertThat(session.client.console()).contains("stopped by SIGTERM, what it had started by SIGKILL after");
    }

    @Test
    void aTargetThatHadEndedBeforeWasNotStopped() {
        TestSession session = TestSession.running();
        session.child(55, "holder");
        session.process().exits(ExitReason.of(3 << 8));
        session.send("terminate");
        session.process().descendants.clear();
        session.reactor.advance(Duration.ofSeconds(3));
        assertThat(session.client.console())
                .contains("the program had ended by itself; what it had started was stopped by SIGTERM after");
    }

    @Test
    void nothingIsStoppedOfATargetThatHadEndedAndWhoseTreeIsNeverEnded() {
        TestSession session = TestSession.running("'killTree':'never'");
        session.child(55, "holder");
        session.process().exits(ExitReason.of(3 << 8));
        session.send("terminate");
        session.reactor.advance(Duration.ofSeconds(3));
        assertThat(session.process().done).doesNotContain("process TERM", "tree TERM");
        assertThat(session.client.console())
                .contains("the program had ended by itself; what it may have started is left alone")
                .doesNotContain("stopped by");
    }

    @Test
    void aTargetThatCannotBeEndedIsNamedWithoutATree() {
        TestSession session = TestSession.running("'killTree':'never'");
        session.process().onSignal = signal -> {};
        session.send("terminate");
        session.reactor.advance(Duration.ofSeconds(10));
        assertThat(session.client.console())
                .contains("not stopped, even by SIGKILL")
                .contains(": pid 1000");
    }
}
