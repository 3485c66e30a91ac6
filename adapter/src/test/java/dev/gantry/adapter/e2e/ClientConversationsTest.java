package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.response;
import static dev.gantry.fixtures.Expectation.responseTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The conversations of real clients, as their wire logs show them: order, extra keys, and each one's way of ending. */
@ExtendWith(LeakCheck.class)
class ClientConversationsTest {
    private static final JsonObject SOURCE = Json.object("name", "program.sh", "path", "/tmp/program.sh");
    private static final JsonObject BREAKPOINTS =
            Json.object("source", SOURCE, "lines", Json.array(7), "breakpoints", Json.array(Json.object("line", 7)));

    /** Says something on both streams, then ends with 3. */
    private static JsonObject program(Object... keysOfTheClient) {
        JsonObject launch = Json.shell("echo one; echo two >&2; echo three; exit 3");
        return Json.with(
                Json.with(launch, "type", "gantry", "request", "launch", "name", "A program"), keysOfTheClient);
    }

    private static JsonObject waitingProgram() {
        return Json.with(program(), "args", Json.array("-c", "echo one; echo two >&2; echo three; exec sleep 60"));
    }

    private static void initialize(AdapterProcess adapter, JsonObject arguments) {
        Entry answer = adapter.client().ask("initialize", arguments);
        assertThat(answer.body().get("supportsConfigurationDoneRequest").getAsBoolean())
                .isTrue();
    }

    /** What every client must have got when its session is over. */
    private static void assertWholeStory(AdapterProcess adapter) {
        adapter.timeline().inOrder(response("initialize"), event("initialized"), event("process"), event("exited"));
        adapter.timeline().noneBefore(event("initialized"), response("initialize"));
        assertThat(adapter.timeline().output("stdout")).isEqualTo("one\nthree\n");
        assertThat(adapter.timeline().output("stderr")).isEqualTo("two\n");
        assertThat(adapter.timeline().output("console")).doesNotContain("unknown", "ignored");
        Ends.assertCode(adapter.timeline(), 3);
        adapter.timeline().everyRequestAnsweredOnce();
    }

    private static JsonObject vsCode() {
        return Json.object(
                "clientID", "vscode",
                "clientName", "Visual Studio Code",
                "adapterID", "gantry",
                "pathFormat", "path",
                "linesStartAt1", true,
                "columnsStartAt1", true,
                "supportsVariableType", true,
                "supportsVariablePaging", true,
                "supportsRunInTerminalRequest", true,
                "locale", "en",
                "supportsProgressReporting", true,
                "supportsInvalidatedEvent", true,
                "supportsMemoryReferences", true,
                "supportsArgsCanBeInterpretedByShell", true,
                "supportsMemoryEvent", true,
                "supportsStartDebuggingRequest", true,
                "supportsANSIStyling", true);
    }

    private static void startAsVsCode(AdapterProcess adapter, JsonObject program) {
        DapClient client = adapter.client();
        initialize(adapter, vsCode());
        client.send("launch", Json.with(program, "__sessionId", "5e9f", "__configurationTarget", 6));
        client.awaitEvent("initialized");
        List<Integer> pipelined = List.of(
                client.send("setBreakpoints", Json.with(BREAKPOINTS, "sourceModified", false)),
                client.send("setFunctionBreakpoints", Json.object("breakpoints", Json.array())),
                client.send("setExceptionBreakpoints", Json.object("filters", Json.array())));
        pipelined.forEach(seq -> assertThat(client.answerTo(seq).success()).isTrue());
        client.ask("configurationDone", null);
        client.awaitEvent("process");
        client.ask("threads", null);
        client.ask("threads", null);
    }

