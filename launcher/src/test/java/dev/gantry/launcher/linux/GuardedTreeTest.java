package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a guarded tree when the process that started it is killed with SIGKILL: nothing, unless it was detached. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class GuardedTreeTest {
    /** A plain child, one in a session of its own, one double-forked into a session of its own that holds no pipe. */
    private static final String FAMILY = """
            sleep 300 & echo pid $!
            setsid sleep 300 & echo pid $!
            (setsid sh -c 'sleep 300 </dev/null >/dev/null 2>&1 & echo pid $!') &
            wait $!
            trap '' TERM INT HUP
            echo ready
            while :; do sleep 300; done
            """;

    private final ProcFs proc = ProcFs.system();

    @Test
    void aTreeIsGoneTwoSecondsAfterItsGuardedParentWasKilled() throws Exception {
        try (Parent parent = new Parent("kept", FAMILY)) {
            List<ProcessId> tree = parent.readUntil("ready", "# root", "adopted");
            assertThat(tree).hasSize(4);
            // The double-forked one hangs on nothing but that report.
            parent.kill();
            awaitGone(tree);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exec sleep 300", "setsid sleep 300 & echo pid $!; wait"})
    void aProcessThatWasNeverRegisteredIsGoneToo(String script) throws Exception {
        try (Parent parent = new Parent("unregistered", script)) {
            List<ProcessId> tree = parent.readUntil("# root");
            parent.awaitEnd();
            awaitGone(tree);
        }
    }

    @Test
    void aDetachedTreeAndItsDrainerLiveOn() throws Exception {
        try (Parent parent = new Parent("detached", "echo ready; while :; do echo chatter; sleep 0.1; done")) {
            List<ProcessId> tree = parent.readUntil("ready", "# root");
            parent.go();
            List<ProcessId> drainer = parent.readUntil("# drainer");
            parent.kill();
            // The guardian has done its work when it is gone itself.
            awaitGone(parent.guardians());
            assertThat(tree).isNotEmpty().allMatch(proc::isAlive);
            assertThat(drainer).isNotEmpty().allMatch(proc::isAlive);
            SignalSender sender = new PidFdSender(proc);
            for (ProcessId process : tree) {
                sender.send(process, Signal.KILL);
            }
            awaitGone(drainer);
        }
    }

    private void awaitGone(List<ProcessId> processes) {
        await().atMost(Duration.ofSeconds(2))
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(processes).noneMatch(proc::isAlive));
    }

    /** A JVM that runs {@link Sacrifice}. */
    private final class Parent implements AutoCloseable {
        private final OwnJvm jvm;
        private final List<ProcessId> guardians = new ArrayList<>();

        Parent(String how, String script) throws IOException {
            jvm = OwnJvm.start(Sacrifice.class, how, "/bin/sh", "-c", script);
        }

        /** The processes that were named until lines with all these beginnings had come, in any order. */
        List<ProcessId> readUntil(String... beginnings) throws IOException {
            Set<String> missing = new HashSet<>(Set.of(beginnings));
            List<ProcessId> named = new ArrayList<>();
            for (Optional<String> next = jvm.line(); next.isPresent(); next = jvm.line()) {
                String line = next.get();
                if (line.startsWith("pid ") || line.startsWith("# ")) {
                    long pid = Long.parseLong(line.substring(line.lastIndexOf(' ') + 1));
                    proc.identity(pid).ifPresent(named::add);
                }
                missing.removeIf(line::startsWith);
                if (missing.isEmpty()) {
                    rememberGuardians(named);
                    return named;
                }
            }
            throw new IOException("the parent ended before it said " + missing);
        }

        /** Of what the parent has started, what was not named. */
        private void rememberGuardians(List<ProcessId> named) {
            if (guardians.isEmpty()) {
                for (long child : proc.children(jvm.pid())) {
                    proc.identity(child).filter(id -> !named.contains(id)).ifPresent(guardians::add);
                }
            }
        }

        List<ProcessId> guardians() {
            assertThat(guardians).isNotEmpty();
            return guardians;
        }

        void go() throws IOException {
            jvm.go();
        }

        void kill() {
            jvm.kill();
        }

        void awaitEnd() {
            jvm.awaitEnd();
        }

        @Override
        public void close() throws IOException {
            jvm.close();
        }
    }
}
