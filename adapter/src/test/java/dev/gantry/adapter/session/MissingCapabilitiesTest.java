package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client is told where the backend has less: what to change, and never what the code calls it. */
class MissingCapabilitiesTest {
    private TestSession session = new TestSession();

    @BeforeEach
    void start() {
        session = new TestSession();
        session.reactor.capabilities.removeAll(
                List.of(Capability.PTY, Capability.ALL_SIGNALS, Capability.TERMINAL_LAUNCH, Capability.PROCESS_GROUP));
        session.send("initialize", "{'clientID':'test','supportsRunInTerminalRequest':true}");
    }

    private void launch() {
        session.launch("{'program':'/bin/cat','cwd':'/'}");
        session.process().unsupported.addAll(List.of(Signal.STOP, Signal.HUP));
    }

    private String refusal(Capability capability) {
        session.reactor.nextStartLacks =
                new UnsupportedCapabilityException("windows", capability, "descriptor 3 of the child");
        FakeClient.RecordedReply launch = session.send("launch", "{'program':'/bin/cat','cwd':'/'}");
        session.send("configurationDone");
        assertThat(launch.succeeded).isFalse();
        return launch.message;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TERMINAL_LAUNCH | starts no program in a terminal of the client: set 'console' to "internalConsole"
            PTY | has no pseudo-terminals: leave 'tty' out (--tty of gantry run)
            ANY_CHILD_FDS | cannot have descriptor 3 of the child: change 'stdio'
            """)
    void aLaunchIsToldWhatToChange(Capability capability, String words) {
        assertThat(refusal(capability)).isEqualTo("the program could not be started: the windows backend " + words);
    }

    @ParameterizedTest
    @EnumSource(Capability.class)
    void noRefusalHasTheNameOfAConstant(Capability capability) {
        assertThat(refusal(capability)).contains("the windows backend").doesNotContain(capability.name());
    }

    @Test
    void aClientWithoutTerminalsIsNotSentToAPseudoTerminal() {
        TestSession plain = new TestSession();
        plain.reactor.capabilities.remove(Capability.PTY);
        plain.send("initialize", "{'clientID':'test'}");
        plain.launch("{'program':'/bin/cat','cwd':'/','console':'integratedTerminal'}");
        assertThat(plain.client.console())
                .contains("the internal console is used")
                .doesNotContain("tty");
    }

    @Test
    void whoResizesIsNotSentToAPseudoTerminal() {
        launch();
        assertThat(session.send("gantry/resize", "{'columns':80,'rows':24}").message)
                .contains("no pseudo-terminals on this platform")
                .doesNotContain("\"tty\"");
    }

    @Test
    void whereNothingPausesNobodyIsToldToPause() {
        launch();
        assertThat(session.send("pause").message)
                .isEqualTo("'pause' is not supported: the fake backend cannot pause programs");
        assertThat(session.send("stackTrace").message)
                .contains("none can be paused on this platform")
                .doesNotContain("pause it first");
    }

    @Test
    void theSignalsThatAreNamedAreThoseThatThereAre() {
        launch();
        assertThat(session.send("gantry/signal", "{'signal':'SIGFOO'}").message)
                .contains("no signal is named 'SIGFOO'; there are SIGINT, SIGTERM and SIGKILL");
        assertThat(session.send("gantry/signal", "{'signal':'SIGHUP'}").message)
                .contains("the fake backend cannot send SIGHUP")
                .doesNotContain("ALL_SIGNALS");
    }
}
