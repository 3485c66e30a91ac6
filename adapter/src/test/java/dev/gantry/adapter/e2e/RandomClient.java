package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.end;
import static dev.gantry.fixtures.Expectation.responseTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Sends random requests to one adapter after the other, and checks the answers. Used on one thread. */
final class RandomClient {
    /** More requests than these on one adapter would leave too few beginnings and ends. */
    private static final int PER_SESSION = 400;

    private static final String[] COMMANDS =
            ("attach breakpointLocations cancel completions configurationDone continue dataBreakpointInfo disassemble disconnect"
                            + " evaluate exceptionInfo goto gotoTargets initialize launch loadedSources locations modules next pause"
                            + " readMemory restart restartFrame reverseContinue scopes setBreakpoints setDataBreakpoints"
                            + " setExceptionBreakpoints setExpression setFunctionBreakpoints setInstructionBreakpoints setVariable source"
                            + " stackTrace stepBack stepIn stepInTargets stepOut terminate terminateThreads threads variables writeMemory"
                            + " gantry/signal gantry/write gantry/closeStdin gantry/resize gantry/processTree"
                            + " runInTerminal startDebugging unknown gantry/unknown ünï")
                    .split(" ");

    private final Random random;

    RandomClient(long seed) {
        random = new Random(seed);
    }

    /** Returns in how many sessions. */
    int send(int requests) {
        int asked = 0;
        int sessions = 0;
        while (asked < requests) {
            asked += oneSession(Math.min(PER_SESSION, requests - asked));
            sessions++;
        }
        return sessions;
    }

    /** Returns how many requests it sent. */
    private int oneSession(int most) {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            List<Integer> sent = new ArrayList<>();
            boolean open = true;
            if (random.nextInt(10) > 0) {
                sent.add(adapter.client().send("initialize", Json.object("supportsRunInTerminalRequest", true)));
            }
            while (open && sent.size() < most) {
                open = burst(adapter, sent);
            }
            if (open) {
                sent.add(adapter.client().send("disconnect"));
            }
            adapter.client().awaitEnd();
            assertThat(adapter.timeline().all(end()).get(0).message().has("broken"))
                    .as(adapter.timeline().story())
                    .isFalse();
            assertAnswers(adapter, sent);
            return sent.size();
        }
    }

    /** Some requests at once, then the answer to the last; false if the connection has ended. */
    private boolean burst(AdapterProcess adapter, List<Integer> sent) {
        DapClient client = adapter.client();
        boolean ending = false;
        try {
            for (int i = random.nextInt(8); i >= 0; i--) {
                String command = command();
                ending |= command.equals("disconnect");
                sent.add(client.send(command, arguments(command)));
            }
        } catch (UncheckedIOException closed) {
            return false;
        }
        if (ending) {
            return client.timeline().all(end()).isEmpty() && !awaitsEnd(client, sent);
        }
        Entry last =
                client.timeline().await(responseTo(sent.get(sent.size() - 1)).or(end()));
        return last.kind() != Entry.Kind.END;
    }

    /** After a disconnect that was accepted the stream ends. */
    private static boolean awaitsEnd(DapClient client, List<Integer> sent) {
        return client.timeline()
                        .await(end().or(responseTo(sent.get(sent.size() - 1))))
                        .kind()
                == Entry.Kind.END;
    }

    private String command() {
        // The beginning of a session is rare among so many commands: it is made likelier.
        return switch (random.nextInt(12)) {
            case 0 -> "launch";
            case 1 -> "configurationDone";
            case 2 -> random.nextInt(8) == 0 ? "disconnect" : "restart";
            default -> {
                String any = COMMANDS[random.nextInt(COMMANDS.length)];
                yield any.equals("disconnect") && random.nextInt(4) > 0 ? "threads" : any;
            }
        };
    }

    private JsonElement arguments(String command) {
        if (random.nextInt(20) == 0) {
            return any();
        }
        JsonObject object = new JsonObject();
        if (command.equals("launch") || (command.equals("restart") && random.nextBoolean())) {
            JsonObject launch = launch();
            return command.equals("launch") ? launch : Json.object("arguments", launch);
        }
        String[] names = {
            "threadId",
            "frameId",
            "expression",
            "context",
            "signal",
            "scope",
            "base64",
            "text",
            "columns",
            "rows",
            "requestId",
            "breakpoints",
            "filters",
            "variablesReference",
            "terminateDebuggee",
            "restart",
            "arguments"
        };
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = names[random.nextInt(names.length)];
            // A detached target would outlive the test.
            object.add(name, name.equals("terminateDebuggee") ? Json.array() : any());
        }
        return object;
    }

    private JsonObject launch() {
        JsonObject launch = switch (random.nextInt(6)) {
            case 0 -> Json.object("program", "/bin/true");
            case 1 -> Json.shell("exec cat");
            case 2 -> Json.shell("trap '' TERM; sleep 50 & echo ready; wait");
            case 3 -> Json.shell("exec seq 1 100000");
            case 4 -> Json.with(Json.shell("exec cat"), "tty", true);
            default -> Json.object("program", any());
        };
        return random.nextInt(6) == 0
                ? Json.with(launch, "console", "integratedTerminal")
                : Json.with(launch, "stopLadder", Json.array("SIGTERM:0.05"));
    }

    private JsonElement any() {
        return switch (random.nextInt(12)) {
            case 0 -> Json.NULL;
            case 1 -> Json.array();
            case 2 -> Json.array(1, "x", Json.object());
            case 3 -> Json.object("a", Json.object("b", 1));
            case 4 -> Json.object("v", true).get("v");
            case 5 -> Json.object("v", -1).get("v");
            case 6 -> Json.object("v", 1e300).get("v");
            case 7 -> Json.object("v", Integer.MAX_VALUE).get("v");
            case 8 -> Json.object("v", "x\0\ud800\n").get("v");
            case 9 -> Json.object("v", "CONT").get("v");
            case 10 -> Json.object("v", "QUJD").get("v");
            default -> Json.object("v", 1).get("v");
        };
    }

    /** At most one each; and every one before the first that was not answered, since only what came too late may be lost. */
    private static void assertAnswers(AdapterProcess adapter, List<Integer> sent) {
        Set<Integer> answered = new HashSet<>();
        for (Entry entry : adapter.timeline().entries()) {
            if (entry.kind() == Entry.Kind.RESPONSE) {
                assertThat(answered.add(entry.requestSeq()))
                        .as("a second answer: %s", entry)
                        .isTrue();
            }
        }
        assertThat(sent).containsAll(answered);
        List<Integer> lost =
                sent.stream().filter(seq -> !answered.contains(seq)).toList();
        if (!lost.isEmpty()) {
            int lastAnswered = answered.stream().mapToInt(seq -> seq).max().orElse(0);
            assertThat(lost)
                    .as(
                            "unanswered before an answered one:\n%s",
                            adapter.timeline().story())
                    .allSatisfy(seq -> assertThat(seq).isGreaterThan(lastAnswered));
        }
    }
}
