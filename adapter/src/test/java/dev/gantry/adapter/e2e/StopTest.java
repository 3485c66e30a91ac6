package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.response;
import static dev.gantry.fixtures.Expectation.responseTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All ways of stopping a target, and what it may still do and say meanwhile. */
@ExtendWith(LeakCheck.class)
class StopTest {
    /** Long enough for a graceful end to be chosen, however loaded the machine is. */
    private static final String PATIENT_LADDER = "SIGINT:15";

    @TempDir
    private Path directory;

    /** How a user or an editor ends a session. */
    enum Way {
        TERMINATE {
            @Override
            void end(AdapterProcess adapter) {
                int terminate = adapter.client().send("terminate");
                adapter.client().answerTo(terminate);
                adapter.timeline().inOrder(event("exited"), event("terminated"), responseTo(terminate));
                adapter.client().ask("disconnect", null);
            }
        },
        DISCONNECT {
            @Override
            void end(AdapterProcess adapter) {
                int disconnect = adapter.client().send("disconnect", Json.object("restart", false));
                adapter.client().answerTo(disconnect);
                adapter.timeline().inOrder(event("exited"), event("terminated"), responseTo(disconnect));
            }
        },
        END_OF_INPUT {
            @Override
            void end(AdapterProcess adapter) {
                adapter.client().closeInput();
            }
        },
        SIGTERM {
            @Override
            void end(AdapterProcess adapter) {
                adapter.signal("TERM");
            }
        },
        SIGINT {
            @Override
            void end(AdapterProcess adapter) {
                adapter.signal("INT");
            }
        };

        abstract void end(AdapterProcess adapter);
    }

