package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.reverseRequest;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient.ReverseAnswer;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Targets in a terminal of the client: a real one, which the client's answer says nothing about. */
@ExtendWith(LeakCheck.class)
class TerminalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LOOP = "echo ready; while :; do sleep 0.05; done";

    @TempDir
    private Path directory;

    private JsonObject inTerminal(String script) {
        return Json.with(
                Json.shell(script),
                "console",
                "integratedTerminal",
                "consoleTitle",
                "a title",
                "cwd",
                directory.toString(),
                "env",
                Json.object("IN_TERMINAL", "it's here"));
    }

    private static AdapterProcess adapter(FakeTerminal terminal) {
        AdapterProcess adapter = AdapterProcess.start();
        adapter.client().onReverseRequest(terminal::run);
        adapter.client().ask("initialize", Json.object("clientID", "test", "supportsRunInTerminalRequest", true));
        return adapter;
    }

    private static void awaitScreen(FakeTerminal terminal, String part) {
        Processes.within(PATIENCE)
                .untilAsserted(() -> assertThat(terminal.screen()).contains(part));
    }

    private static void assertExited(Timeline timeline, int code) {
        Entry exited = timeline.await(event("exited"));
        timeline.await(event("terminated"));
        assertThat(exited.body().get("exitCode").getAsInt())
                .as(timeline.story())
                .isEqualTo(code);
        Ends.assertInOrder(timeline);
    }

    @Test
    void aTargetRunsInTheTerminalAndItsExitCodeIsTold() {
        try (FakeTerminal terminal = new FakeTerminal();
                AdapterProcess adapter = adapter(terminal)) {
            adapter.launch(inTerminal("[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo terminal; pwd; echo \"$IN_TERMINAL\";"
                    + " read line; echo \"got $line\"; exit 7"));
            awaitScreen(terminal, "it's here");
            awaitScreen(terminal, directory.toString());
            awaitScreen(terminal, "terminal");
            assertThat(terminal.request().get("kind").getAsString()).isEqualTo("integrated");
            assertThat(terminal.request().get("title").getAsString()).isEqualTo("a title");
            assertThat(Processes.isAlive(adapter.targetPid())).isTrue();
            terminal.type("hello\n");
            assertExited(adapter.timeline(), 7);
            awaitScreen(terminal, "got hello");
            assertThat(adapter.timeline().output("stdout")).isEmpty();
            assertThat(adapter.timeline().output("console")).contains("exit code 7");
            Processes.within(PATIENCE).until(() -> !terminal.isAlive());
        }
    }

    @Test
    void controlCReachesTheTargetAndNotItsStarter() {
        try (FakeTerminal terminal = new FakeTerminal();
                AdapterProcess adapter = adapter(terminal)) {
            adapter.launch(inTerminal("trap 'echo interrupted; exit 4' INT; " + LOOP));
            awaitScreen(terminal, "ready");
            terminal.type("\u0003");
            assertExited(adapter.timeline(), 4);
            awaitScreen(terminal, "interrupted");
        }
    }

    @Test
    void terminateStopsATargetInTheTerminal() {
        try (FakeTerminal terminal = new FakeTerminal();
                AdapterProcess adapter = adapter(terminal)) {
            adapter.launch(inTerminal("trap 'echo terminated; exit 6' TERM; " + LOOP));
            awaitScreen(terminal, "ready");
            adapter.client().ask("terminate", null);
            assertExited(adapter.timeline(), 6);
            awaitScreen(terminal, "terminated");
        }
    }

    @Test
    void disconnectStopsATargetInTheTerminal() {
        try (FakeTerminal terminal = new FakeTerminal();
                AdapterProcess adapter = adapter(terminal)) {
            adapter.launch(inTerminal("exec sleep 69"));
            long target = adapter.targetPid();
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
            assertThat(Processes.isAlive(target)).isFalse();
        }
    }

    @Test
    void whatIsNeverEndedIsNamed() {
        try (FakeTerminal terminal = new FakeTerminal();
                AdapterProcess adapter = adapter(terminal)) {
            adapter.launch(Json.with(
                    inTerminal("setsid sleep 71 </dev/null >/dev/null 2>&1 & echo \"child $! \"; sleep 2; exit 3"),
                    "killTree",
                    "never"));
            awaitScreen(terminal, "child ");
            long child = Long.parseLong(terminal.screen().replaceAll("(?s).*child (\\d+) .*", "$1"));
            assertExited(adapter.timeline(), 3);
            assertThat(adapter.timeline().output("console")).contains("still running, left alone: pid " + child);
            assertThat(Processes.isAlive(child)).isTrue();
            Processes.signal("KILL", child);
        }
    }

    @Test
    void theTargetEndsWhenTheAdapterIsKilled() {
        try (FakeTerminal terminal = new FakeTerminal();
                AdapterProcess adapter = adapter(terminal)) {
            adapter.launch(inTerminal("sleep 70 & echo \"child $! \"; " + LOOP));
            awaitScreen(terminal, "ready");
            long target = adapter.targetPid();
            long child = Long.parseLong(terminal.screen().replaceAll("(?s).*child (\\d+) .*", "$1"));
            assertThat(Processes.isAlive(child)).isTrue();
            adapter.process().destroyForcibly();
            Processes.within(AdapterProcess.GONE_WITHIN)
                    .until(() -> !Processes.isAlive(target) && !Processes.isAlive(child));
            Processes.within(PATIENCE).until(() -> !terminal.isAlive());
        }
    }

    @Test
    void aClientThatCannotRunItAfterAllFailsTheLaunch() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            adapter.client().onReverseRequest(request -> new ReverseAnswer.Failure("no terminal today"));
            adapter.client().ask("initialize", Json.object("supportsRunInTerminalRequest", true));
            Entry refused = adapter.client().launch(inTerminal("true"));
            assertThat(refused.success()).isFalse();
            assertThat(refused.failure()).contains("no terminal today");
        }
    }

    @Test
    void aLaunchWhoseTerminalNeverComesIsEndedByDisconnect() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            adapter.client().onReverseRequest(request -> new ReverseAnswer.Success(new JsonObject()));
            adapter.client().ask("initialize", Json.object("supportsRunInTerminalRequest", true));
            int launch = adapter.client().send("launch", inTerminal("true"));
            adapter.client().awaitEvent("initialized");
            adapter.client().ask("configurationDone", null);
            adapter.timeline().await(reverseRequest("runInTerminal"));
            adapter.client().ask("disconnect", null);
            adapter.client().answerTo(launch);
            assertThat(adapter.awaitExit()).isZero();
        }
    }

    @Test
    void aClientWithoutTerminalsGetsTheInternalConsoleAndIsTold() {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            adapter.launch(inTerminal("echo inside"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("inside\n");
            assertThat(adapter.timeline().output("console")).contains("integratedTerminal");
        }
    }
}
