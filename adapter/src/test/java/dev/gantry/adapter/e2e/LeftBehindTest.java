package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Grandchildren, daemons and descriptors: what a target leaves, and that the adapter leaves nothing. */
@ExtendWith(LeakCheck.class)
class LeftBehindTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final int RESTARTS = 20;

    @TempDir
    private Path directory;

    @Test
    void aGrandchildThatHoldsOutputDoesNotHideTheEndAndIsNamed() {
        JsonObject launch = Json.with(Json.launching(Programs.HOLD_STDOUT.command()), "drainTimeout", 0.3);
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            long holder = Long.parseLong(adapter.timeline().output("stdout").strip());
            assertThat(adapter.timeline().output("console"))
                    .contains("output is still held open by pid " + holder + " (sleep 60)")
                    .contains("still running, left alone: pid " + holder);
            assertThat(Processes.isAlive(holder)).isTrue();
            adapter.client().ask("disconnect", null);
            adapter.awaitExit();
            assertThat(Processes.isAlive(holder)).isTrue();
            Processes.signal("KILL", holder);
        }
    }

    @Test
    void aGrandchildsWordsAreHeardDuringTheDrainTime() throws IOException {
        JsonObject launch =
                Json.with(Json.launching(Programs.LATE_WRITER.command(directory.toString())), "drainTimeout", 60);
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            Processes.within(PATIENCE).until(() -> !Processes.isAlive(adapter.targetPid()));
            Files.createFile(directory.resolve("1"));
            adapter.timeline().awaitOutput("stdout", "late 1\n");
            adapter.timeline().never(event("exited"));
            Files.createFile(directory.resolve("2"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).endsWith("late 1\nlate 2\n");
            Ends.assertCode(adapter.timeline(), 5);
        }
    }

    @Test
    void aProgramThatHasEndedIsNotCalledLeftRunning() {
        JsonObject launch = Json.with(Json.shell("sleep 60 & echo $!; exit 3"), "drainTimeout", 3600);
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            long holder = Long.parseLong(
                    adapter.timeline().awaitOutput("stdout", "\n").strip());
            Processes.within(PATIENCE).until(() -> !Processes.isAlive(adapter.targetPid()));
            Processes.within(PATIENCE)
                    .until(() -> adapter.client()
                            .ask("threads", null)
                            .body()
                            .toString()
                            .contains("ended"));
            adapter.client().ask("disconnect", Json.object("terminateDebuggee", false));
            Ends.assertCode(adapter.timeline(), 3);
            adapter.awaitExit();
            assertThat(Processes.isAlive(holder)).isTrue();
            Processes.signal("KILL", holder);
        }
    }

    @Test
    void aDaemonIsNamedAndLeftAloneAfterAnEndOfItsOwn() {
        assertDaemonIsNamedAndLives(Json.launching(Programs.DOUBLE_FORK.command()));
    }

    @Test
    void aDaemonEndsWithTheTargetWhereTheWholeTreeAlwaysEnds() {
        JsonObject launch = Json.with(Json.launching(Programs.DOUBLE_FORK.command()), "killTree", "always");
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            long daemon = Long.parseLong(adapter.timeline().output("stdout").strip());
            assertThat(Processes.isAlive(daemon)).isFalse();
        }
    }

    @Test
    void aTreeThatIsNeverEndedLivesOnWhenTheTargetIsStopped() {
        JsonObject launch = Json.with(
                Json.shell("sleep 63 >/dev/null 2>&1 </dev/null & echo $!; exec sleep 64"), "killTree", "never");
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            long child = Long.parseLong(
                    adapter.timeline().awaitOutput("stdout", "\n").strip());
            adapter.client().ask("disconnect", null);
            adapter.awaitExit();
            assertThat(adapter.timeline().output("console")).contains("still running, left alone: pid " + child);
            assertThat(Processes.isAlive(child)).isTrue();
            Processes.signal("KILL", child);
        }
    }

    @Test
    void aDaemonIsNamedAlsoWhereTheTreeIsNeverEnded() {
        assertDaemonIsNamedAndLives(Json.with(Json.launching(Programs.DOUBLE_FORK.command()), "killTree", "never"));
    }

    private static void assertDaemonIsNamedAndLives(JsonObject launch) {
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            long daemon = Long.parseLong(adapter.timeline().output("stdout").strip());
            assertThat(adapter.timeline().output("console")).contains("still running, left alone: pid " + daemon);
            adapter.client().ask("disconnect", null);
            adapter.awaitExit();
            assertThat(Processes.isAlive(daemon)).isTrue();
            Processes.signal("KILL", daemon);
        }
    }

    @Test
    void manyRestartsLeaveNoDescriptorAndNoProcess() throws IOException {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("sleep 65 & echo ready; wait"))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            restart(adapter, 1);
            restart(adapter, 2);
            List<String> before = Processes.descriptors(adapter.pid());
            int processes = adapter.offspring().size();
            for (int i = 3; i <= RESTARTS; i++) {
                restart(adapter, i);
            }
            Processes.within(PATIENCE).untilAsserted(() -> {
                assertThat(Processes.descriptors(adapter.pid())).hasSameSizeAs(before);
                assertThat(adapter.offspring()).hasSize(processes);
            });
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
            adapter.assertNothingLeft(AdapterProcess.GONE_WITHIN);
        }
    }

    /** Until the target has said that it is ready for the time after. */
    private static void restart(AdapterProcess adapter, int count) {
        adapter.client().ask("restart", null);
        adapter.timeline().awaitCount(output("stdout").containing("output", "ready"), count + 1);
    }
}
