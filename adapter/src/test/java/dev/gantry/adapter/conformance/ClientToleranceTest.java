package dev.gantry.adapter.conformance;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.request;
import static dev.gantry.fixtures.Expectation.responseTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.e2e.AdapterProcess;
import dev.gantry.adapter.e2e.Json;
import dev.gantry.adapter.e2e.PythonSession;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.Frames;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the clients that were tried take either way, and what some of them show better: what this adapter does of it. */
@Tag("once")
@ExtendWith(LeakCheck.class)
@DisplayNameGeneration(RowNames.class)
class ClientToleranceTest {
    private static final Set<String> STANDARD_EVENTS = Set.of(
            "breakpoint",
            "capabilities",
            "continued",
            "exited",
            "initialized",
            "invalidated",
            "loadedSource",
            "memory",
            "module",
            "output",
            "process",
            "progressEnd",
            "progressStart",
            "progressUpdate",
            "stopped",
            "terminated",
            "thread");

    /** Names of numbers that clients keep; true if 0 is none of them. */
    private static final Map<String, Boolean> NUMBERS = Map.of(
            "seq", true,
            "request_seq", true,
            "threadId", true,
            "id", true,
            "frameId", true,
            "variablesReference", false,
            "sourceReference", false,
            "namedVariables", false,
            "indexedVariables", false);

    @TempDir
    private Path folder;

    /** Held at the breakpoint of the program. */
    private PythonSession atTheBreakpoint() {
        PythonSession session =
                PythonSession.of(folder, TargetProgram.PYTHON.text()).launch(Pythons.newest());
        session.breakpoints(TargetProgram.LINE);
        session.go().stopped("breakpoint");
        return session;
    }

    @Row(
            value = "numbers up to 2^31-1",
            clients = "taken by all; greater ones would not fit",
            ours = "threads, frames, breakpoints and messages count from 1, and nothing is greater")
    void everyNumberIsOneThatFits() {
        Recordings.everywhere(recording -> recording.timeline().entries().stream()
                .filter(entry -> entry.kind() == Entry.Kind.RESPONSE || entry.kind() == Entry.Kind.EVENT)
                .forEach(entry -> checkNumbers(entry.message())));
    }

