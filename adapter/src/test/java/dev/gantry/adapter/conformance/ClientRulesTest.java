package dev.gantry.adapter.conformance;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.request;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.e2e.AdapterProcess;
import dev.gantry.adapter.e2e.Ends;
import dev.gantry.adapter.e2e.Json;
import dev.gantry.adapter.e2e.PythonSession;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What else an adapter owes to all of its clients at once. */
@ExtendWith(LeakCheck.class)
@DisplayNameGeneration(RowNames.class)
class ClientRulesTest {
    private static final String WITH_A_CHILD = """
            import subprocess
            child = subprocess.Popen(["sh", "-c", "echo ready; sleep 60; :"], stdout=subprocess.PIPE)
            child.stdout.readline()
            print("child", child.pid)
            """;

    @TempDir
    private Path folder;

    private static JsonObject breakpoints(Path file) {
        return Json.object(
                "source",
                Json.object("path", file.toString()),
                "breakpoints",
                Json.array(Json.object("line", TargetProgram.LINE)));
    }

    @Row(
            value = "the configuration before `launch`, with filters absent, empty or null",
            clients = "all: each has an order of its own",
            ours = "any order is taken, and what was set holds")
    void theConfigurationMayComeBeforeTheLaunch() {
        for (TargetProgram program : List.of(TargetProgram.PLAIN, TargetProgram.PYTHON)) {
            Path file = program.write(folder);
            try (AdapterProcess adapter = AdapterProcess.initialized()) {
                DapClient client = adapter.client();
                client.ask("setExceptionBreakpoints", Json.object());
                client.ask("setExceptionBreakpoints", Json.object("filters", Json.NULL));
                client.ask("setExceptionBreakpoints", Json.object("filters", Json.array()));
                client.ask("setBreakpoints", breakpoints(file));
                client.ask("setFunctionBreakpoints", Json.object("breakpoints", Json.array()));
                client.ask("configurationDone", null);
                client.ask("launch", program.launch(file));
                assertEndsAfterItsStop(adapter, program);
            }
        }
    }

    private static void assertEndsAfterItsStop(AdapterProcess adapter, TargetProgram program) {
        if (program.isDebugged()) {
            Entry stop = adapter.client().awaitEvent("stopped");
            assertThat(stop.text("reason")).isEqualTo("breakpoint");
            adapter.client().ask("continue", Json.object("threadId", 1));
        }
        adapter.awaitTerminated();
        Ends.assertCode(adapter.timeline(), program.exitCode());
        adapter.timeline().everyRequestAnsweredOnce();
    }

    @Row(
            value = "all of the start without waiting for anything",
            clients = "VS Code and vimspector pipeline their breakpoints; others may more",
            ours = "everything is answered, in order, and the breakpoint is hit")
    void everythingMayBeSentAtOnce() {
        for (TargetProgram program : List.of(TargetProgram.PLAIN, TargetProgram.PYTHON)) {
            Path file = program.write(folder);
            try (AdapterProcess adapter = AdapterProcess.start()) {
                DapClient client = adapter.client();
                int[] sent = {
                    client.send("initialize", Json.object("adapterID", "gantry")),
                    client.send("launch", program.launch(file)),
                    client.send("setBreakpoints", breakpoints(file)),
                    client.send("setExceptionBreakpoints", Json.object("filters", Json.array())),
                    client.send("configurationDone"),
                    client.send("threads")
                };
                IntStream.of(sent)
                        .forEach(seq ->
                                assertThat(client.answerTo(seq).success()).isTrue());
                assertEndsAfterItsStop(adapter, program);
            }
        }
    }

    @Row(
            value = "a user who takes time before `configurationDone`",
            clients = "Kate's configures by hand",
            ours = "it is waited for; nothing of the program runs before, and nothing is given up")
    void theConfigurationMayTakeItsTime() {
        for (TargetProgram program : List.of(TargetProgram.PLAIN, TargetProgram.PYTHON)) {
            Path file = program.write(folder);
            try (AdapterProcess adapter = AdapterProcess.initialized()) {
                DapClient client = adapter.client();
                int launch = client.send("launch", program.launch(file));
                client.awaitEvent("initialized");
                // The answer to a launch that is not debugged is what half a second without configuration leads to.
                assertThat(client.answerTo(launch).success()).isTrue();
                IntStream.range(0, 200).forEach(i -> client.ask("threads", null));
                adapter.timeline()
                        .never(output("stdout"))
                        .never(event("terminated"))
                        .never(event("stopped"));
                client.ask("setBreakpoints", breakpoints(file));
                client.ask("configurationDone", null);
                assertEndsAfterItsStop(adapter, program);
            }
        }
    }

