package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.LeakCheck;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SIGKILL of the adapter at any moment: what it started ends, unless it was let go. */
@ExtendWith(LeakCheck.class)
class AdapterKilledTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    /** A plain child, one in a session of its own, and one whose parent has gone. */
    private static final String TREE =
            "sleep 101 & setsid sleep 102 & (setsid sleep 103 </dev/null >/dev/null 2>&1 &) ; ";

    private static final String YOUNG_TREE = "sleep 101 & setsid sleep 102 & ";

    private static void kill(AdapterProcess adapter) {
        adapter.process().destroyForcibly();
        adapter.process().onExit().join();
    }

    private static void assertTreeDies(AdapterProcess adapter) {
        kill(adapter);
        adapter.assertNothingLeft(AdapterProcess.GONE_WITHIN);
    }

    private static void awaitTree(AdapterProcess adapter) {
        for (String child : List.of("sleep 101", "sleep 102", "sleep 103")) {
            Processes.within(PATIENCE).until(() -> pidOf(adapter, child).isPresent());
        }
        // A process whose parent has gone belongs to the tree from the moment when the adapter has seen it.
        Processes.within(PATIENCE)
                .until(() -> adapter.client()
                        .ask("gantry/processTree", null)
                        .body()
                        .toString()
                        .contains("\"command\":\"sleep 103\""));
    }

    private static Optional<Long> pidOf(AdapterProcess adapter, String command) {
        return adapter.offspring().stream()
                .filter(pid -> Processes.describe(pid).endsWith("(" + command + ")"))
                .findFirst();
    }

    @Test
    void whileRunningTheWholeTreeEnds() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(TREE + "echo ready; wait"))) {
            awaitTree(adapter);
            assertTreeDies(adapter);
        }
    }

    @Test
    void whileFloodingTheWholeTreeEnds() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(TREE + "exec yes"))) {
            awaitTree(adapter);
            adapter.timeline().awaitOutput("stdout", "y\ny\n");
            assertTreeDies(adapter);
        }
    }

    @Test
    void whileFloodingAClientThatDoesNotReadTheWholeTreeEnds() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(TREE + "exec yes"))) {
            awaitTree(adapter);
            adapter.client().pauseReading();
            assertTreeDies(adapter);
            adapter.client().resumeReading();
        }
    }

    @Test
    void whileStoppingTheWholeTreeEnds() {
        JsonObject launch = Json.with(
                Json.shell("trap '' TERM; " + TREE + "echo ready; wait"), "stopLadder", Json.array("SIGTERM:3600"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            awaitTree(adapter);
            adapter.client().send("terminate");
            adapter.client().request("threads");
            assertTreeDies(adapter);
        }
    }

    @Test
    void whilePausedTheWholeTreeEnds() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(TREE + "echo ready; wait"))) {
            awaitTree(adapter);
            adapter.client().ask("pause", Json.object("threadId", 1));
            assertTreeDies(adapter);
        }
    }

    /** From the request to the process event, at moments spread over that time. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 10, 15, 20, 25, 30, 40, 60, 90})
    void whileLaunchingNothingIsLeft(int milliseconds) {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            DapClient client = adapter.client();
            client.send("launch", Json.shell(YOUNG_TREE + "wait"));
            client.awaitEvent("initialized");
            client.send("configurationDone");
            long moment = System.nanoTime() + milliseconds * 1_000_000L;
            while (System.nanoTime() < moment) {
                Thread.onSpinWait();
            }
            assertTreeDies(adapter);
        }
    }

    @RepeatedTest(5)
    void atTheMomentWhenTheTargetIsFirstSeenNothingIsLeft() {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            DapClient client = adapter.client();
            client.send("launch", Json.shell(YOUNG_TREE + "wait"));
            client.awaitEvent("initialized");
            List<Long> before = adapter.offspring();
            client.send("configurationDone");
            while (adapter.offspring().size() <= before.size()) {
                Thread.onSpinWait();
            }
            assertTreeDies(adapter);
        }
    }

    @Test
    void whatADetachedSessionLeftLivesOn() {
        String talker = "i=0; while :; do echo tick $i; i=$((i+1)); sleep 0.02; done";
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("sleep 104 & " + talker))) {
            adapter.timeline().awaitOutput("stdout", "tick 3\n");
            long target = adapter.targetPid();
            adapter.client().ask("disconnect", Json.object("terminateDebuggee", false));
            adapter.client().awaitEvent("terminated");
            adapter.timeline().never(event("exited"));
            assertThat(adapter.awaitExit()).isZero();
            String console = adapter.timeline().output("console");
            assertThat(console).contains("left running: pid " + target + "; stop it with: kill " + target);
            long drainer = Long.parseLong(console.replaceAll("(?s).*read and dropped by pid (\\d+).*", "$1"));
            long child = pidOf(adapter, "sleep 104").orElseThrow();
            // It has written far more than a pipe holds only if somebody reads: its life is the proof, after its next
            // words.
            long written = Processes.written(target);
            Processes.within(PATIENCE).until(() -> Processes.written(target) > written + 100);
            assertThat(List.of(target, drainer, child)).allMatch(Processes::isAlive);
            Processes.signal("KILL", target);
            Processes.signal("KILL", child);
            Processes.within(PATIENCE).until(() -> !Processes.isAlive(drainer));
        }
    }

    @Test
    void aDetachedTargetOutlivesTheKillingOfItsAdapter() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec sleep 105"))) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            long target = adapter.targetPid();
            adapter.client().ask("disconnect", Json.object("terminateDebuggee", false));
            kill(adapter);
            // As long as a guardian might take for it, the target must be seen alive.
            Processes.within(PATIENCE.plusSeconds(1))
                    .during(AdapterProcess.GONE_WITHIN)
                    .until(() -> Processes.isAlive(target));
            Processes.signal("KILL", target);
        }
    }
}
