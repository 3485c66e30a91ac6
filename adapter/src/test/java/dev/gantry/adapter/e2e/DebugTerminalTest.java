package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.reverseRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient.ReverseAnswer;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Debugging a program that runs in a terminal of the client: a real one. On the oldest and the newest Python. */
@ExtendWith(LeakCheck.class)
class DebugTerminalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String READS = """
            import sys
            def double(n):
                twice = n * 2
                print("twice", twice)
                return twice

            print("terminal", sys.stdin.isatty(), sys.stdout.isatty())
            result = double(int(input("number ")))
            sys.exit(result)
            """;
    private static final String WAITS = """
            import sys, time
            try:
                ready = True
                while True:
                    time.sleep(0.01)
            except KeyboardInterrupt:
                print("interrupted")
                sys.exit(4)
            """;

    @TempDir
    private Path folder;

    static Stream<Python> pythons() {
        List<Python> all = Pythons.atLeast(3, 8);
        return Stream.of(all.get(0), all.get(all.size() - 1)).distinct();
    }

    private PythonSession session(String text, FakeTerminal... terminals) {
        PythonSession session = PythonSession.of(
                folder, text, Json.object("clientID", "gantry-test", "supportsRunInTerminalRequest", true));
        Iterator<FakeTerminal> next = List.of(terminals).iterator();
        session.adapter().client().onReverseRequest(request -> next.next().run(request));
        return session;
    }

    private static PythonSession launch(PythonSession session, Python python) {
        return session.launch(python, "console", "integratedTerminal");
    }

    private static void awaitScreen(FakeTerminal terminal, String part) {
        Processes.within(PATIENCE)
                .untilAsserted(() -> assertThat(terminal.screen()).contains(part));
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void stopsShowsStepsReadsTheTerminalAndEnds(Python python) throws IOException {
        try (FakeTerminal terminal = new FakeTerminal();
                PythonSession session = launch(session(READS, terminal), python)) {
            JsonObject verified = session.breakpoints(4).get(0).getAsJsonObject();
            assertThat(verified.get("verified").getAsBoolean()).isTrue();
            assertThat(terminal.screen()).isEmpty();
            session.go();
            awaitScreen(terminal, "terminal True True");
            awaitScreen(terminal, "number ");
            terminal.type("21\n");
            JsonObject stop = session.stopped("breakpoint");
            assertThat(stop.getAsJsonArray("hitBreakpointIds")).containsExactly(verified.get("id"));
            assertThat(session.frames())
                    .extracting(frame -> frame.get("name").getAsString() + ":" + frame.get("line"))
                    .containsExactly("double:4", "<module>:8");
            assertThat(session.local("twice")).isEqualTo("42");
            assertThat(channel(session)).doesNotExist();
            assertThat(channel(session).getParent()).doesNotExist();
            assertThat(session.step("next")).isEqualTo(5);
            awaitScreen(terminal, "twice 42");
            session.resume();
            session.ends(42);
            assertThat(session.stdout()).isEmpty();
            Processes.within(PATIENCE).until(() -> !terminal.isAlive());
        }
    }

    /** Where its agent has connected. */
    private static Path channel(PythonSession session) throws IOException {
        String command = Files.readString(
                Path.of("/proc/" + session.adapter().targetPid() + "/cmdline"), StandardCharsets.UTF_8);
        return Stream.of(command.split("\0"))
                .filter(word -> word.startsWith("unix:"))
                .map(word -> Path.of(word.substring("unix:".length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(command));
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void controlCWhileItIsStoppedIsRaisedWhenItGoesOn(Python python) {
        try (FakeTerminal terminal = new FakeTerminal();
                PythonSession session = launch(session(WAITS, terminal), python)) {
            session.breakpoints(3);
            session.go();
            session.stopped("breakpoint");
            terminal.type("\u0003");
            awaitScreen(terminal, "^C");
            assertThat(session.line()).isEqualTo(3);
            session.resume();
            session.ends(4);
            awaitScreen(terminal, "interrupted");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void terminateWhileItIsStoppedInterruptsIt(Python python) {
        try (FakeTerminal terminal = new FakeTerminal();
                PythonSession session = launch(session(WAITS, terminal), python)) {
            session.breakpoints(3);
            session.go();
            session.stopped("breakpoint");
            session.ask("terminate");
            session.ends(4);
            awaitScreen(terminal, "interrupted");
        }
    }

    @Test
    void aRestartRunsInATerminalOfItsOwn() {
        try (FakeTerminal first = new FakeTerminal();
                FakeTerminal second = new FakeTerminal();
                PythonSession session = launch(session(WAITS, first, second), Pythons.newest())) {
            session.breakpoints(3);
            session.go();
            session.stopped("breakpoint");
            session.ask("restart");
            session.stopped("breakpoint");
            awaitScreen(first, "interrupted");
            session.resume();
            second.type("\u0003");
            session.adapter().awaitTerminated();
            assertThat(session.timeline()
                            .exactlyOnce(event("exited"))
                            .body()
                            .get("exitCode")
                            .getAsInt())
                    .isEqualTo(4);
            session.ask("disconnect");
            awaitScreen(second, "interrupted");
        }
    }

    @Test
    void aDetachedProgramGoesOnInItsTerminal() {
        try (FakeTerminal terminal = new FakeTerminal();
                PythonSession session = launch(session(WAITS, terminal), Pythons.newest())) {
            session.breakpoints(3);
            session.go();
            session.stopped("breakpoint");
            long target = session.adapter().targetPid();
            session.ask("disconnect", "terminateDebuggee", false);
            assertThat(session.adapter().awaitExit()).isZero();
            assertThat(Processes.isAlive(target)).isTrue();
            terminal.type("\u0003");
            awaitScreen(terminal, "interrupted");
            Processes.within(PATIENCE).until(() -> !Processes.isAlive(target) && !terminal.isAlive());
        }
    }

    @Test
    void aProgramThatWasNotConfiguredIsEnded() {
        try (FakeTerminal terminal = new FakeTerminal();
                PythonSession session = launch(session(WAITS, terminal), Pythons.newest())) {
            session.breakpoints(3);
            long target = session.adapter().targetPid();
            session.ask("disconnect");
            assertThat(session.adapter().awaitExit()).isZero();
            Processes.within(PATIENCE).until(() -> !Processes.isAlive(target));
        }
    }

    @Test
    void whatAKilledAdapterHasLeftIsRemovedByTheNext() throws IOException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        AdapterCommand command = AdapterCommand.dap().withJvmOptions("-Djava.io.tmpdir=" + temporary);
        try (AdapterProcess first = AdapterProcess.start(command)) {
            first.client()
                    .ask("initialize", Json.object("clientID", "gantry-test", "supportsRunInTerminalRequest", true));
            first.client().onReverseRequest(request -> new ReverseAnswer.Success(new JsonObject()));
            first.client().send("launch", Json.object("code", "pass", "console", "integratedTerminal"));
            first.timeline().await(reverseRequest("runInTerminal"));
            assertThat(sockets(temporary)).hasSize(1);
            try (AdapterProcess beside = AdapterProcess.start(command)) {
                beside.initialize();
                beside.client().launch(Json.shell("sleep 1.5"));
                beside.awaitTerminated();
            }
            assertThat(sockets(temporary)).hasSize(1);
            first.process().destroyForcibly();
            first.process().onExit().join();
        }
        assertThat(sockets(temporary)).hasSize(1);
        try (AdapterProcess next = AdapterProcess.start(command)) {
            next.initialize();
            Processes.within(PATIENCE).until(() -> sockets(temporary).isEmpty());
        }
    }

    private static List<Path> sockets(Path temporary) throws IOException {
        try (Stream<Path> all = Files.list(temporary)) {
            return all.filter(file -> file.getFileName().toString().startsWith("gantry-agent-"))
                    .toList();
        }
    }

    @Test
    void whereTheTerminalDoesNotComeWhatWasAskedIsAnswered() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        try (PythonSession session = session(WAITS)) {
            session.adapter().client().onReverseRequest(request -> {
                try {
                    asked.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                return new ReverseAnswer.Failure("no terminal today");
            });
            JsonObject breakpoint = Json.object("line", 3);
            launch(session, Pythons.newest());
            session.timeline().await(reverseRequest("runInTerminal"));
            int waiting = session.adapter()
                    .client()
                    .send(
                            "setBreakpoints",
                            Json.object(
                                    "source",
                                    Json.object("path", session.file().toString()),
                                    "breakpoints",
                                    Json.array(breakpoint)));
            asked.countDown();
            Entry answer = session.adapter().client().answerTo(waiting);
            JsonArray breakpoints = answer.body().getAsJsonArray("breakpoints");
            assertThat(breakpoints).hasSize(1);
            assertThat(breakpoints.get(0).getAsJsonObject().get("verified").getAsBoolean())
                    .isFalse();
            assertThat(session.timeline().story()).contains("no terminal today");
            assertThat(session.timeline().all(event("process"))).isEmpty();
            session.ask("disconnect");
        }
    }
}
