package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeKillTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();
    private final List<TestChild> children = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();

    @AfterEach
    void nothingIsLeft() throws IOException {
        for (TestChild child : children) {
            child.close();
        }
        await().atMost(SOON).until(() -> children.stream().noneMatch(TestChild::isAlive));
    }

    @Test
    void killsATreeThatIgnoresSignalsAndMadeSessions() throws IOException {
        TestChild child =
                child("trap '' TERM INT; setsid sleep 1000 >/dev/null & sleep 1000 >/dev/null & echo ready; wait");
        List<ProcessId> tree = ids(child);
        assertThat(tree).hasSize(3);

        kill(child.id());

        assertThat(tree).noneMatch(proc::isAlive);
        assertThat(trace).hasSize(3).allMatch(line -> line.startsWith("killed "));
    }

    @Test
    void killsATreeThatForksAllTheTime() throws IOException {
        TestChild child = child("echo ready; while :; do (:; (:)) & done");

        kill(child.id());

        await().atMost(SOON)
                .until(() -> proc.all().stream().noneMatch(stat -> !stat.isDead() && stat.sessionId() == child.pid()));
    }

    @Test
    void killsTheGroupOfADeadRoot() throws Exception {
        TestChild child = child("sleep 1000 >/dev/null & echo $!; read x");
        ProcessId orphan = child.said(0);
        child.process().getOutputStream().close();
        assertThat(child.process().waitFor()).isOne();
        assertThat(proc.isAlive(orphan)).isTrue();

        kill(child.id());

        assertThat(proc.isAlive(orphan)).isFalse();
    }

    @Test
    void leavesWhoGotTheNumberOfARootAlone() throws IOException {
        TestChild child = child("echo ready; read x");

        kill(new ProcessId(child.pid(), child.id().startTime() - 1));

        assertThat(child.isAlive()).isTrue();
        assertThat(trace).isEmpty();
    }

    @Test
    void whatMayNotBeKilledIsReportedAndNotWaitedFor() throws IOException {
        TestChild child = child("echo ready; read x");
        IOException refusal = new IOException("kill: EPERM (1)");
        TreeKill kill = new TreeKill(
                proc,
                (process, signal) -> {
                    throw refusal;
                },
                List.of(child.id()),
                trace::add);

        assertThat(kill.round()).isTrue();

        assertThat(kill.refusals()).containsEntry(child.id(), refusal);
        assertThat(trace).containsExactly("cannot end " + child.pid() + ": kill: EPERM (1)");
    }

    private void kill(ProcessId root) {
        TreeKill kill = new TreeKill(proc, this::send, List.of(root), trace::add);
        await().atMost(SOON).pollInterval(Duration.ofMillis(2)).until(kill::round);
    }

    private boolean send(ProcessId process, Signal signal) throws IOException {
        if (!proc.isAlive(process)) {
            return false;
        }
        Process sender = new ProcessBuilder("/bin/kill", "-" + signal.name(), Long.toString(process.pid()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return sender.waitFor() == 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private TestChild child(String script) throws IOException {
        TestChild child = TestChild.session(script);
        children.add(child);
        return child;
    }

    private List<ProcessId> ids(TestChild child) {
        return proc.tree(List.of(child.id())).stream()
                .map(info -> new ProcessId(info.pid(), info.startTime()))
                .toList();
    }
}
