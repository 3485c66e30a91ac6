package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessTransport.State;
import dev.gantry.launcher.SpawnException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every request of the protocol, in any state, with any arguments, while the target does what it likes. */
class RandomWalkTest {
    private static final int REQUESTS = 10_000;

    private static final List<String> COMMANDS = List.of(
            "attach",
            "breakpointLocations",
            "cancel",
            "completions",
            "configurationDone",
            "continue",
            "dataBreakpointInfo",
            "disassemble",
            "disconnect",
            "evaluate",
            "exceptionInfo",
            "goto",
            "gotoTargets",
            "initialize",
            "launch",
            "loadedSources",
            "locations",
            "modules",
            "next",
            "pause",
            "readMemory",
            "restart",
            "restartFrame",
            "reverseContinue",
            "scopes",
            "setBreakpoints",
            "setDataBreakpoints",
            "setExceptionBreakpoints",
            "setExpression",
            "setFunctionBreakpoints",
            "setInstructionBreakpoints",
            "setVariable",
            "source",
            "stackTrace",
            "stepBack",
            "stepIn",
            "stepInTargets",
            "stepOut",
            "terminate",
            "terminateThreads",
            "threads",
            "variables",
            "writeMemory",
            "gantry/signal",
            "gantry/write",
            "gantry/closeStdin",
            "gantry/resize",
            "gantry/processTree",
            "gantry/nonsense",
            "");

    private static final List<String> NAMES = List.of(
            "threadId",
            "frameId",
            "variablesReference",
            "expression",
            "context",
            "program",
            "arguments",
            "signal",
            "scope",
            "base64",
            "text",
            "columns",
            "rows",
            "breakpoints",
            "filters",
            "requestId",
            "terminateDebuggee",
            "start",
            "count",
            "startFrame",
            "pathFormat",
            "console",
            "stopLadder",
            "killTree",
            "supportsRunInTerminalRequest");

    private final List<FakeClient.RecordedReply> replies = new ArrayList<>();
    private FakeReactor reactor = new FakeReactor();
    private FakeClient client = new FakeClient();
    private Session session = newSession();
    private int sessions;

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300, 4000})
    void everyRequestGetsExactlyOneAnswer(long seed) {
        Random random = new Random(seed);
        for (int sent = 0; sent < REQUESTS; sent++) {
            // Closed by a disconnect, or the client vanishes at any moment.
            if (client.closed || random.nextInt(80) == 0) {
                startOver();
            }
            sendOne(random);
            if (random.nextInt(3) == 0) {
                somethingHappens(random);
            }
        }
        end();
        assertThat(replies).hasSize(REQUESTS);
        assertThat(sessions).as("sessions that came to their end").isGreaterThan(50);
    }

    private void startOver() {
        end();
        reactor = new FakeReactor();
        client = new FakeClient();
        session = newSession();
    }

    /** The client goes, time passes: whatever was still open must have its answer. */
    private void end() {
        sessions++;
        session.clientGone("the walk ends");
        reactor.advance(Duration.ofHours(1));
        assertThat(client.closed).isTrue();
        for (FakeClient.RecordedReply reply : replies) {
            assertThat(reply.answers).as("answers to " + reply.command()).isEqualTo(1);
            assertThat(reply.message).doesNotContain("internal error");
        }
    }

    private void sendOne(Random random) {
        // The usual beginning often enough that the deep states are reached too.
        String command = switch (random.nextInt(8)) {
            case 0 -> "initialize";
            case 1 -> "launch";
            case 2 -> "configurationDone";
            default -> COMMANDS.get(random.nextInt(COMMANDS.size()));
        };
        JsonObject arguments = random.nextInt(4) == 0 ? new JsonObject() : arguments(random);
        if (command.equals("launch") && random.nextInt(4) > 0) {
            arguments = new JsonObject();
            arguments.addProperty("program", "/bin/cat");
            if (random.nextInt(3) == 0) {
                arguments.addProperty("console", "integratedTerminal");
            }
        }
        if ((command.equals("disconnect") || command.equals("terminate")) && random.nextInt(3) > 0) {
            command = "threads";
        }
        String malformed = random.nextInt(50) == 0 ? "the arguments are no object" : null;
        FakeClient.RecordedReply reply = new FakeClient.RecordedReply(client, command);
        replies.add(reply);
        session.request(random.nextInt(100), command, arguments, malformed, reply);
    }

    private void somethingHappens(Random random) {
        reactor.advance(Duration.ofMillis(random.nextInt(700)));
        if (random.nextInt(10) == 0) {
            reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        }
        if (!client.reverseRequests.isEmpty()) {
            answerTerminal(random);
        }
        if (reactor.spawned.isEmpty()) {
            return;
        }
        FakeTransport process = reactor.lastSpawned();
        if (!process.connected) {
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> process.writes(1 + random.nextInt(2), "output");
            case 1 -> process.onSignal = signal -> {};
            case 2 -> {
                if (process.state() == State.SPAWNED) {
                    process.exits(ExitReason.of(random.nextBoolean() ? 0 : 9));
                }
            }
            default -> {
                if (process.state() == State.EXITED) {
                    process.ends();
                }
            }
        }
    }

    private void answerTerminal(Random random) {
        java.util.function.Consumer<Client.Answer> answer = client.reverseRequests.remove(0);
        if (random.nextInt(4) == 0) {
            answer.accept(new Client.Answer.Failed("no terminal"));
            return;
        }
        answer.accept(new Client.Answer.Success(new JsonObject()));
        FakeTransport process = reactor.lastSpawned();
        if (!process.startCancelled && !process.connected) {
            process.starts();
        }
    }

    private static JsonObject arguments(Random random) {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(4); i >= 0; i--) {
            object.add(NAMES.get(random.nextInt(NAMES.size())), value(random));
        }
        return object;
    }

    private static JsonElement value(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2 -> new JsonPrimitive(random.nextInt());
            case 3 -> new JsonPrimitive(random.nextDouble() * 1e300);
            case 4 -> new JsonPrimitive("repl");
            case 5 -> new JsonPrimitive("text \u0000 with anything");
            case 6 -> new JsonArray();
            case 7 -> new JsonObject();
            default -> new JsonPrimitive(random.nextInt(3));
        };
    }

    private Session newSession() {
        return new Session(
                client,
                reactor,
                new SessionSettings(
                        new LaunchParser(Host.current()),
                        new FakeAgent.Home(),
                        TokenGate.open(),
                        line -> {},
                        () -> {}));
    }
}
