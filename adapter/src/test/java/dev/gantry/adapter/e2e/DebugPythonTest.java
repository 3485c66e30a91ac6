package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Debugging real programs on every Python of this machine that can be debugged. What the agent does is tested beside it. */
@ExtendWith(LeakCheck.class)
class DebugPythonTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String FUNCTION = """
            def double(n):
                twice = n * 2
                print("twice", twice)
                return twice

            result = double(21)
            print("result", result)
            """;
    private static final String LOOP = """
            import time
            print("ready", flush=True)
            n = 0
            while True:
                n += 1
                time.sleep(0.01)
            """;

    @TempDir
    private Path folder;

    static Stream<Python> pythons() {
        return Pythons.atLeast(3, 8).stream();
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void stopsAtABreakpointShowsWhereAndWhatStepsAndEnds(Python python) {
        try (PythonSession session = PythonSession.of(folder, FUNCTION).launch(python)) {
            JsonObject verified = session.breakpoints(3).get(0).getAsJsonObject();
            assertThat(verified.get("verified").getAsBoolean()).isTrue();
            session.go();
            JsonObject stop = session.stopped("breakpoint");
            assertThat(stop.get("allThreadsStopped").getAsBoolean()).isTrue();
            assertThat(stop.getAsJsonArray("hitBreakpointIds")).containsExactly(verified.get("id"));
            assertThat(session.frames())
                    .extracting(frame -> frame.get("name").getAsString() + ":" + frame.get("line"))
                    .containsExactly("double:3", "<module>:6");
            assertThat(session.frames()
                            .get(0)
                            .getAsJsonObject("source")
                            .get("path")
                            .getAsString())
                    .isEqualTo(session.file().toString());
            assertThat(session.local("twice")).isEqualTo("42");
            assertThat(session.step("next")).isEqualTo(4);
            assertThat(session.stdout()).isEqualTo("twice 42\n");
            assertThat(session.step("stepOut")).isEqualTo(6);
            assertThat(session.step("next")).isEqualTo(7);
            session.resume();
            session.ends(0);
            assertThat(session.stdout()).isEqualTo("twice 42\nresult 42\n");
            session.timeline().inOrder(response("next"), output("stdout"), event("stopped"));
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void withoutAnyStopItRunsAsItWould(Python python) {
        try (PythonSession session = PythonSession.of(folder, "import sys\nprint(sys.argv[1:])\nsys.exit(3)\n")
                .launch(python, "args", Json.array("a", "b c"))
                .go()) {
            session.ends(3);
            assertThat(session.stdout()).isEqualTo("['a', 'b c']\n");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void breakpointsAndFiltersFromBeforeTheLaunchHold(Python python) {
        try (PythonSession session = PythonSession.of(folder, FUNCTION)) {
            JsonObject pending = session.breakpoints(2).get(0).getAsJsonObject();
            assertThat(pending.get("verified").getAsBoolean()).isFalse();
            session.ask("configurationDone");
            session.launch(python);
            Entry changed = session.adapter().client().awaitEvent("breakpoint");
            JsonObject verified = changed.body().getAsJsonObject("breakpoint");
            assertThat(verified.get("id")).isEqualTo(pending.get("id"));
            assertThat(verified.get("verified").getAsBoolean()).isTrue();
            assertThat(session.stopped("breakpoint").getAsJsonArray("hitBreakpointIds"))
                    .containsExactly(pending.get("id"));
            session.resume();
            session.ends(0);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void whatWasPrintedBeforeAStopComesBeforeIt(Python python) {
        String text = "import sys\nfor i in range(300):\n    print('line', i)\nsys.stderr.write('error')\nx = 1\n";
        try (PythonSession session = PythonSession.of(folder, text).launch(python)) {
            session.breakpoints(5);
            session.go();
            session.stopped("breakpoint");
            assertThat(session.stdout()).endsWith("line 299\n");
            assertThat(session.timeline().output("stderr")).isEqualTo("error");
            session.resume();
            session.ends(0);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aLogMessageKeepsItsPlaceInTheOutput(Python python) {
        String text = "for i in range(3):\n    print('before', i)\n    x = i\n    print('after', i)\n";
        try (PythonSession session = PythonSession.of(folder, text).launch(python)) {
            session.breakpoints(Json.array(Json.object("line", 3, "logMessage", "i is {i}")));
            session.go();
            session.ends(0);
            assertThat(session.stdout())
                    .isEqualTo("before 0\ni is 0\nafter 0\nbefore 1\ni is 1\nafter 1\nbefore 2\ni is 2\nafter 2\n");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void anUncaughtExceptionIsShownBeforeTheEnd(Python python) {
        try (PythonSession session = PythonSession.of(folder, "def f():\n    raise ValueError('odd')\nf()\n")
                .launch(python)) {
            session.ask("setExceptionBreakpoints", "filters", Json.array("uncaught"));
            session.go();
            assertThat(session.stopped("exception").toString()).contains("ValueError");
            JsonObject info = session.ask("exceptionInfo", "threadId", 1);
            assertThat(info.toString()).contains("ValueError", "odd");
            session.resume();
            session.ends(1);
            assertThat(session.timeline().output("stderr")).contains("ValueError: odd");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void pauseStopsALoopAndTheProgramGoesOn(Python python) {
        try (PythonSession session =
                PythonSession.of(folder, LOOP).launch(python).go()) {
            session.timeline().awaitOutput("stdout", "ready\n");
            session.ask("pause", "threadId", 1);
            session.stopped("pause");
            session.timeline().inOrder(response("pause"), event("stopped"));
            assertThat(Integer.parseInt(session.evaluate("n", "context", "repl", "frameId", topFrame(session))))
                    .isNotNegative();
            session.resume();
            session.ask("terminate");
            session.adapter().awaitTerminated();
        }
    }

    @Test
    void nativeCodeThatLetsNobodyElseRunIsSaidToBeRunning() {
        String text = """
                import ctypes
                print("ready", flush=True)
                ctypes.PyDLL(None).sleep(3)
                while True:
                    x = 1
                """;
        try (PythonSession session =
                PythonSession.of(folder, text).launch(Pythons.newest()).go()) {
            session.timeline().awaitOutput("stdout", "ready\n");
            session.ask("pause", "threadId", 1);
            assertThat(session.ask("threads").getAsJsonArray("threads")).isNotEmpty();
            session.timeline().awaitOutput("console", "running native code");
            session.stopped("pause");
            session.timeline().inOrder(response("pause"), response("threads"), output("console"), event("stopped"));
            session.ask("terminate");
            session.adapter().awaitTerminated();
        }
    }

    private static int topFrame(PythonSession session) {
        return session.frames().get(0).get("id").getAsInt();
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void whatIsTypedIsInputWhileItRunsAndEvaluatedWhileItIsStopped(Python python) {
        String text = """
                print('ready', flush=True)
                line = input()
                print('got', line, flush=True)
                rest = input()
                print('rest', rest)
                """;
        try (PythonSession session = PythonSession.of(folder, text).launch(python)) {
            session.breakpoints(3);
            session.go();
            session.timeline().awaitOutput("stdout", "ready\n");
            session.evaluate("6 * 7", "context", "repl");
            session.stopped("breakpoint");
            assertThat(session.evaluate("line", "context", "repl", "frameId", topFrame(session)))
                    .isEqualTo("'6 * 7'");
            session.evaluate(">typed ahead", "context", "repl");
            session.resume();
            session.ends(0);
            assertThat(session.stdout()).endsWith("got 6 * 7\nrest typed ahead\n");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void stoppedAtABreakpointItHearsThatItShouldEnd(Python python) {
        String text = """
                import signal, sys
                def leave(number, frame):
                    print('leaving', flush=True)
                    sys.exit(7)
                signal.signal(signal.SIGTERM, leave)
                signal.signal(signal.SIGINT, leave)
                while True:
                    x = 1
                """;
        try (PythonSession session = PythonSession.of(folder, text).launch(python)) {
            session.breakpoints(8);
            session.go();
            session.stopped("breakpoint");
            session.ask("terminate");
            session.ends(7);
            assertThat(session.stdout()).isEqualTo("leaving\n");
            session.timeline().inOrder(event("stopped"), event("continued"), event("exited"), response("terminate"));
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aRestartStopsAtTheSameBreakpointUnderTheSameNumber(Python python) {
        try (PythonSession session = PythonSession.of(folder, FUNCTION).launch(python)) {
            JsonArray set = session.breakpoints(3);
            session.go();
            session.stopped("breakpoint");
            long first = session.adapter().targetPid();
            session.ask("restart");
            JsonObject again = session.stopped("breakpoint");
            assertThat(session.adapter().targetPid()).isNotEqualTo(first);
            assertThat(again.getAsJsonArray("hitBreakpointIds"))
                    .containsExactly(set.get(0).getAsJsonObject().get("id"));
            assertThat(session.local("twice")).isEqualTo("42");
            session.resume();
            session.adapter().awaitTerminated();
            assertThat(session.stdout()).isEqualTo("twice 42\nresult 42\n");
            assertThat(session.timeline()
                            .exactlyOnce(event("exited"))
                            .body()
                            .get("exitCode")
                            .getAsInt())
                    .isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void detachedAtABreakpointItGoesOnAlone(Python python) {
        String text = """
                import os, time
                x = 1
                open('started', 'w').close()
                while not os.path.exists('end'):
                    time.sleep(0.01)
                open('ended', 'w').close()
                """;
        try (PythonSession session = PythonSession.of(folder, text).launch(python, "cwd", folder.toString())) {
            session.breakpoints(2, 6);
            session.go();
            session.stopped("breakpoint");
            long pid = session.adapter().targetPid();
            session.ask("disconnect", "terminateDebuggee", false);
            session.adapter().awaitExit();
            Processes.within(PATIENCE)
                    .until(() -> folder.resolve("started").toFile().exists());
            assertThat(folder.resolve("end").toFile().mkdir()).isTrue();
            Processes.within(PATIENCE)
                    .until(() -> folder.resolve("ended").toFile().exists());
            Processes.within(PATIENCE).until(() -> !Processes.isAlive(pid));
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aProgramThatIsNeverConfiguredEndsAtOnceWithoutHavingRun(Python python) {
        try (PythonSession session = PythonSession.of(folder, "print('ran')\n").launch(python)) {
            session.breakpoints(1);
            session.ask("terminate");
            session.adapter().awaitTerminated();
            assertThat(session.stdout()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void linesAndColumnsFromZeroAndUrisAreTheClientsWay(Python python) {
        JsonObject initialize = Json.object(
                "adapterID", "gantry", "linesStartAt1", false, "columnsStartAt1", false, "pathFormat", "uri");
        try (PythonSession session =
                PythonSession.of(folder, FUNCTION, initialize).launch(python)) {
            String uri = session.file().toUri().toString();
            JsonObject breakpoint = session.ask(
                            "setBreakpoints",
                            "source",
                            Json.object("path", uri),
                            "breakpoints",
                            Json.array(Json.object("line", 2)))
                    .getAsJsonArray("breakpoints")
                    .get(0)
                    .getAsJsonObject();
            assertThat(breakpoint.get("verified").getAsBoolean()).isTrue();
            assertThat(breakpoint.get("line").getAsInt()).isEqualTo(2);
            session.go();
            session.stopped("breakpoint");
            JsonObject frame = session.frames().get(0);
            assertThat(frame.get("line").getAsInt()).isEqualTo(2);
            assertThat(frame.getAsJsonObject("source").get("path").getAsString())
                    .isEqualTo(uri);
            session.resume();
            session.ends(0);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void noDebugStopsNowhere(Python python) {
        try (PythonSession session = PythonSession.of(folder, FUNCTION).launch(python, "noDebug", true)) {
            assertThat(session.breakpoints(3)
                            .get(0)
                            .getAsJsonObject()
                            .get("verified")
                            .getAsBoolean())
                    .isFalse();
            session.go();
            session.ends(0);
            session.timeline().never(event("stopped"));
        }
    }
}