    @Row(
            value = "`terminate`, `threads`, `disconnect` after the end of the program",
            clients = "dape terminates then, vimspector asks for threads, VS Code, vimspector and Kate disconnect",
            ours = "all are answered with success")
    void whatComesAfterTheEndIsAnswered() {
        Recordings.everywhere(recording -> {
            List<Entry> ends = recording.events("exited");
            if (!ends.isEmpty()) {
                assertThat(recording.timeline().entries().stream()
                                .filter(entry -> entry.kind() == Entry.Kind.RESPONSE
                                        && entry.index() > ends.get(0).index()))
                        .allMatch(Entry::success);
            }
        });
        assertThat(Recordings.all().stream().flatMap(ClientRulesTest::askedAfterTerminated))
                .contains("terminate", "threads", "disconnect");
    }

    private static Stream<String> askedAfterTerminated(Recording recording) {
        return recording.events("terminated").stream()
                .flatMap(end ->
                        recording
                                .timeline()
                                .all(request("terminate").or(request("threads")).or(request("disconnect")))
                                .stream()
                                .filter(entry -> entry.index() > end.index()))
                .map(Entry::name);
    }

    @Row(
            value = "keys that nobody has announced",
            clients =
                    "VS Code (`__sessionId`), Kate (`command`), LSP4E (`noDebug`), nvim-dap (`granularity` of `continue`)",
            ours = "they are no matter, and nothing is said of them")
    void unknownKeysAreNoMatter() {
        Recordings.everywhere(recording -> {
            assertThat(recording.timeline().output("console"))
                    .doesNotContain("unknown", "ignored", "__", "command'", "granularity");
            assertThat(recording.entries(Entry.Kind.RESPONSE))
                    .filteredOn(answer -> !answer.success())
                    .extracting(Entry::name)
                    .containsExactlyElementsOf(recording.program().starts() ? List.of() : List.of("launch"));
        });
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec cat"))) {
            DapClient client = adapter.client();
            client.ask("pause", Json.object("threadId", 1, "granularity", "statement", "x", Json.array()));
            client.ask("continue", Json.object("threadId", 1, "granularity", "statement"));
            client.ask("evaluate", Json.object("expression", "hi", "context", "repl", "line", 1, "frameId", 0));
            adapter.timeline().awaitOutput("stdout", "hi\n");
            client.ask("disconnect", Json.object("restart", false, "suspendDebuggee", false, "x", 1));
            adapter.awaitExit();
        }
    }

    @Row(
            value = "an `initialize` that says next to nothing",
            clients = "Kate names neither itself nor how it writes paths; nvim-dap 0.6.0 misspells its name",
            ours = "paths are paths, and lines are from 1")
    void whatIsNotSaidHasTheProtocolsDefault() {
        for (Recording kate : Recordings.of("kate")) {
            assertThat(kate.said().keySet()).doesNotContain("clientID", "pathFormat");
            kate.failure().ifPresent(why -> {
                throw new AssertionError(why);
            });
        }
        try (AdapterProcess adapter = AdapterProcess.start()) {
            Path file = TargetProgram.PYTHON.write(folder);
            adapter.client().ask("initialize", null);
            adapter.client().send("launch", TargetProgram.PYTHON.launch(file));
            adapter.client().awaitEvent("initialized");
            adapter.client().ask("setBreakpoints", breakpoints(file));
            adapter.client().ask("configurationDone", null);
            adapter.client().awaitEvent("stopped");
            List<JsonObject> frames = PythonSession.objects(adapter.client()
                    .ask("stackTrace", Json.object("threadId", 1))
                    .body()
                    .getAsJsonArray("stackFrames"));
            // Of two shifts that make up for each other only the caller, which nobody has named, tells.
            assertThat(frames)
                    .extracting(frame -> frame.get("line").getAsInt())
                    .containsExactly(TargetProgram.LINE, TargetProgram.CALL_LINE);
            assertThat(frames.get(0).getAsJsonObject("source").get("path").getAsString())
                    .isEqualTo(file.toString());
        }
    }

    @Row(
            value = "0 for all, a second list of lines, a path of a file that is elsewhere",
            clients =
                    "Kate asks for 0 levels and 0 variables; VS Code sends `lines`, and `evaluate` with a `source` of its own",
            ours = "0 is all of them; `lines` adds nothing; the source of `evaluate` is no file name")
    void argumentsAreTakenAsClientsMeanThem() {
        try (PythonSession session = PythonSession.of(folder, TargetProgram.PYTHON.text())) {
            session.launch(Pythons.newest());
            JsonObject contradicting = Json.with(breakpoints(session.file()), "lines", Json.array(1, 999));
            JsonArray set = session.adapter()
                    .client()
                    .ask("setBreakpoints", contradicting)
                    .body()
                    .getAsJsonArray("breakpoints");
            assertThat(set).hasSize(1);
            assertThat(set.get(0).getAsJsonObject().get("line").getAsInt()).isEqualTo(TargetProgram.LINE);
            session.go().stopped("breakpoint");
            JsonArray frames = session.ask("stackTrace", "threadId", 1, "startFrame", 0, "levels", 0)
                    .getAsJsonArray("stackFrames");
            assertThat(frames).hasSize(2);
            JsonElement frame = frames.get(0).getAsJsonObject().get("id");
            JsonElement locals = session.ask("scopes", "frameId", frame)
                    .getAsJsonArray("scopes")
                    .get(0)
                    .getAsJsonObject()
                    .get("variablesReference");
            assertThat(session.ask("variables", "variablesReference", locals, "start", 0, "count", 0)
                            .getAsJsonArray("variables"))
                    .hasSize(3);
            JsonObject elsewhere = Json.object("path", "vscode-remote://127.0.0.1:1/no/such/file.py");
            assertThat(session.evaluate("answer", "frameId", frame, "context", "hover", "source", elsewhere, "line", 1))
                    .isEqualTo("42");
        }
    }

    @Row(
            value = "each client's way of going",
            clients =
                    "`disconnect`; end of file (LSP4E, nvim-dap); SIGINT (nvim-dap); SIGTERM (VS Code, Kate); SIGKILL (dap-mode, dape, vimspector)",
            ours = "a program that is stopped at a breakpoint ends with it, and its children too")
    void whicheverWayTheClientGoesNothingIsLeft() {
        Map<String, Consumer<AdapterProcess>> ways = new LinkedHashMap<>();
        ways.put("disconnect", adapter -> adapter.client().ask("disconnect", null));
        ways.put("end of file", adapter -> adapter.client().closeInput());
        List.of("INT", "TERM", "KILL").forEach(signal -> ways.put(signal, adapter -> adapter.signal(signal)));
        ways.forEach((name, way) -> {
            try (PythonSession session = PythonSession.of(folder, WITH_A_CHILD).launch(Pythons.newest())) {
                session.breakpoints(4);
                session.go().stopped("breakpoint");
                assertThat(session.adapter().offspring()).as(name).hasSizeGreaterThanOrEqualTo(2);
                way.accept(session.adapter());
                session.adapter().awaitExit();
                session.adapter().assertNothingLeft(AdapterProcess.GONE_WITHIN);
            }
        });
    }

    @Row(
            value = "a restart",
            clients = "VS Code asks for one where it is announced, and otherwise starts a second adapter",
            ours =
                    "it is announced: the new program has the breakpoints, and the session no second start; the old way works, too")
    void aRestartKeepsTheSession() {
        for (Recording restart : Recordings.of("vscode-restart")) {
            assertThat(restart.answers("restart")).hasSize(1);
            assertThat(restart.events("process"))
                    .extracting(event -> event.body().get("systemProcessId").getAsLong())
                    .hasSize(2)
                    .doesNotHaveDuplicates();
            restart.timeline().exactlyOnce(event("initialized"));
            restart.timeline().exactlyOnce(event("exited"));
            assertThat(restart.events("stopped"))
                    .extracting(event -> event.text("reason"))
                    .containsExactly("breakpoint", "breakpoint");
        }
        Recordings.of("vscode-restart-anew").forEach(Recording::assertWhole);
    }

    @Row(
            value = "a launch that fails",
            clients =
                    "VS Code shows `error.format` with its variables filled in, and nothing where `showUser` is false",
            ours = "the reason is in both places, without variables, and is shown")
    void aRefusedLaunchSaysWhy() {
        for (Recording refused : Recordings.of("vscode-refused-launch")) {
            Entry answer = refused.timeline().exactlyOnce(response("launch"));
            JsonObject error = answer.body().getAsJsonObject("error");
            assertThat(error.get("format").getAsString())
                    .contains("missing.py")
                    .isEqualTo(answer.failure())
                    .doesNotContain("{");
            assertThat(error.get("showUser").getAsBoolean()).isTrue();
            assertThat(error.get("id").getAsInt()).isPositive();
            refused.timeline().never(event("initialized")).noneBefore(event("terminated"), request("disconnect"));
        }
    }

    @Row(
            value = "output in any pieces",
            clients = "vimspector shows each event as lines of its own",
            ours =
                    "what the program writes at once is one event, and lines are cut only where the program is slow to end one")
    void linesWrittenAtOnceAreOneEvent() {
        String script = "printf '1\\n2\\n3\\n'; read answer; printf '4\\n5\\n6\\n'";
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(script))) {
            adapter.timeline().awaitOutput("stdout", "3\n");
            adapter.client().ask("gantry/write", Json.object("text", "go on\n"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().all(output("stdout")))
                    .extracting(event -> event.text("output"))
                    .containsExactly("1\n2\n3\n", "4\n5\n6\n");
        }
    }

    @Row(
            value = "`sys.exit` as an exception that nobody catches",
            clients =
                    "VS Code, nvim-dap, dape, dap-mode and vimspector set the filter that is on by default, and would stop at the end",
            ours = "it is an end, no stop; an exception is one")
    void anExitIsNoException() {
        Recordings.everywhere(recording -> {
            assertThat(recording.timeline().all(event("stopped").with("reason", "exception")))
                    .hasSize(recording.program() == TargetProgram.PYTHON_RAISING ? 1 : 0);
        });
        assertThat(Recordings.of("nvim-dap"))
                .allMatch(recording -> recording
                                .timeline()
                                .all(request("setExceptionBreakpoints"))
                                .size()
                        == 1);
    }

    @Row(
            value = "null in the place of a value",
            clients = "typed clients fail on it, as LSP4E may",
            ours = "what there is not is left out")
    void nothingIsNull() {
        Recordings.everywhere(recording -> assertThat(Stream.concat(
                        recording.entries(Entry.Kind.RESPONSE).stream(), recording.entries(Entry.Kind.EVENT).stream()))
                .allSatisfy(entry -> assertThat(hasNull(entry.message()))
                        .as(entry.toString())
                        .isFalse()));
    }

    private static boolean hasNull(JsonElement element) {
        if (element instanceof JsonArray array) {
            return Stream.iterate(0, i -> i < array.size(), i -> i + 1).anyMatch(i -> hasNull(array.get(i)));
        }
        return element instanceof JsonObject object
                ? object.entrySet().stream().anyMatch(member -> hasNull(member.getValue()))
                : element.isJsonNull();
    }

    @Row(
            value = "a request that the adapter does not know",
            clients = "all wait for its answer",
            ours = "a failure that names it, at once, in any state; and every answer names its request")
    void whatIsUnknownIsAnsweredToo() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            DapClient client = adapter.client();
            assertUnknown(client);
            adapter.initialize();
            assertUnknown(client);
            adapter.launch(Json.shell("echo ready; exec sleep 60"));
            assertUnknown(client);
            assertThat(client.ask("threads", null).body().getAsJsonArray("threads"))
                    .hasSize(1);
        }
        Recordings.everywhere(recording -> assertThat(recording.entries(Entry.Kind.RESPONSE))
                .allSatisfy(answer -> assertThat(recording.entries(Entry.Kind.REQUEST))
                        .anyMatch(asked -> asked.seq() == answer.requestSeq()
                                && asked.name().equals(answer.name()))));
    }

    private static void assertUnknown(DapClient client) {
        Entry answer = client.request("no/such/request", Json.object("x", 1));
        assertThat(answer.success()).isFalse();
        assertThat(answer.failure()).contains("no/such/request");
    }
}