    @Test
    void vsCodeRunsAProgramToItsEnd() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            startAsVsCode(adapter, program());
            adapter.awaitTerminated();
            adapter.client().ask("disconnect", Json.object("restart", false));
            adapter.signal("TERM");
            adapter.awaitExit();
            assertWholeStory(adapter);
        }
    }

    @Test
    void vsCodeStopsAProgramByItsButton() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            startAsVsCode(adapter, waitingProgram());
            adapter.timeline().awaitOutput("stdout", "one\nthree\n");
            adapter.client().send("terminate", Json.object("restart", false));
            adapter.awaitTerminated();
            adapter.client().ask("disconnect", Json.object("restart", false));
            adapter.signal("TERM");
            adapter.awaitExit();
            Ends.assertCode(adapter.timeline(), 128 + 15);
            adapter.timeline().everyRequestAnsweredOnce();
        }
    }

    @Test
    void vsCodeShowsTheReasonOfARefusedLaunchAndDisconnects() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            initialize(adapter, vsCode());
            Entry refused = adapter.client().request("launch", Json.object("program", "/no/such/program"));
            JsonObject error = refused.body().getAsJsonObject("error");
            assertThat(error.get("format").getAsString()).contains("/no/such/program");
            assertThat(error.get("showUser").getAsBoolean()).isTrue();
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
        }
    }

    @Test
    void nvimDapGoesStepByStepAndEndsWithEndOfFileAndSigint() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(
                    adapter,
                    Json.object(
                            "clientId", "neovim",
                            "clientname", "neovim",
                            "adapterID", "nvim-dap",
                            "pathFormat", "path",
                            "columnsStartAt1", true,
                            "linesStartAt1", true,
                            "supportsRunInTerminalRequest", true,
                            "locale", "en_US.UTF-8"));
            client.send("launch", program());
            client.awaitEvent("initialized");
            client.ask("setBreakpoints", BREAKPOINTS);
            client.ask("configurationDone", null);
            client.ask("threads", null);
            adapter.awaitTerminated();
            client.closeInput();
            adapter.signal("INT");
            adapter.awaitExit();
            assertWholeStory(adapter);
        }
    }

    @Test
    void dapeSendsExceptionBreakpointsFirstAndTerminatesWhatHasEnded() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(
                    adapter,
                    Json.object(
                            "clientID", "dape",
                            "adapterID", "gantry",
                            "pathFormat", "path",
                            "linesStartAt1", true,
                            "columnsStartAt1", true,
                            "supportsRunInTerminalRequest", true,
                            "supportsStartDebuggingRequest", true));
            client.send("launch", program());
            client.awaitEvent("initialized");
            client.ask("setExceptionBreakpoints", Json.object("filters", Json.array()));
            client.ask("setBreakpoints", BREAKPOINTS);
            client.ask("setFunctionBreakpoints", Json.object("breakpoints", Json.array()));
            client.ask("configurationDone", null);
            adapter.awaitTerminated();
            client.ask("terminate", null);
            assertWholeStory(adapter);
            adapter.process().destroyForcibly();
        }
    }

    @Test
    void dapModeKillsTheAdapterAtExited() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(
                    adapter,
                    Json.object(
                            "clientID",
                            "vscode",
                            "clientName",
                            "Visual Studio Code",
                            "adapterID",
                            "gantry",
                            "pathFormat",
                            "path",
                            "linesStartAt1",
                            true,
                            "columnsStartAt1",
                            true,
                            "supportsVariableType",
                            true,
                            "supportsVariablePaging",
                            true,
                            "supportsRunInTerminalRequest",
                            true,
                            "locale",
                            "en-us"));
            client.send("launch", program());
            client.awaitEvent("initialized");
            client.ask("setBreakpoints", BREAKPOINTS);
            client.ask("setExceptionBreakpoints", Json.object("filters", Json.array()));
            client.ask("configurationDone", null);
            client.awaitEvent("exited");
            adapter.process().destroyForcibly();
            client.awaitEnd();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("one\nthree\n");
            assertThat(adapter.timeline().output("stderr")).isEqualTo("two\n");
            assertThat(adapter.timeline().output("console")).contains("exit code 3");
        }
    }

    @Test
    void vimspectorWaitsForItsUserThenDisconnectsAndKills() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(
                    adapter,
                    Json.object(
                            "adapterID",
                            "gantry",
                            "clientID",
                            "vimspector",
                            "clientName",
                            "vimspector",
                            "linesStartAt1",
                            true,
                            "columnsStartAt1",
                            true,
                            "locale",
                            "en_GB",
                            "pathFormat",
                            "path",
                            "supportsVariableType",
                            true,
                            "supportsVariablePaging",
                            false,
                            "supportsRunInTerminalRequest",
                            true));
            client.send("launch", program());
            client.awaitEvent("initialized");
            int breakpoints = client.send("setBreakpoints", BREAKPOINTS);
            assertThat(client.answerTo(breakpoints).success()).isTrue();
            client.ask("configurationDone", null);
            client.ask("threads", null);
            client.ask("threads", null);
            adapter.awaitTerminated();
            client.ask("threads", null);
            client.ask("disconnect", Json.object());
            assertWholeStory(adapter);
            adapter.process().destroyForcibly();
        }
    }

    @Test
    void lsp4eSetsNoFiltersAsksForThreadsAtEveryEventAndTearsDownAtExited() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(
                    adapter,
                    Json.object(
                            "clientID", "lsp4e.debug",
                            "adapterID", "adapterId",
                            "pathFormat", "path",
                            "supportsVariableType", true,
                            "supportsVariablePaging", true,
                            "linesStartAt1", true,
                            "columnsStartAt1", true,
                            "supportsRunInTerminalRequest", true));
            client.send("launch", program("noDebug", false));
            client.awaitEvent("initialized");
            client.ask("setBreakpoints", BREAKPOINTS);
            client.ask("configurationDone", Json.object());
            client.timeline().await(event("thread").with("reason", "started"));
            client.ask("threads", null);
            client.awaitEvent("exited");
            client.ask("disconnect", Json.object("terminateDebuggee", true));
            client.closeInput();
            assertThat(adapter.awaitExit()).isZero();
            assertWholeStory(adapter);
        }
    }

    @Test
    void lsp4eInRunModeSendsNoConfigurationDone() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(adapter, Json.object("clientID", "lsp4e.debug", "adapterID", "adapterId", "pathFormat", "path"));
            client.ask("launch", program("noDebug", true));
            client.awaitEvent("exited");
            client.ask("disconnect", Json.object("terminateDebuggee", true));
            client.closeInput();
            assertThat(adapter.awaitExit()).isZero();
            assertWholeStory(adapter);
        }
    }

    @Test
    void kateSaysLittleOfItselfAndLetsTheConfigurationWait() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            initialize(
                    adapter,
                    Json.object(
                            "adapterID", "qdap",
                            "columnsStartAt1", true,
                            "linesStartAt1", true,
                            "locale", "C",
                            "path", "path",
                            "supportsInvalidatedEvent", false,
                            "supportsMemoryReferences", false,
                            "supportsProgressReporting", false,
                            "supportsRunInTerminalRequest", false,
                            "supportsVariablePaging", true,
                            "supportsVariableType", true));
            int launch = client.send("launch", program("command", Json.array("gantry")));
            client.awaitEvent("initialized");
            // Its user is in no hurry: long after the answer to launch nothing has started, and nothing has been given
            // up.
            assertThat(client.answerTo(launch).success()).isTrue();
            IntStream.range(0, 200).forEach(i -> client.ask("threads", null));
            adapter.timeline().never(event("process")).never(event("terminated"));
            client.ask("setBreakpoints", Json.with(BREAKPOINTS, "sourceModified", true));
            client.ask("configurationDone", null);
            adapter.awaitTerminated();
            client.ask("disconnect", Json.object());
            adapter.signal("TERM");
            adapter.awaitExit();
            assertWholeStory(adapter);
        }
    }

    @Test
    void debugClientSendsAllAtOnceAndStopsByDisconnectAndSigterm() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            int initialize = client.send(
                    "initialize",
                    Json.object(
                            "adapterID",
                            "gantry",
                            "linesStartAt1",
                            true,
                            "columnsStartAt1",
                            true,
                            "pathFormat",
                            "path"));
            int launch = client.send("launch", program());
            int configured = client.send("configurationDone");
            adapter.awaitTerminated();
            for (int seq : new int[] {initialize, launch, configured}) {
                assertThat(client.answerTo(seq).success()).isTrue();
            }
            int disconnect = client.send("disconnect", Json.object("restart", false));
            adapter.timeline().await(responseTo(disconnect));
            adapter.signal("TERM");
            adapter.awaitExit();
            assertWholeStory(adapter);
        }
    }

    @Test
    void breakpointsAndConfigurationMayComeBeforeTheLaunch() {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            DapClient client = adapter.client();
            Entry answer = client.ask("setBreakpoints", BREAKPOINTS);
            JsonObject breakpoint =
                    answer.body().getAsJsonArray("breakpoints").get(0).getAsJsonObject();
            assertThat(breakpoint.get("verified").getAsBoolean()).isFalse();
            assertThat(breakpoint.get("message").getAsString()).isNotEmpty();
            client.ask("setExceptionBreakpoints", Json.object());
            client.ask("configurationDone", null);
            client.ask("launch", program());
            adapter.awaitTerminated();
            client.ask("disconnect", null);
            adapter.awaitExit();
            assertWholeStory(adapter);
        }
    }

    @Test
    void anUnknownKeyInAnyRequestIsNoMatter() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec cat"))) {
            DapClient client = adapter.client();
            client.ask("pause", Json.object("threadId", 1, "granularity", "statement", "x", Json.array()));
            client.ask("continue", Json.object("threadId", 1, "granularity", "statement"));
            JsonObject source = Json.object("path", "vscode-remote://127.0.0.1:1/x");
            client.ask(
                    "evaluate",
                    Json.object("expression", "hi", "context", "repl", "source", source, "line", 1, "frameId", 0));
            adapter.timeline().awaitOutput("stdout", "hi\n");
            client.ask("disconnect", Json.object("restart", false, "suspendDebuggee", false));
            adapter.awaitExit();
            adapter.timeline().everyRequestAnsweredOnce();
        }
    }
}
