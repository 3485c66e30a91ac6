package dev.gantry.adapter.conformance;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.request;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.gantry.adapter.e2e.PythonSession;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import dev.gantry.fixtures.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What clients were tried with: what an adapter may get wrong, and which of them it costs what. */
@Tag("once")
@ExtendWith(LeakCheck.class)
@DisplayNameGeneration(RowNames.class)
class ClientGridTest {
    /** What may lead to a stop. */
    private static final Set<String> RESUMING =
            Set.of("configurationDone", "continue", "next", "stepIn", "stepOut", "pause", "restart");

    private static final String LOOP = """
            def twice(number):
                return number * 2


            total = 0
            for number in range(1000):
                total += twice(number)
            """;

    @TempDir
    private Path folder;

    @Row(
            value = "`initialized` before the answer to `initialize`",
            clients = "Kate never sends `launch`",
            ours = "it comes once, after that answer and after `launch`")
    void initializedComesOnceAfterTheAnswerToInitialize() {
        Recordings.everywhere(recording -> {
            Timeline timeline = recording.timeline();
            timeline.noneBefore(event("initialized"), response("initialize"));
            timeline.noneBefore(event("initialized"), request("launch"));
            assertThat(timeline.all(event("initialized")))
                    .hasSize(recording.program().starts() ? 1 : 0);
        });
    }

    @Row(
            value = "the answer to `launch` only after `configurationDone`",
            clients = "none of these; one that waits for it would wait for ever",
            ours = "it waits for the program's start, and for half a second at most")
    void theAnswerToLaunchDoesNotWaitForTheConfiguration() {
        for (Recording kate : Recordings.of("kate")) {
            kate.timeline().noneAfter(response("launch"), request("configurationDone"));
            kate.timeline().inOrder(response("launch").succeeding(), request("configurationDone"));
        }
    }

    @Row(
            value = "the answer to `launch` before `initialized`",
            clients = "none of these",
            ours = "it comes after `initialized`")
    void theAnswerToLaunchComesAfterInitialized() {
        Recordings.everywhere(recording -> {
            if (recording.program().starts()) {
                recording.timeline().noneBefore(response("launch"), event("initialized"));
            }
        });
    }

    @Row(
            value = "no `supportsConfigurationDoneRequest`",
            clients = "Kate's user has nothing to go on with",
            ours = "it is announced, and the request answered")
    void configurationDoneIsAnnouncedAndAnswered() {
        Recordings.everywhere(recording -> {
            assertThat(recording.answers("initialize"))
                    .hasSize(1)
                    .allSatisfy(answer -> assertThat(answer.body().get("supportsConfigurationDoneRequest"))
                            .hasToString("true"));
            assertThat(recording.answers("configurationDone"))
                    .hasSameSizeAs(recording.timeline().all(request("configurationDone")));
        });
    }

    @Row(
            value = "an answer to `initialize` without a body",
            clients = "dap-mode fails",
            ours = "the body has the capabilities")
    void theAnswerToInitializeHasABody() {
        Recordings.everywhere(recording -> assertThat(recording.answers("initialize"))
                .hasSize(1)
                .allSatisfy(answer -> assertThat(answer.body().keySet()).isNotEmpty()));
    }

    @Row(
            value = "the header in another spelling, as `content-length:`",
            clients = "VS Code, dap-mode, vimspector, LSP4E, DebugClient read nothing",
            ours = "`Content-Length: N`, exactly")
    void theHeaderIsSpelledExactly() throws IOException {
        List<String> headers = WireBytes.headers(WireBytes.ofASession());
        assertThat(headers).hasSizeGreaterThan(10).allMatch(header -> header.startsWith("Content-Length: "));
    }

    @Row(
            value = "another header, as `Content-Type`",
            clients = "none of these; simpler ones take each line for the length",
            ours = "none, and every length is that of the bytes that follow")
    void thereIsNoOtherHeader() throws IOException {
        byte[] bytes = WireBytes.ofASession();
        assertThat(WireBytes.headers(bytes)).allMatch(header -> header.matches("[A-Za-z-]+: [0-9]+"));
        assertThat(new String(bytes, StandardCharsets.UTF_8)).endsWith("}");
    }

    @Row(
            value = "`stopped` before the answer to the request that leads to it",
            clients = "dape loses the stop; Kate thinks that the program runs, and its steps are disabled",
            ours = "the answer is first: to `configurationDone`, `continue`, steps, `pause`, `restart`")
    void theAnswerIsBeforeTheStopThatItLeadsTo() {
        Recordings.everywhere(recording -> assertAnsweredBeforeStops(recording.timeline()));
        try (PythonSession session = PythonSession.of(folder, LOOP)) {
            session.launch(Pythons.newest(), "stopOnEntry", true).go();
            session.stopped("entry");
            session.breakpoints(7);
            session.resume();
            session.stopped("breakpoint");
            session.breakpoints();
            for (int round = 0; round < 25; round++) {
                assertThat(session.step("stepIn")).isEqualTo(2);
                session.step("stepOut");
                session.step("next");
                assertThat(session.step("next")).isEqualTo(7);
            }
            assertThat(session.timeline().all(event("stopped"))).hasSize(2 + 4 * 25);
            assertAnsweredBeforeStops(session.timeline());
        }
    }

