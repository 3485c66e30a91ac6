package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Debugging through the portable backend, whose targets inherit nothing but three descriptors: the agent connects over loopback. On every
 * Python of this machine that can be debugged.
 */
@ExtendWith(LeakCheck.class)
class DebugPortablyTest {
    @TempDir
    private Path folder;

    static Stream<Python> pythons() {
        return Pythons.atLeast(3, 8).stream();
    }

    private PythonSession session(String text) {
        return PythonSession.of(
                folder, text, Json.object("clientID", "gantry-test", "adapterID", "gantry"), portable());
    }

    /** On a processor that the other backends do not know, as far as they can see. */
    private static AdapterCommand portable() {
        return AdapterCommand.dap().withJvmOptions("-Dos.arch=none-that-is-known");
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void stopsShowsStepsEvaluatesAndEnds(Python python) {
        try (PythonSession session = session(DebugRound.PROGRAM).launch(python)) {
            DebugRound.assertHolds(session, "\n");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void logMessagesKeepTheirPlaceAndExceptionsStop(Python python) {
        String text = "for i in range(3):\n    print('before', i)\n    x = i\n    print('after', i)\nint('x')\n";
        try (PythonSession session = session(text).launch(python)) {
            session.ask("setExceptionBreakpoints", "filters", Json.array("uncaught"));
            session.breakpoints(Json.array(Json.object("line", 3, "logMessage", "i is {i}")));
            session.go();
            session.stopped("exception");
            assertThat(session.stdout())
                    .isEqualTo("before 0\ni is 0\nafter 0\nbefore 1\ni is 1\nafter 1\nbefore 2\ni is 2\nafter 2\n");
            session.resume();
            session.ends(1);
            assertThat(session.timeline().output("stderr")).contains("ValueError: invalid literal");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aPausedProgramHearsThatItShouldEnd(Python python) {
        String text = """
                import signal, sys
                def leave(number, frame):
                    print('leaving', flush=True)
                    sys.exit(7)
                signal.signal(signal.SIGINT, leave)
                print('ready', flush=True)
                while True:
                    x = 1
                """;
        try (PythonSession session = session(text).launch(python).go()) {
            session.timeline().awaitOutput("stdout", "ready\n");
            session.ask("pause", "threadId", 1);
            session.stopped("pause");
            session.ask("terminate");
            session.ends(7);
            assertThat(session.stdout()).isEqualTo("ready\nleaving\n");
        }
    }

    @Test
    void aRestartStopsAgain() {
        try (PythonSession session = session(DebugRound.PROGRAM).launch(Pythons.newest())) {
            session.breakpoints(4);
            session.go();
            session.stopped("breakpoint");
            session.ask("restart");
            session.stopped("breakpoint");
            session.ask("terminate");
            session.adapter().awaitTerminated();
            assertThat(session.timeline().all(event("process"))).hasSize(2);
        }
    }
}
