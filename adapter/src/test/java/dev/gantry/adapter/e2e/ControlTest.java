package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Pythons;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client can do to a running target. */
@ExtendWith(LeakCheck.class)
class ControlTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final String WITH_CHILD = "sleep 66 >/dev/null 2>&1 </dev/null & echo $!; exec sleep 67";

    @Test
    void restartRunsTheSameAgainWithoutAnEndInBetween() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo $1; exec cat", "same"))) {
            adapter.timeline().awaitOutput("stdout", "same\n");
            long first = adapter.targetPid();
            adapter.client().ask("restart", null);
            adapter.timeline().awaitOutput("stdout", "same\nsame\n");
            assertThat(adapter.targetPid()).isNotEqualTo(first);
            assertThat(Processes.isAlive(first)).isFalse();
            adapter.timeline().never(event("exited")).never(event("terminated"));
            assertThat(adapter.timeline().all(event("gantry/exit"))).hasSize(1);
            adapter.timeline().inOrder(event("process"), event("gantry/exit"), response("restart"), event("process"));
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            adapter.timeline().exactlyOnce(event("exited"));
        }
    }

    @Test
    void restartTakesANewConfiguration() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo $1; exec cat", "old"))) {
            adapter.timeline().awaitOutput("stdout", "old\n");
            adapter.client()
                    .ask(
                            "restart",
                            Json.object(
                                    "arguments",
                                    Json.shell("echo $1 $V; exit 9", "new").deepCopy()));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("old\nnew\n");
            assertThat(adapter.timeline()
                            .exactlyOnce(event("exited"))
                            .body()
                            .get("exitCode")
                            .getAsInt())
                    .isEqualTo(9);
        }
    }

    @Test
    void aWrongNewConfigurationIsRefusedAndTheTargetLivesOn() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec cat"))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            Entry refused = adapter.client()
                    .request("restart", Json.object("arguments", Json.object("program", "/no/such/program")));
            assertThat(refused.success()).isFalse();
            assertThat(refused.failure()).contains("/no/such/program");
            assertThat(Processes.isAlive(adapter.targetPid())).isTrue();
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @Test
    void pauseStopsTheTargetAndContinueLetsItGoOn() {
        try (AdapterProcess adapter =
                AdapterProcess.running(Json.shell("echo ready; while read line; do echo got $line; done"))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            long pid = adapter.targetPid();
            adapter.client().ask("pause", Json.object("threadId", 1));
            Entry stopped = adapter.client().awaitEvent("stopped");
            assertThat(stopped.body().get("threadId").getAsInt()).isEqualTo(1);
            assertThat(stopped.body().get("allThreadsStopped").getAsBoolean()).isTrue();
            adapter.timeline().inOrder(response("pause"), event("stopped"));
            Processes.within(PATIENCE).until(() -> Processes.state(pid).equals(Optional.of('T')));
            assertThat(adapter.client().ask("threads", null).body().toString()).contains("paused, pid " + pid);
            assertThat(adapter.client()
                            .ask("stackTrace", Json.object("threadId", 1, "levels", 0))
                            .body()
                            .getAsJsonArray("stackFrames"))
                    .hasSize(1);
            adapter.client().ask("evaluate", Json.object("expression", "typed", "context", "repl"));
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\n");
            adapter.client().ask("continue", Json.object("threadId", 1));
            adapter.timeline().awaitOutput("stdout", "ready\ngot typed\n");
            adapter.client().ask("evaluate", Json.object("expression", ".eof", "context", "repl"));
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(adapter.client()
                            .request("evaluate", Json.object("expression", "late", "context", "repl"))
                            .success())
                    .isFalse();
        }
    }

    @Test
    void whatIsTypedForAProgramThatDoesNotReadHasALimit() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec wc -c"))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            String line = "x".repeat((4 << 20) - 1);
            Processes.signal("STOP", adapter.targetPid());
            int taken = 0;
            Entry answer = adapter.client().request("evaluate", Json.object("expression", line, "context", "repl"));
            while (answer.success() && taken < 20) {
                taken++;
                answer = adapter.client().request("evaluate", Json.object("expression", line, "context", "repl"));
            }
            assertThat(taken).isEqualTo(4);
            assertThat(answer.failure()).contains("does not read").contains("16 MiB wait for it");
            Processes.signal("CONT", adapter.targetPid());
            Processes.within(PATIENCE)
                    .until(() -> adapter.client()
                            .request("evaluate", Json.object("expression", "end", "context", "repl"))
                            .success());
            adapter.client().ask("evaluate", Json.object("expression", ".eof", "context", "repl"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\n" + ((4 << 22) + 4) + "\n");
        }
    }

    @Test
    void whatCannotBeWrittenInTheProgramsEncodingIsNotTyped() {
        JsonObject launch = Json.with(Json.shell("echo ready; cat"), "outputEncoding", "latin1");
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            assertThat(adapter.client()
                            .request("evaluate", Json.object("expression", "a日b", "context", "repl"))
                            .failure())
                    .contains("\"日\" (U+65E5) cannot be written in ISO-8859-1", "outputEncoding");
            adapter.client().ask("evaluate", Json.object("expression", "é", "context", "repl"));
            adapter.timeline().awaitOutput("stdout", "ready\né\n");
        }
    }

    @Test
    void aProgramThatEndsIsNotSaidToHoldItsOutput() {
        for (int i = 0; i < 20; i++) {
            JsonObject launch = Json.with(Json.launching(List.of("/bin/echo", "hi")), "drainTimeout", 0);
            try (AdapterProcess adapter = AdapterProcess.running(launch)) {
                adapter.awaitTerminated();
                assertThat(adapter.timeline().output("stdout")).isEqualTo("hi\n");
                assertThat(adapter.timeline().output("console")).doesNotContain("held open");
            }
        }
    }

    @Test
    void aProgramThatStoppedItselfIsShownAndContinued() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; kill -STOP $$; echo resumed"))) {
            long pid = adapter.targetPid();
            adapter.timeline().awaitOutput("stdout", "ready\n");
            Processes.within(PATIENCE).until(() -> Processes.state(pid).equals(Optional.of('T')));
            assertThat(adapter.client().ask("threads", null).body().toString()).contains("stopped, pid " + pid);
            adapter.client().ask("stackTrace", Json.object("threadId", 1));
            adapter.client().ask("continue", Json.object("threadId", 1));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\nresumed\n");
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @Test
    void theClientHearsOfAStopThatIsNotOursAndOfItsEnd() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("kill -STOP $$; exec cat"))) {
            assertThat(adapter.client().awaitEvent("stopped").body().toString()).contains("Stopped by a signal");
            Processes.signal("CONT", adapter.targetPid());
            adapter.client().awaitEvent("continued");
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            adapter.timeline()
                    .inOrder(event("process"), event("stopped"), event("continued"), event("exited"))
                    .exactlyOnce(event("stopped"));
        }
    }

    @Test
    void theClientHearsThatItsPauseWasEndedBySomebodyElse() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("exec cat"))) {
            adapter.client().ask("pause", Json.object("threadId", 1));
            Processes.within(PATIENCE)
                    .until(() -> Processes.state(adapter.targetPid()).equals(Optional.of('T')));
            Processes.signal("CONT", adapter.targetPid());
            adapter.client().awaitEvent("continued");
            assertThat(adapter.client().ask("threads", null).body().toString()).contains("running");
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
        }
    }

    @Test
    void whatPauseHasStoppedGoesOnWhenTheProgramIsKilledFromOutside() {
        assertChildGoesOn(Json.shell(WITH_CHILD), adapter -> Processes.signal("KILL", adapter.targetPid()));
    }

    @Test
    void whatPauseHasStoppedGoesOnWhereTheProgramAloneIsStopped() {
        assertChildGoesOn(
                Json.with(Json.shell(WITH_CHILD), "killTree", "never"),
                adapter -> adapter.client().ask("terminate", null));
    }

    private static void assertChildGoesOn(JsonObject launch, Consumer<AdapterProcess> end) {
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            long child = Long.parseLong(
                    adapter.timeline().awaitOutput("stdout", "\n").strip());
            adapter.client().ask("pause", Json.object("threadId", 1));
            Processes.within(PATIENCE).until(() -> Processes.state(child).equals(Optional.of('T')));
            end.accept(adapter);
            adapter.awaitTerminated();
            Processes.within(PATIENCE).until(() -> Processes.state(child).equals(Optional.of('S')));
            Processes.signal("KILL", child);
        }
    }

    @Test
    void anySignalGoesToTheProcessItsGroupOrItsTree() {
        String script = "trap 'echo usr1' USR1; trap 'echo hup' HUP; (trap 'echo child hup; exit' HUP; trap '' USR1;"
                + " echo child ready; while :; do sleep 0.02; done) & echo ready;"
                + " trap 'echo usr2; exit 5' USR2; while :; do sleep 0.02; done";
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(script))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            Processes.within(PATIENCE)
                    .until(() -> adapter.timeline().output("stdout").contains("child ready\n"));
            adapter.client().ask("gantry/signal", Json.object("signal", "SIGUSR1"));
            adapter.timeline().awaitOutput("stdout", "\nusr1\n");
            adapter.client().ask("gantry/signal", Json.object("signal", "HUP", "scope", "group"));
            adapter.timeline().awaitOutput("stdout", "child hup\n");
            adapter.timeline().awaitOutput("stdout", "\nhup\n");
            Entry wrong = adapter.client().request("gantry/signal", Json.object("signal", "SIGNONE"));
            assertThat(wrong.failure()).contains("SIGNONE");
            adapter.client().ask("gantry/signal", Json.object("signal", 12));
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 5);
            assertThat(adapter.client()
                            .request("gantry/signal", Json.object("signal", "TERM"))
                            .success())
                    .isFalse();
        }
    }

    @Test
    void theProcessTreeIsListedTheTargetFirst() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("sleep 77 & echo ready; wait"))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            JsonArray tree =
                    adapter.client().ask("gantry/processTree", null).body().getAsJsonArray("processes");
            assertThat(tree).hasSize(2);
            JsonObject target = tree.get(0).getAsJsonObject();
            JsonObject child = tree.get(1).getAsJsonObject();
            assertThat(target.get("pid").getAsLong()).isEqualTo(adapter.targetPid());
            assertThat(child.get("parentPid").getAsLong()).isEqualTo(adapter.targetPid());
            assertThat(child.get("command").getAsString()).contains("sleep 77");
            assertThat(target.get("residentBytes").getAsLong()).isPositive();
        }
    }

    @Test
    void oneProcessOfTheTreeIsSignalled() {
        try (AdapterProcess adapter =
                AdapterProcess.running(Json.shell("sleep 78 & wait $!; echo ended with $?; read -r line; exit 0"))) {
            DapClient client = adapter.client();
            Processes.within(Duration.ofSeconds(20))
                    .until(() -> processes(client).size() == 2);
            long child = processes(client).get(1).getAsJsonObject().get("pid").getAsLong();
            client.ask("gantry/signal", Json.object("signal", "STOP", "pid", child));
            client.ask("gantry/signal", Json.object("signal", "CONT", "pid", child));
            assertThat(client.request("gantry/signal", Json.object("signal", "TERM", "pid", child, "scope", "tree"))
                            .failure())
                    .contains("exclude each other");
            client.ask("gantry/signal", Json.object("signal", "TERM", "pid", child));
            adapter.timeline().awaitOutput("stdout", "ended with 143\n");
            Entry gone = client.request("gantry/signal", Json.object("signal", "TERM", "pid", child));
            assertThat(gone.failure()).contains(Long.toString(child));
            client.ask("gantry/signal", Json.object("signal", "KILL", "pid", adapter.targetPid()));
            adapter.awaitTerminated();
            adapter.timeline().never(event("stopped")).never(event("continued"));
        }
    }

    @Test
    void theTargetOfADebuggerIsListedAsTheUserKnowsIt() {
        JsonObject launch = Json.object(
                "code", "input()", "python", Pythons.newest().executable().toString());
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            String command = processes(adapter.client())
                    .get(0)
                    .getAsJsonObject()
                    .get("command")
                    .getAsString();
            assertThat(command).contains("-c", "input()").doesNotContain("boot.py");
        }
    }

    private static JsonArray processes(DapClient client) {
        return client.ask("gantry/processTree", null).body().getAsJsonArray("processes");
    }

    @Test
    void aPseudoTerminalIsATerminalThatEchoesAndIsResized() {
        String script = "[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo terminal; stty size;"
                + " while read line; do echo \"got $line\"; stty size; done; echo end";
        JsonObject launch = Json.with(Json.shell(script), "tty", Json.object("columns", 91, "rows", 33));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "terminal\r\n33 91\r\n");
            adapter.client().ask("evaluate", Json.object("expression", "hello", "context", "repl"));
            // Once from the terminal's echo, once from the program.
            adapter.timeline().awaitOutput("stdout", "hello\r\ngot hello\r\n");
            adapter.client().ask("gantry/resize", Json.object("columns", 120, "rows", 50));
            assertThat(adapter.client()
                            .request("gantry/resize", Json.object("columns", -1, "rows", 50))
                            .success())
                    .isFalse();
            adapter.client().ask("evaluate", Json.object("expression", "again", "context", "repl"));
            adapter.timeline().awaitOutput("stdout", "got again\r\n50 120\r\n");
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(adapter.timeline().output("stdout")).endsWith("end\r\n");
        }
    }

    @Test
    void resizeWithoutATerminalIsRefusedWithAReason() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.launching(Programs.READY_SLEEP.command()))) {
            Entry refused = adapter.client().request("gantry/resize", Json.object("columns", 80, "rows", 24));
            assertThat(refused.failure()).contains("tty");
        }
    }
}