    private static void assertAnsweredBeforeStops(Timeline timeline) {
        for (Entry stop : timeline.all(event("stopped"))) {
            Entry cause = timeline.entries().subList(0, stop.index()).stream()
                    .filter(entry -> entry.kind() == Entry.Kind.REQUEST && RESUMING.contains(entry.name()))
                    .reduce((earlier, later) -> later)
                    .orElseThrow(() -> new AssertionError("nothing has led to " + stop));
            assertThat(timeline.entries().subList(cause.index(), stop.index()))
                    .as("the answer to %s is before %s", cause, stop)
                    .anyMatch(entry -> entry.kind() == Entry.Kind.RESPONSE && entry.requestSeq() == cause.seq());
        }
    }

    @Row(
            value = "`stopped` without `threadId`",
            clients = "nvim-dap and dap-mode show no stop",
            ours = "it always names a thread that the client was told of")
    void everyStopNamesAThread() {
        Recordings.everywhere(recording -> assertThat(recording.events("stopped"))
                .allSatisfy(stop -> {
                    JsonElement thread = stop.body().get("threadId");
                    assertThat(thread).as(stop.toString()).isNotNull();
                    assertThat(threadsTold(recording)).contains(thread.getAsInt());
                }));
        assertThat(stops()).isGreaterThan(15);
    }

    private static Set<Integer> threadsTold(Recording recording) {
        return Stream.concat(
                        recording.objects("threads").stream().map(listed -> listed.get("id")),
                        recording.events("thread").stream()
                                .map(event -> event.body().get("threadId")))
                .map(JsonElement::getAsInt)
                .collect(Collectors.toSet());
    }

    private static long stops() {
        return Recordings.all().stream()
                .mapToLong(recording -> recording.events("stopped").size())
                .sum();
    }

    @Row(
            value = "`stopped` without `allThreadsStopped`",
            clients = "none of these; VS Code shows the other threads as running",
            ours = "it always says")
    void everyStopSaysWhetherAllThreadsStopped() {
        Recordings.everywhere(recording -> assertThat(recording.events("stopped"))
                .allSatisfy(stop -> assertThat(stop.body().get("allThreadsStopped"))
                        .as(stop.toString())
                        .hasToString("true")));
        assertThat(stops()).isGreaterThan(15);
    }

    @Row(
            value = "`output` without a category",
            clients = "dape does not show it",
            ours = "it is always `stdout`, `stderr` or `console`")
    void everyOutputHasACategory() {
        Recordings.everywhere(recording -> assertThat(recording.events("output"))
                .allSatisfy(event -> assertThat(event.text("category")).isIn("stdout", "stderr", "console")));
    }

    @Row(value = "no `exited`", clients = "all: the exit code is missing", ours = "one, with the exit code")
    void oneExitedTellsTheCode() {
        Recordings.everywhere(recording -> assertThat(recording.events("exited"))
                .hasSize(recording.program().starts() ? 1 : 0)
                .allSatisfy(exited -> assertThat(exited.body().get("exitCode").getAsInt())
                        .isEqualTo(recording.program().exitCode())));
    }

    @Row(
            value = "no `terminated`",
            clients = "in VS Code, nvim-dap and dape the session stays open",
            ours = "exactly one")
    void exactlyOneTerminatedEndsTheSession() {
        Recordings.everywhere(recording -> {
            if (recording.program().starts() && recording.conversation().hearsTerminated()) {
                assertThat(recording.events("terminated")).hasSize(1);
            }
        });
    }

    @Row(
            value = "`terminated` before `exited`",
            clients = "nvim-dap and dap-mode lose the exit code",
            ours = "`exited` is before `terminated`")
    void exitedComesBeforeTerminated() {
        Recordings.everywhere(recording -> {
            if (!recording.events("terminated").isEmpty()) {
                recording.timeline().noneAfter(event("exited"), event("terminated"));
            }
        });
    }

    @Row(
            value = "output after `exited`",
            clients = "dap-mode and LSP4E lose it",
            ours = "all of it is before, the line about the end too")
    void noOutputComesAfterExited() {
        Recordings.everywhere(recording -> {
            if (recording.program().starts()) {
                recording.timeline().noneAfter(event("output"), event("exited"));
                assertThat(recording.timeline().output("stdout")).isEqualTo(TargetProgram.OUTPUT);
                assertThat(recording.timeline().all(output("console"))).isNotEmpty();
            }
        });
    }
}
