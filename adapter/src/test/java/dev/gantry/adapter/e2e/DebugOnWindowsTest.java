package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debugging a Python for Windows, which is found on PATH. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
class DebugOnWindowsTest {
    @TempDir
    private Path folder;

    private PythonSession session(String text) {
        return PythonSession.of(folder, text);
    }

    private static String source(JsonObject frame) {
        return frame.getAsJsonObject("source").get("path").getAsString();
    }

    @Test
    void stopsShowsStepsEvaluatesAndEnds() {
        try (PythonSession session = session(DebugRound.PROGRAM).launch(Pythons.newest())) {
            DebugRound.assertHolds(session, "\r\n");
        }
    }

    @Test
    void aFileIsTheSameInAnySpellingAndIsShownAsTheClientSpellsIt() {
        try (PythonSession session = session(DebugRound.PROGRAM).launch(Pythons.newest())) {
            String spelled = session.file().toString().toUpperCase(Locale.ROOT).replace('\\', '/');
            JsonObject answer = session.ask(
                    "setBreakpoints",
                    "source",
                    Json.object("path", spelled),
                    "breakpoints",
                    Json.array(Json.object("line", 4)));
            JsonObject set = answer.getAsJsonArray("breakpoints").get(0).getAsJsonObject();
            assertThat(set.get("verified").getAsBoolean()).isTrue();
            session.go();
            session.stopped("breakpoint");
            assertThat(source(session.frames().get(0))).isEqualTo(spelled);
            session.resume();
            session.ends(3);
        }
    }

    @Test
    void modulesAndTextStopOnEntryWithTheirArguments() {
        String python = Pythons.newest().executable().toString();
        JsonObject more = Json.object("python", python, "stopOnEntry", true, "args", Json.array("a \"b\"", "ž漢\\"));
        String code = "import sys\nprint(ascii(sys.argv[1:]), \"said\")\n";
        for (String kind : List.of("module", "code")) {
            try (PythonSession session = session(code)) {
                session.launch(Json.with(more, kind, kind.equals("code") ? code : "program", "cwd", folder.toString()));
                session.go();
                session.stopped("entry");
                assertThat(session.line()).isEqualTo(1);
                session.resume();
                session.ends(0);
                assertThat(session.stdout()).isEqualTo("['a \"b\"', '\\u017e\\u6f22\\\\'] said\r\n");
            }
        }
    }

    @Test
    void urisAreTheClientsWay() {
        JsonObject initialize = Json.object("adapterID", "gantry", "pathFormat", "uri");
        try (PythonSession session =
                PythonSession.of(folder, DebugRound.PROGRAM, initialize).launch(Pythons.newest())) {
            String uri = session.file().toUri().toString();
            session.ask(
                    "setBreakpoints",
                    "source",
                    Json.object("path", uri),
                    "breakpoints",
                    Json.array(Json.object("line", 4)));
            session.go();
            session.stopped("breakpoint");
            assertThat(source(session.frames().get(0))).isEqualTo(uri);
            session.resume();
            session.ends(3);
        }
    }

    @Test
    void logMessagesKeepTheirPlaceAndExceptionsStop() {
        String text = "for i in range(3):\n    print('before', i)\n    x = i\n    print('after', i)\nint('x')\n";
        try (PythonSession session = session(text).launch(Pythons.newest())) {
            session.ask("setExceptionBreakpoints", "filters", Json.array("uncaught"));
            session.breakpoints(Json.array(Json.object("line", 3, "logMessage", "i is {i}")));
            session.go();
            session.stopped("exception");
            assertThat(session.ask("exceptionInfo", "threadId", 1).toString()).contains("invalid literal");
            assertThat(session.stdout().replace("\r\n", "\n"))
                    .isEqualTo("before 0\ni is 0\nafter 0\nbefore 1\ni is 1\nafter 1\nbefore 2\ni is 2\nafter 2\n");
            session.resume();
            session.ends(1);
            assertThat(session.timeline().output("stderr")).contains("ValueError: invalid literal");
        }
    }

    @Test
    void whatWasPrintedBeforeAStopComesBeforeIt() {
        String text = "import sys\nfor i in range(300):\n    print('line', i)\nsys.stderr.write('error')\nx = 1\n";
        try (PythonSession session = session(text).launch(Pythons.newest())) {
            session.breakpoints(5);
            session.go();
            session.stopped("breakpoint");
            assertThat(session.stdout()).endsWith("line 299\r\n");
            assertThat(session.timeline().output("stderr")).isEqualTo("error");
            session.resume();
            session.ends(0);
        }
    }