    private JsonObject graceful(Path file) {
        return Json.object(
                "program",
                Programs.GRACEFUL_INT.path().toString(),
                "python",
                Pythons.newest().executable().toString(),
                "args",
                Json.array(file.toString()),
                "stopLadder",
                Json.array(PATIENT_LADDER));
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aGracefulTargetEndsGracefullyAndItsLastWordsAreHeard(Way way) throws IOException {
        Path file = directory.resolve("last");
        try (AdapterProcess adapter = AdapterProcess.running(graceful(file))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            way.end(adapter);
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\ninterrupted\n");
            assertThat(Ends.assertCode(adapter.timeline(), 0)).startsWith("exit code 0 ");
            assertThat(adapter.timeline().output("console")).contains("stopped by SIGINT after");
            assertThat(file).hasContent("stopped");
            adapter.awaitExit();
        }
    }

    @Test
    void aPythonTargetIsInterruptedFirstByDefault() {
        JsonObject launch = Json.object("code", """
                import time, sys
                try:
                    print('ready'); time.sleep(60)
                except KeyboardInterrupt:
                    print('interrupted'); sys.exit(4)
                """);
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 4);
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\ninterrupted\n");
        }
    }

    @Test
    void aTargetThatIgnoresTermIsKilledAndTheConsoleSaysSo() {
        JsonObject launch =
                Json.with(Json.launching(Programs.IGNORE_TERM.command()), "stopLadder", Json.array("SIGTERM:0.3"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            assertThat(Ends.assertCode(adapter.timeline(), 137)).startsWith("killed by SIGKILL (9)");
            assertThat(adapter.timeline().output("console")).contains("stopped by SIGKILL after");
        }
    }

    /** Clicked until it is dead; the second Stop of VS Code is a disconnect. */
    @ParameterizedTest
    @ValueSource(strings = {"terminate", "disconnect"})
    void aSecondStopKillsNow(String second) {
        JsonObject launch =
                Json.with(Json.launching(Programs.IGNORE_TERM.command()), "stopLadder", Json.array("SIGTERM:3600"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            int first = adapter.client().send("terminate");
            Processes.within(Duration.ofSeconds(15)).until(() -> {
                adapter.client().send(second);
                return !adapter.timeline().all(event("exited")).isEmpty();
            });
            assertThat(adapter.client().answerTo(first).success()).isTrue();
            adapter.awaitTerminated();
            assertThat(Ends.assertCode(adapter.timeline(), 137)).startsWith("killed by SIGKILL (9)");
        }
    }

    /** What LSP4E sends for one click on Terminate. */
    @Test
    void terminateAndDisconnectInOneBreathAreOneStop() throws IOException {
        Path file = directory.resolve("last");
        try (AdapterProcess adapter = AdapterProcess.running(graceful(file))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            int terminate = adapter.client().send("terminate", Json.object());
            int disconnect = adapter.client().send("disconnect", Json.object("terminateDebuggee", true));
            adapter.client().answerTo(terminate);
            adapter.client().answerTo(disconnect);
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\ninterrupted\n");
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(file).hasContent("stopped");
            adapter.awaitExit();
        }
    }

    @Test
    void terminateIsAnsweredAfterTwoAndAHalfSecondsAndTheEndGoesOn() {
        JsonObject launch =
                Json.with(Json.launching(Programs.IGNORE_TERM.command()), "stopLadder", Json.array("SIGTERM:4"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            Entry asked = adapter.timeline().entries().get(adapter.timeline().now() - 1);
            Entry answer = adapter.client().ask("terminate", null);
            assertThat(answer.at().minus(asked.at())).isGreaterThan(Duration.ofMillis(2400));
            adapter.timeline().never(event("exited"));
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 137);
        }
    }

    @Test
    void aStoppedTargetIsResumedAndEndsGracefully() {
        Path file = directory.resolve("stopped");
        try (AdapterProcess adapter = AdapterProcess.running(graceful(file))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            Processes.signal("STOP", adapter.targetPid());
            Processes.within(Duration.ofSeconds(10))
                    .until(() -> Processes.state(adapter.targetPid()).equals(java.util.Optional.of('T')));
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(file).hasContent("stopped");
        }
    }

    @Test
    void aPausedTargetIsResumedAndEndsGracefully() {
        Path file = directory.resolve("paused");
        try (AdapterProcess adapter = AdapterProcess.running(graceful(file))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("pause", Json.object("threadId", 1));
            adapter.client().ask("disconnect", null);
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(file).hasContent("stopped");
            adapter.awaitExit();
        }
    }

    /** The signal to stop may not have taken effect when the ladder begins. */
    @RepeatedTest(8)
    void aPauseInTheSameBreathDoesNotCostTheGracefulEnd() throws IOException {
        Path file = directory.resolve("paused");
        try (AdapterProcess adapter = AdapterProcess.running(graceful(file))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().send("pause", Json.object("threadId", 1));
            int terminate = adapter.client().send("terminate");
            adapter.awaitTerminated();
            adapter.client().answerTo(terminate);
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(file).hasContent("stopped");
        }
    }

    @Test
    void aDescendantInASessionOfItsOwnEndsGracefullyToo() {
        String child = "trap 'echo child bye; exit 0' TERM; echo child ready; while :; do sleep 0.05; done";
        JsonObject launch = Json.with(
                Json.shell("setsid sh -c \"$1\" & trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done", child),
                "stopLadder",
                Json.array("SIGTERM:15"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "child ready\n");
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).contains("child bye\n");
            assertThat(adapter.timeline().output("console")).contains("stopped by SIGTERM after");
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @Test
    void theWholeTreeEndsOnTerminate() {
        JsonObject launch = Json.shell("sleep 60 & setsid sleep 61 & (setsid sleep 62 &) ; echo ready; wait");
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            Processes.within(Duration.ofSeconds(10)).until(() -> countSleeps(adapter) == 3);
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            assertThat(countSleeps(adapter)).isZero();
            Ends.assertInOrder(adapter.timeline());
        }
    }

    private static long countSleeps(AdapterProcess adapter) {
        return adapter.offspring().stream()
                .filter(pid -> Processes.describe(pid).contains("sleep 6"))
                .filter(pid -> !Processes.describe(pid).contains("ready"))
                .count();
    }

    @Test
    void aTargetThatReadsItsInputEndsByTheEndOfItOnDisconnect() {
        JsonObject launch = Json.with(
                Json.shell("trap 'stop=1' TERM; echo ready; cat; echo \"end of input\"; exit 6"),
                "stopLadder",
                Json.array("SIGCONT:10"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("disconnect", null);
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\nend of input\n");
            Ends.assertCode(adapter.timeline(), 6);
        }
    }

    @Test
    void terminateAndDisconnectBeforeALaunchAndAfterTheEndSucceed() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.object("program", "/bin/true"))) {
            adapter.awaitTerminated();
            adapter.client().ask("terminate", null);
            adapter.client().ask("threads", null);
            adapter.client().ask("disconnect", Json.object("restart", false));
            assertThat(adapter.awaitExit()).isZero();
            adapter.timeline().exactlyOnce(event("terminated"));
            adapter.timeline().everyRequestAnsweredOnce();
        }
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
        }
    }

    @Test
    void aLaunchThatWaitsForItsConfigurationIsCancelledByDisconnect() {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            int launch = adapter.client().send("launch", Json.object("program", "/bin/true"));
            adapter.client().awaitEvent("initialized");
            adapter.client().ask("disconnect", null);
            adapter.client().answerTo(launch);
            adapter.timeline().never(event("process"));
            assertThat(adapter.awaitExit()).isZero();
            adapter.timeline().everyRequestAnsweredOnce();
        }
    }

    @Test
    void whatADyingTargetStillWritesWhileItIsStoppedIsHeard() {
        JsonObject launch = Json.with(
                Json.shell("trap 'i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; exit 3' TERM;"
                        + " echo ready; while :; do sleep 0.05; done"),
                "stopLadder",
                Json.array("SIGTERM:30"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 3);
            assertThat(adapter.timeline().output("stdout").lines().filter(line -> line.startsWith("line ")))
                    .hasSize(2000);
            adapter.timeline().inOrder(output("stdout").containing("output", "line 1999"), response("terminate"));
        }
    }
}