    private static void checkNumbers(JsonElement element) {
        if (element instanceof JsonArray array) {
            array.forEach(ClientToleranceTest::checkNumbers);
        } else if (element instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                Boolean positive = NUMBERS.get(member.getKey());
                if (positive != null && member.getValue() instanceof JsonPrimitive number && number.isNumber()) {
                    assertThat(number.getAsString()).as(object.toString()).matches("[0-9]+");
                    assertThat(number.getAsLong()).as(object.toString()).isBetween(positive ? 1L : 0L, (long)
                            Integer.MAX_VALUE);
                }
                checkNumbers(member.getValue());
            }
        }
    }

    @Row(value = "`seq` always 0", clients = "taken by all", ours = "1, 2, 3 and so on, without a gap")
    void messagesAreCountedWithoutAGap() {
        Recordings.everywhere(recording -> {
            List<Integer> numbers = recording.timeline().entries().stream()
                    .filter(entry -> entry.kind() == Entry.Kind.RESPONSE || entry.kind() == Entry.Kind.EVENT)
                    .map(Entry::seq)
                    .toList();
            assertThat(numbers)
                    .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
        });
    }

    @Row(
            value = "messages in pieces of 7 bytes",
            clients = "taken by all",
            ours = "the adapter takes them from a client, too")
    void messagesMayComeInPieces() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(message(1, "initialize", Json.object("adapterID", "gantry 🦆")));
        bytes.write(message(2, "launch", Json.shell("echo 'answer 🦆'")));
        bytes.write(message(3, "configurationDone", new JsonObject()));
        byte[] all = bytes.toByteArray();
        try (AdapterProcess adapter = AdapterProcess.start()) {
            for (int from = 0; from < all.length; from += 7) {
                adapter.client().sendRaw(Arrays.copyOfRange(all, from, Math.min(from + 7, all.length)));
            }
            for (int seq = 1; seq <= 3; seq++) {
                adapter.timeline().await(responseTo(seq).succeeding());
            }
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("answer 🦆\n");
        }
    }

    private static byte[] message(int seq, String command, JsonObject arguments) {
        return Frames.encode(Json.object("seq", seq, "type", "request", "command", command, "arguments", arguments));
    }

    @Row(
            value = "characters outside of ASCII as they are",
            clients = "taken by all; the length counts bytes",
            ours = "UTF-8 without escapes")
    void charactersAreUtf8WithoutEscapes() throws IOException {
        byte[] bytes = WireBytes.ofASession();
        assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"grüße 🦆\\n\"");
        assertThat(WireBytes.headers(bytes)).noneMatch(header -> header.startsWith("no header"));
    }

    @Row(
            value = "no `process`",
            clients = "taken by all",
            ours = "one for each program, before its output, with its process number")
    void processComesBeforeAllOutputOfTheProgram() {
        Recordings.everywhere(recording -> {
            if (recording.program().starts()) {
                recording.timeline().noneBefore(output("stdout"), event("process"));
                recording.timeline().noneBefore(output("stderr"), event("process"));
                assertThat(recording.events("process"))
                        .hasSize(recording.conversation().restarts() ? 2 : 1)
                        .allSatisfy(event -> assertThat(
                                        event.body().get("systemProcessId").getAsLong())
                                .isPositive());
            }
        });
    }

    @Row(
            value = "no `thread`",
            clients = "taken by all; LSP4E asks for threads at each",
            ours = "`started` for the first thread comes with `process`, before any stop")
    void theFirstThreadIsToldBeforeAnyStop() {
        Recordings.everywhere(recording -> {
            if (recording.program().starts()) {
                recording.timeline().inOrder(event("process"), event("thread").with("reason", "started"));
                if (!recording.events("stopped").isEmpty()) {
                    recording
                            .timeline()
                            .noneBefore(event("stopped"), event("thread").with("reason", "started"));
                }
            }
        });
    }

    @Row(
            value = "the thread `exited` before the program",
            clients = "taken by all",
            ours = "each thread that was told to have started is told to have ended, before `exited`")
    void threadsEndBeforeTheProgram() {
        Recordings.everywhere(recording -> {
            if (recording.program().starts()) {
                recording.timeline().noneAfter(event("thread"), event("exited"));
                assertThat(recording.timeline().all(event("thread").with("reason", "exited")))
                        .hasSameSizeAs(recording.timeline().all(event("thread").with("reason", "started")));
            }
        });
    }

    @Row(
            value = "an event that the protocol does not know",
            clients = "ignored by all",
            ours = "only `gantry/exit`; what it tells is in `exited` and the console, too")
    void theOnlyEventOfOurOwnIsTheExit() {
        Recordings.everywhere(recording -> assertThat(recording.entries(Entry.Kind.EVENT))
                .extracting(Entry::name)
                .allMatch(name -> STANDARD_EVENTS.contains(name) || name.equals("gantry/exit")));
    }

    @Row(
            value = "a breakpoint that is verified only later",
            clients = "taken by all",
            ours = "one from before `launch` is pending; it keeps its number in `breakpoint` and in the stop")
    void aBreakpointKeepsItsNumberWhenItIsVerified() {
        Path file = TargetProgram.PYTHON.write(folder);
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            JsonObject breakpoint = adapter.client()
                    .ask(
                            "setBreakpoints",
                            Json.object(
                                    "source",
                                    Json.object("path", file.toString()),
                                    "breakpoints",
                                    Json.array(Json.object("line", TargetProgram.LINE))))
                    .body()
                    .getAsJsonArray("breakpoints")
                    .get(0)
                    .getAsJsonObject();
            assertThat(breakpoint.get("verified").getAsBoolean()).isFalse();
            assertThat(breakpoint.get("message").getAsString()).isNotEmpty();
            adapter.client().launch(TargetProgram.PYTHON.launch(file));
            JsonObject changed =
                    adapter.client().awaitEvent("breakpoint").body().getAsJsonObject("breakpoint");
            assertThat(changed.get("verified").getAsBoolean()).isTrue();
            assertThat(changed.get("id")).isEqualTo(breakpoint.get("id"));
            JsonObject stop = adapter.client().awaitEvent("stopped").body();
            assertThat(stop.getAsJsonArray("hitBreakpointIds")).containsExactly(breakpoint.get("id"));
        }
    }

    @Row(
            value = "`totalFrames`",
            clients = "taken by all; VS Code offers to load more by it",
            ours = "always given, never less than there are frames")
    void everyStackSaysHowLongItIs() {
        Recordings.everywhere(recording -> assertThat(recording.answers("stackTrace"))
                .allSatisfy(answer -> assertThat(
                                answer.body().get("totalFrames").getAsInt())
                        .isGreaterThanOrEqualTo(
                                answer.body().getAsJsonArray("stackFrames").size())));
    }

    @Row(
            value = "pages of stacks and variables that the adapter ignores",
            clients = "taken by all",
            ours = "pages are as asked for, and make up the whole")
    void pagesMakeUpTheWhole() {
        try (PythonSession session = atTheBreakpoint()) {
            JsonArray whole = session.ask("stackTrace", "threadId", 1).getAsJsonArray("stackFrames");
            JsonArray pages = session.ask("stackTrace", "threadId", 1, "startFrame", 0, "levels", 1)
                    .getAsJsonArray("stackFrames");
            assertThat(pages).hasSize(1);
            pages.addAll(session.ask("stackTrace", "threadId", 1, "startFrame", 1, "levels", 19)
                    .getAsJsonArray("stackFrames"));
            assertThat(pages).isEqualTo(whole);
            int list = session.ask(
                            "evaluate",
                            "expression",
                            "list(range(100, 200))",
                            "frameId",
                            whole.get(0).getAsJsonObject().get("id"))
                    .get("variablesReference")
                    .getAsInt();
            assertThat(session.ask("variables", "variablesReference", list, "filter", "indexed", "start", 7, "count", 2)
                            .getAsJsonArray("variables"))
                    .extracting(
                            element -> element.getAsJsonObject().get("value").getAsString())
                    .containsExactly("107", "108");
        }
    }

    @Row(
            value = "a frame without a source",
            clients = "taken by all, with line 0",
            ours = "a program that is not debugged shows one such frame; frames with a source have lines from 1")
    void onlyAFrameWithoutASourceHasNoLine() {
        Recordings.everywhere(recording -> assertThat(recording.objects("stackFrames"))
                .allSatisfy(frame -> {
                    assertThat(frame.get("name").getAsString()).isNotEmpty();
                    assertThat(frame.get("line").getAsInt() > 0).isEqualTo(frame.has("source"));
                }));
        assertThat(Recordings.all())
                .anyMatch(
                        recording -> recording.objects("stackFrames").stream().anyMatch(frame -> !frame.has("source")));
    }

    @Row(value = "a source without a name", clients = "taken by all", ours = "each has a name and a path")
    void everySourceHasANameAndAPath() {
        Recordings.everywhere(recording -> assertThat(recording.objects("source"))
                .allSatisfy(source -> {
                    assertThat(source.get("name").getAsString()).isEqualTo("program.py");
                    assertThat(source.get("path").getAsString()).endsWith("/program.py");
                }));
    }

    @Row(
            value = "a scope without `expensive`",
            clients = "taken by all; nvim-dap and dape open those that are not",
            ours = "always said")
    void everyScopeSaysWhetherItIsExpensive() {
        Recordings.everywhere(recording -> assertThat(recording.objects("scopes"))
                .allSatisfy(scope ->
                        assertThat(scope.get("expensive")).as(scope.toString()).isNotNull()));
    }

    @Row(
            value = "a variable without a type",
            clients = "taken by all",
            ours = "each of a debugged program has one; what the system knows of a program has none")
    void variablesOfADebuggedProgramHaveAType() {
        Recordings.everywhere(recording -> {
            if (recording.program().isDebugged()) {
                assertThat(recording.objects("variables"))
                        .allSatisfy(variable -> assertThat(variable.has("type"))
                                .as(variable.toString())
                                .isTrue());
            }
        });
    }

    @Row(
            value = "column 0",
            clients = "taken by all",
            ours = "columns are from 1 wherever there is a source, if the client counts so")
    void columnsCountFromOne() {
        Recordings.everywhere(recording -> assertThat(recording.objects("stackFrames"))
                .filteredOn(frame -> frame.has("source"))
                .allSatisfy(frame -> assertThat(frame.get("column").getAsInt()).isPositive()));
    }

    @Row(
            value = "an answer to `continue` without a body",
            clients = "taken by all",
            ours = "it says that all threads go on")
    void continueSaysThatAllThreadsGoOn() {
        Recordings.everywhere(recording -> assertThat(recording.answers("continue"))
                .allSatisfy(answer ->
                        assertThat(answer.body().get("allThreadsContinued")).hasToString("true")));
    }

    @Row(
            value = "`evaluate` that fails",
            clients = "shown by all",
            ours = "the answer is a failure with the reason in words, and nothing else is lost")
    void whatCannotBeEvaluatedIsSaid() {
        try (PythonSession session = atTheBreakpoint()) {
            JsonElement frame = session.frames().get(0).get("id");
            for (String context : List.of("watch", "hover", "repl", "variables")) {
                Entry answer =
                        session.request("evaluate", "expression", "nothing", "frameId", frame, "context", context);
                assertThat(answer.success()).as(answer.toString()).isFalse();
                assertThat(answer.failure()).contains("name 'nothing' is not defined");
            }
            assertThat(session.evaluate("answer", "frameId", frame)).isEqualTo("42");
            session.resume();
            session.ends(3);
        }
    }

    @Row(
            value = "an adapter that neither answers `disconnect` nor ends",
            clients = "killed by all",
            ours = "it answers and ends by itself, whatever runs")
    void disconnectIsAnsweredAndTheAdapterEnds() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec sleep 60"))) {
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
        }
        Recordings.everywhere(recording -> assertThat(recording.answers("disconnect"))
                .hasSameSizeAs(recording.timeline().all(request("disconnect"))));
    }
}