    /** What waits is found where it is, and its last words are those of its handler. */
    @Test
    void pauseStopsALoopAndASleepAndAStopIsKeyboardInterrupt() {
        for (String doing : List.of("x = 1", "time.sleep(0.01)", "time.sleep(60)")) {
            String text = """
                    import sys, time
                    print('ready')
                    try:
                        while True:
                            %s
                    except KeyboardInterrupt:
                        print('interrupted')
                        sys.exit(4)
                    """.formatted(doing);
            try (PythonSession session = session(text)
                    .launch(Pythons.newest(), "stopLadder", Json.array("SIGINT:15"))
                    .go()) {
                session.timeline().awaitOutput("stdout", "ready\r\n");
                session.ask("pause", "threadId", 1);
                session.stopped("pause");
                assertThat(session.line()).isBetween(4, 5);
                session.ask("terminate");
                session.ends(4);
                assertThat(session.stdout()).isEqualTo("ready\r\ninterrupted\r\n");
                assertThat(session.timeline().output("console")).contains("stopped by SIGINT after");
            }
        }
    }

    /** The handler comes before anything else that the program would do. */
    @Test
    void stoppedAtABreakpointItHearsThatItShouldEndBeforeItGoesOn() {
        String text = """
                import signal, sys
                def leave(number, frame):
                    print('leaving')
                    sys.exit(7)
                signal.signal(signal.SIGINT, leave)
                for i in range(1000):
                    x = i
                    print('after', i)
                """;
        try (PythonSession session = session(text).launch(Pythons.newest(), "stopLadder", Json.array("SIGINT:15"))) {
            session.breakpoints(7);
            session.go();
            session.stopped("breakpoint");
            session.ask("terminate");
            session.ends(7);
            assertThat(session.stdout()).isEqualTo("leaving\r\n");
            session.timeline().inOrder(event("stopped"), event("continued"), event("exited"), response("terminate"));
        }
    }

    @Test
    void aRestartStopsAtTheSameBreakpointAgain() {
        try (PythonSession session = session(DebugRound.PROGRAM).launch(Pythons.newest())) {
            session.breakpoints(4);
            session.go();
            session.stopped("breakpoint");
            session.ask("restart");
            session.stopped("breakpoint");
            assertThat(session.local("twice")).isEqualTo("42");
            session.ask("terminate");
            session.adapter().awaitTerminated();
            assertThat(session.timeline().all(event("process"))).hasSize(2);
        }
    }

    @Test
    void aProgramThatIsNeverConfiguredEndsAtOnceWithoutHavingRun() {
        try (PythonSession session = session("print('ran')\n").launch(Pythons.newest())) {
            session.breakpoints(1);
            session.ask("terminate");
            session.adapter().awaitTerminated();
            assertThat(session.stdout()).isEmpty();
        }
    }

    @Test
    void whatIsTypedIsInputWhileItRunsAndEvaluatedWhileItIsStopped() {
        String text = "print('ready')\nline = input()\nprint('got', line)\n";
        try (PythonSession session = session(text).launch(Pythons.newest())) {
            session.breakpoints(3);
            session.go();
            session.timeline().awaitOutput("stdout", "ready\r\n");
            session.evaluate("6 * 7", "context", "repl");
            session.stopped("breakpoint");
            int frame = session.frames().get(0).get("id").getAsInt();
            assertThat(session.evaluate("line", "context", "repl", "frameId", frame))
                    .isEqualTo("'6 * 7'");
            session.resume();
            session.ends(0);
            assertThat(session.stdout()).endsWith("got 6 * 7\r\n");
        }
    }

    @Test
    void threadsAreHeldAndShownAndOneOfThemSteps() {
        String text = """
                import threading
                def work():
                    x = 1
                    y = 2
                threads = [threading.Thread(target=work, name='worker')]
                threads[0].start()
                threads[0].join()
                """;
        try (PythonSession session = session(text).launch(Pythons.newest())) {
            session.breakpoints(3);
            session.go();
            int thread = session.stopped("breakpoint").get("threadId").getAsInt();
            assertThat(session.ask("threads").toString()).contains("MainThread", "worker");
            session.ask("next", "threadId", thread);
            session.stopped("step");
            session.ask("continue", "threadId", thread);
            session.ends(0);
        }
    }

    @Test
    void nothingOfADebuggedProgramOutlivesAKilledAdapter() {
        try (PythonSession session = session(DebugRound.PROGRAM).launch(Pythons.newest())) {
            session.breakpoints(4);
            session.go();
            session.stopped("breakpoint");
            long pid = session.adapter().targetPid();
            assertThat(Processes.isAlive(pid)).isTrue();
            session.adapter().process().destroyForcibly();
            Processes.within(Duration.ofSeconds(5)).until(() -> !Processes.isAlive(pid));
        }
    }
}
