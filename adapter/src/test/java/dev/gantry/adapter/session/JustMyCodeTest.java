package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What counts as the user's code is switched while the program runs. */
class JustMyCodeTest {
    private final TestSession session = TestSession.debugged();

    @Test
    void theAgentIsConfiguredAnew() {
        session.agent().hello();
        FakeClient.RecordedReply reply = session.send("gantry/justMyCode", "{'justMyCode':false}");
        assertThat(reply.succeeded).isTrue();
        assertThat(session.agent().asked).containsExactly("configure", "configure");
    }

    @Test
    void aWrongArgumentChangesNothing() {
        session.agent().hello();
        assertThat(session.send("gantry/justMyCode", "{'justMyCode':1}").message)
                .contains("justMyCode", "true or false");
        assertThat(session.send("gantry/justMyCode", "{}").message).contains("justMyCode");
        assertThat(session.agent().asked).containsExactly("configure");
    }

    @Test
    void aProgramThatIsNotDebuggedRefusesIt() {
        TestSession plain = new TestSession();
        plain.send("initialize");
        plain.launch(TestSession.DEBUGGED.replace("}", ",'noDebug':true}"));
        assertThat(plain.send("gantry/justMyCode", "{'justMyCode':false}").message)
                .isNotEmpty();
    }
}
