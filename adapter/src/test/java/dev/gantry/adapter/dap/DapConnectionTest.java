package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.session.Client;
import dev.gantry.adapter.session.Endpoint;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import dev.gantry.adapter.session.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.eclipse.lsp4j.debug.Breakpoint;
import org.eclipse.lsp4j.debug.ExitedEventArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DapConnectionTest {
    private final ThreadReactor reactor = new ThreadReactor();
    private final RecordingTrace trace = new RecordingTrace();
    private final BytePipe in = new BytePipe();
    private final SlowClient out = new SlowClient();
    private final List<String> heard = new ArrayList<>();
    private @Nullable Client client;
    private @Nullable DapConnection connection;
    private BiConsumer<String, Reply> handler = (command, reply) -> reply.success(null);

    @AfterEach
    void leavesNothingBehind() throws Exception {
        out.takeAll();
        reactor.call(() -> {
            client().close();
            return true;
        });
        connection().closed().get(10, TimeUnit.SECONDS);
        assertThat(out.isClosed()).isTrue();
        assertThat(in.isClosed()).isTrue();
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("dap-")));
        reactor.close();
    }

    @Test
    void answersARequestUnderItsNumberAndCommand() throws Exception {
        handler = (command, reply) -> {
            SetBreakpointsResponse body = new SetBreakpointsResponse();
            Breakpoint breakpoint = new Breakpoint();
            breakpoint.setVerified(true);
            body.setBreakpoints(new Breakpoint[] {breakpoint});
            reply.success(body);
        };
        open();
        in.send(request(41, "setBreakpoints"));

        JsonObject response = message(0);
        assertThat(response.get("type").getAsString()).isEqualTo("response");
        assertThat(response.get("seq").getAsInt()).isEqualTo(1);
        assertThat(response.get("request_seq").getAsInt()).isEqualTo(41);
        assertThat(response.get("command").getAsString()).isEqualTo("setBreakpoints");
        assertThat(response.get("success").getAsBoolean()).isTrue();
        assertThat(response.getAsJsonObject("body").toString()).isEqualTo("{\"breakpoints\":[{\"verified\":true}]}");
    }

    @Test
    void aResponseGoesBeforeTheEventsThatFollowIt() throws Exception {
        handler = (command, reply) -> {
            client().event("before", null);
            reply.success(Map.of("a", 1));
            client().event("after", new JsonObject());
        };
        open();
        for (int i = 1; i <= 50; i++) {
            in.send(request(i, "next"));
        }

        List<JsonObject> all = messages(150);
        for (int i = 0; i < 150; i++) {
            assertThat(all.get(i).get("seq").getAsInt()).isEqualTo(i + 1);
        }
        assertThat(all.get(0).get("event").getAsString()).isEqualTo("before");
        assertThat(all.get(1).get("request_seq").getAsInt()).isEqualTo(1);
        assertThat(all.get(2).get("event").getAsString()).isEqualTo("after");
    }

    @Test
    void aFailureCarriesItsErrorInTheBody() throws Exception {
        handler = (command, reply) ->
                reply.failure(new Failure(1234, Failure.Blame.USER, "no such file: /x. Check 'program'."));
        open();
        in.send(request(1, "launch"));

        JsonObject response = message(0);
        assertThat(response.get("success").getAsBoolean()).isFalse();
        assertThat(response.get("message").getAsString()).isEqualTo("no such file: /x. Check 'program'.");
        JsonObject error = response.getAsJsonObject("body").getAsJsonObject("error");
        assertThat(error.get("id").getAsInt()).isEqualTo(1234);
        assertThat(error.get("format").getAsString()).isEqualTo("no such file: /x. Check 'program'.");
        assertThat(error.get("showUser").getAsBoolean()).isTrue();
    }

    @Test
    void anExceptionInAHandlerIsAnsweredAndTheSessionGoesOn() throws Exception {
        handler = (command, reply) -> {
            if (command.equals("bad")) {
                throw new IllegalStateException("deliberate");
            }
            reply.success(null);
        };
        open();
        in.send(request(1, "bad"));
        in.send(request(2, "good"));

        assertThat(message(0).get("message").getAsString())
                .contains("internal error in 'bad'")
                .contains("deliberate")
                .contains("E1 in a test");
        assertThat(message(1).get("success").getAsBoolean()).isTrue();
        assertThat(trace.faults).singleElement().asString().contains("deliberate");
    }

    @Test
    void aSecondAnswerIsReportedNotSent() throws Exception {
        handler = (command, reply) -> {
            assertThat(reply.isOpen()).isTrue();
            reply.success(null);
            assertThat(reply.isOpen()).isFalse();
            reply.failure(new Failure(1, Failure.Blame.BUG, "again"));
            client().event("last", null);
        };
        open();
        in.send(request(1, "x"));

        assertThat(messages(2).get(1).get("event").getAsString()).isEqualTo("last");
        assertThat(trace.faults).singleElement().asString().contains("a second answer to 'x' (request 1)");
    }

    @Test
    void aBodyThatCannotBeWrittenIsAnInternalErrorAndIsAnswered() throws Exception {
        handler = (command, reply) -> reply.success(Map.of("nan", Double.NaN));
        open();
        in.send(request(1, "x"));

        assertThat(message(0).get("success").getAsBoolean()).isFalse();
    }

    @Test
    void brokenMessagesAreAnsweredOrTold() throws Exception {
        open();
        in.send("{\"seq\":1,\"type\":\"request\",\"command\":\"x\",\"arguments\":{}");
        in.send("nonsense");
        in.send("{\"seq\":3000000000,\"type\":\"request\",\"command\":\"y\"}");
        in.send(request(2, "z"));

        List<JsonObject> all = messages(3);
        assertThat(all.get(0).get("request_seq").getAsInt()).isEqualTo(1);
        assertThat(all.get(0).get("message").getAsString()).contains("not valid JSON");
        assertThat(all.get(1).get("request_seq").getAsLong()).isEqualTo(3_000_000_000L);
        assertThat(all.get(2).get("command").getAsString()).isEqualTo("z");
        assertThat(reactor.call(() -> List.copyOf(heard)))
                .containsExactly("broken: the message is not valid JSON: malformed at line 1 column 1 path $", "z");
    }

    @Test
    void aMessageOverTheLimitIsAnsweredAndTheSessionGoesOn() throws Exception {
        open();
        int size = FrameReader.BODY_LIMIT + 1;
        String start = "{\"seq\":8,\"type\":\"request\",\"command\":\"evaluate\",\"arguments\":{\"expression\":\"";
        in.sendRaw("Content-Length: " + size + "\r\n\r\n" + start);
        in.sendRaw("x".repeat(size - start.length() - 3) + "\"}}");
        in.send(request(9, "threads"));

        assertThat(message(0).get("request_seq").getAsInt()).isEqualTo(8);
        assertThat(message(0).get("message").getAsString())
                .isEqualTo("message of 33554433 bytes is over the limit of 33554432");
        assertThat(message(1).get("request_seq").getAsInt()).isEqualTo(9);
    }

    @Test
    void aStreamThatCannotBeReadEndsWithOneClearReason() throws Exception {
        open();
        in.send(request(1, "x"));
        in.sendRaw("{\"seq\":2}");
        in.send(request(3, "never seen"));

        await().until(() -> reactor.call(() -> heard.size() == 3));
        assertThat(heard.get(1)).startsWith("broken: expected a header").endsWith("nothing can be read after it");
        assertThat(heard.get(2)).startsWith("gone: the client's stream cannot be read any further: expected a header");
        assertThat(message(0).get("request_seq").getAsInt()).isEqualTo(1);
    }

    @Test
    void theEndOfTheStreamIsToldAfterAllMessagesAndAnswersStillGoOut() throws Exception {
        open();
        in.send(request(1, "a"));
        in.end();

        await().until(() -> reactor.call(() -> heard.size() == 2));
        assertThat(heard).containsExactly("a", "gone: the client closed its stream");
        reactor.execute(() -> client().event("late", null));
        assertThat(messages(2).get(1).get("event").getAsString()).isEqualTo("late");
    }

    @Test
    void aReverseRequestIsAnsweredFailedOrEndedWithTheClient() throws Exception {
        open();
        List<Client.Answer> answers = new ArrayList<>();
        reactor.execute(() -> {
            client().request("runInTerminal", Map.of("args", List.of("a")), answers::add);
            client().request("runInTerminal", Map.of(), answers::add);
            client().request("startDebugging", Map.of(), answers::add);
        });
        assertThat(messages(3).get(0).get("command").getAsString()).isEqualTo("runInTerminal");
        in.send("{\"seq\":1,\"type\":\"response\",\"request_seq\":1,\"success\":true,\"body\":{\"processId\":5}}");
        in.send("{\"seq\":2,\"type\":\"response\",\"request_seq\":2,\"success\":false,\"message\":\"no terminal\"}");
        in.send("{\"seq\":3,\"type\":\"response\",\"request_seq\":2,\"success\":true}");
        in.end();

        await().until(() -> reactor.call(() -> answers.size() == 3));
        JsonObject body = new JsonObject();
        body.addProperty("processId", 5);
        assertThat(answers)
                .containsExactly(
                        new Client.Answer.Success(body),
                        new Client.Answer.Failed("no terminal"),
                        new Client.Answer.Failed("the client closed its stream"));
        assertThat(trace.notes).anyMatch(note -> note.contains("waits for none"));
    }

    @Test
    void outputGoesBeforeTheEventThatFollowsIt() throws Exception {
        open();
        reactor.execute(() -> {
            OutputChannel stdout = client().outputChannel(new OutputFormat("stdout", UTF_8, false, false));
            stdout.write(ByteBuffer.wrap("last words".getBytes(UTF_8)));
            ExitedEventArguments exited = new ExitedEventArguments();
            exited.setExitCode(3);
            client().event("exited", exited);
        });

        List<JsonObject> all = messages(2);
        assertThat(Sent.text(all.get(0))).isEqualTo("last words");
        assertThat(all.get(1).getAsJsonObject("body").toString()).isEqualTo("{\"exitCode\":3}");
        assertThat(all.get(0).get("seq").getAsInt()).isEqualTo(1);
        assertThat(all.get(1).get("seq").getAsInt()).isEqualTo(2);
    }

    @Test
    void aDeadClientIsToldOnceAndLaterCallsDoNothing() throws Exception {
        open();
        out.breakDown();
        reactor.execute(() -> client().event("x", null));
        await().until(() -> reactor.call(() -> !heard.isEmpty()));
        List<Client.Answer> answers = new ArrayList<>();
        List<String> flushed = new ArrayList<>();
        in.end();
        reactor.call(() -> {
            client().event("y", null);
            client().request("runInTerminal", Map.of(), answers::add);
            client().whenFlushed(() -> flushed.add("flushed"));
            return true;
        });
        await().until(() -> reactor.call(() -> !flushed.isEmpty()));

        assertThat(heard).containsExactly("gone: writing to the client failed: Broken pipe");
        assertThat(answers).containsExactly(new Client.Answer.Failed("the client is gone"));
    }

    @Test
    void theFirstMessageIsReadAgainAndItsReplyIsAnsweredAlready() throws Exception {
        List<Boolean> open = new ArrayList<>();
        handler = (command, reply) -> {
            open.add(reply.isOpen());
            reply.success(Map.of("supportsX", true));
            client().event("initialized", null);
        };
        String first = request(1, "initialize");
        in.sendRaw("Content-Length: " + first.length() + "\r\n\r\n" + first + "Content-Le");
        ByteArrayOutputStream early = new ByteArrayOutputStream();
        out.takeAll();
        FirstBytes bytes = EarlyInitialize.answer(in, early, "{}".getBytes(UTF_8));
        assertThat(bytes.answered()).isTrue();
        open(bytes);
        in.sendRaw("ngth: " + request(2, "x").length() + "\r\n\r\n" + request(2, "x"));

        List<JsonObject> all = messages(3);
        assertThat(Sent.message(early.toByteArray()).get("seq").getAsInt()).isEqualTo(1);
        assertThat(all.get(0).get("event").getAsString()).isEqualTo("initialized");
        assertThat(all.get(0).get("seq").getAsInt()).isEqualTo(2);
        assertThat(all.get(1).get("request_seq").getAsInt()).isEqualTo(2);
        assertThat(open).containsExactly(false, true);
        assertThat(trace.faults).isEmpty();
    }

    /** A signal may end the session between the early answer and the moment the request is heard. */
    @Test
    void aRequestThatWasAnsweredEarlyAndComesTooLateIsNoFault() throws Exception {
        handler = (command, reply) -> reply.failure(new Failure(1, Failure.Blame.EXPECTED, "too late"));
        in.send(request(1, "initialize"));
        open(EarlyInitialize.answer(in, new ByteArrayOutputStream(), "{}".getBytes(UTF_8)));
        await().untilAsserted(() -> assertThat(heard).containsExactly("initialize"));
        reactor.call(() -> true);
        assertThat(trace.faults).isEmpty();
        assertThat(out.taken()).isEmpty();
    }

    @Test
    void aRequestThatWasAnsweredWithSuccessAndFailsForAnotherReasonIsAFault() throws Exception {
        handler = (command, reply) -> reply.failure(new Failure(1, Failure.Blame.PEER, "wrong"));
        in.send(request(1, "initialize"));
        open(EarlyInitialize.answer(in, new ByteArrayOutputStream(), "{}".getBytes(UTF_8)));
        await().untilAsserted(() ->
                assertThat(trace.faults).singleElement().asString().contains("wrong"));
    }

    @Test
    void writesToAnotherStreamFromAFrameStartOn() throws Exception {
        open();
        reactor.execute(() -> client().event("one", null));
        messages(1);
        SlowClient other = new SlowClient();
        other.takeAll();
        connection().switchOutput(() -> other).get(10, TimeUnit.SECONDS);
        reactor.execute(() -> client().event("two", null));

        await().untilAsserted(() -> assertThat(Sent.stream(other.taken())).hasSize(1));
        assertThat(Sent.stream(out.taken())).hasSize(1);
        reactor.execute(() -> client().close());
        connection().closed().get(10, TimeUnit.SECONDS);
        assertThat(other.isClosed()).isTrue();
        out.close();
    }

    @Test
    void aSessionThatCannotBeMadeEndsTheConnection() throws Exception {
        open();
        BytePipe otherIn = new BytePipe();
        SlowClient otherOut = new SlowClient();
        DapConnection other = DapConnection.open(
                new DapConnection.Streams(otherIn, otherOut),
                FirstBytes.none(),
                reactor,
                made -> {
                    throw new IllegalStateException("deliberate");
                },
                Intake.forOne(),
                trace);

        other.closed().get(10, TimeUnit.SECONDS);
        assertThat(otherOut.isClosed()).isTrue();
        assertThat(otherIn.isClosed()).isTrue();
        assertThat(trace.faults).singleElement().asString().contains("deliberate");
    }

    @Test
    void aReaderThatRunsOutOfMemoryEndsTheSession() throws Exception {
        open();
        in.fail(new OutOfMemoryError("deliberate"));

        await().untilAsserted(() -> assertThat(heard).singleElement().asString().contains("gone: ", "deliberate"));
    }

    private void open() throws Exception {
        out.takeAll();
        open(FirstBytes.none());
    }

    private void open(FirstBytes first) throws Exception {
        DapConnection.Streams streams = new DapConnection.Streams(in, out);
        connection = DapConnection.open(streams, first, reactor, this::session, Intake.forOne(), trace);
        reactor.call(() -> true);
    }

    private Endpoint session(Client made) {
        client = made;
        return new Endpoint() {
            @Override
            public void request(
                    int seq, String command, JsonObject arguments, @Nullable String malformed, Reply reply) {
                assertThat(reactor.inReactorThread()).isTrue();
                heard.add(command);
                handler.accept(command, reply);
            }

            @Override
            public void brokenMessage(String why) {
                heard.add("broken: " + why);
            }

            @Override
            public void clientGone(String why) {
                heard.add("gone: " + why);
            }
        };
    }

    private Client client() {
        if (client == null) {
            throw new IllegalStateException("not connected");
        }
        return client;
    }

    private DapConnection connection() {
        if (connection == null) {
            throw new IllegalStateException("not connected");
        }
        return connection;
    }

    private static String request(int seq, String command) {
        return "{\"seq\":" + seq + ",\"type\":\"request\",\"command\":\"" + command + "\"}";
    }

    private JsonObject message(int index) {
        return messages(index + 1).get(index);
    }

    private List<JsonObject> messages(int count) {
        await().untilAsserted(() -> assertThat(Sent.stream(out.taken())).hasSizeGreaterThanOrEqualTo(count));
        return Sent.stream(out.taken());
    }
}
