package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What requests are told that cannot be carried out: what is true, and what to do. */
class AnswersTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "[1]", "true"})
    void aSignalOfAWrongTypeIsShown(String signal) {
        TestSession session = TestSession.running();
        assertThat(session.send("gantry/signal", "{'signal':" + signal + "}").message)
                .isEqualTo("argument 'signal' of 'gantry/signal' must be a name or a number, not " + signal);
        assertThat(session.send("gantry/signal", "{'signal':null}").message).endsWith("is missing");
        assertThat(session.process().done).isEmpty();
    }

    @Test
    void whatIsToBeWrittenIsSaidInOneWay() {
        TestSession session = TestSession.running();
        assertThat(session.send("gantry/write", "{'text':'a','base64':'YQ=='}").message)
                .isEqualTo("'gantry/write': give it 'text' or 'base64', not both");
        assertThat(session.send("gantry/write").message).contains("needs one of the arguments 'text' and 'base64'");
        assertThat(session.process().stdin).isEmpty();
    }

    @Test
    void inputThatTheProgramHasClosedIsSaidToBe() {
        TestSession session = TestSession.running();
        FakeClient.RecordedReply write = pendingWrite(session);
        session.process().input().stopProducing();
        assertThat(write.message).isEqualTo("the program has closed its standard input, or has ended");
    }

    @Test
    void inputThatADetachedProgramHadNotReadIsSaidToBeLost() {
        TestSession session = TestSession.running();
        FakeClient.RecordedReply write = pendingWrite(session);
        session.send("disconnect", "{'terminateDebuggee':false}");
        assertThat(write.message).isEqualTo("the program was left running; what it has not read by then is lost");
    }

    @ParameterizedTest
    @ValueSource(strings = {"restart", "terminate"})
    void inputThatAStoppedProgramHadNotReadIsSaidToBe(String how) {
        TestSession session = TestSession.running();
        FakeClient.RecordedReply write = pendingWrite(session);
        session.send(how);
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(write.message).isEqualTo("the program was stopped before it had read everything");
    }

    @Test
    void inputThatAProgramHadNotReadWhenItEndedIsSaidToBe() {
        TestSession session = TestSession.running();
        FakeClient.RecordedReply write = pendingWrite(session);
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(write.message).isEqualTo("the program has ended before it had read everything");
    }

    /** Whatever else is in it: a client that has sent one is leaving. */
    @ParameterizedTest
    @ValueSource(
            strings = {"'terminateDebuggee':1", "'terminateDebuggee':[]", "'suspendDebuggee':'x'", "'restart':'x'"})
    void aDisconnectEndsTheSessionWhateverIsInIt(String argument) {
        TestSession session = TestSession.running();
        FakeClient.RecordedReply disconnect = session.send("disconnect", "{" + argument + "}");
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(disconnect.succeeded).isTrue();
        assertThat(session.process().done).contains("tree TERM").doesNotContain("detach");
        assertThat(session.closed).isTrue();
    }

    private static FakeClient.RecordedReply pendingWrite(TestSession session) {
        assertThat(session.send("gantry/write", "{'text':'a'}").succeeded).isTrue();
        session.process().input().pauseProducing();
        FakeClient.RecordedReply write = session.send("gantry/write", "{'text':'b'}");
        assertThat(write.isOpen()).isTrue();
        return write;
    }
}
