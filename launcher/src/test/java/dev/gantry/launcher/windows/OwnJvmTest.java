package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What concerns a whole JVM: its death, which ends its guarded trees, and its standard output, which is the protocol's alone. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
@Timeout(120)
class OwnJvmTest {
    /** Starts a guarded process and waits to be killed. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] command) throws Exception {
            Reactor reactor = new WindowsBackend().open(ReactorOptions.defaults());
            long pid = reactor.spawnProcess(
                            new ProcessProtocol() {
                                @Override
                                public void childDataReceived(int childFd, ByteBuffer data) {
                                    System.out.print(StandardCharsets.UTF_8.decode(data));
                                    System.out.flush();
                                }
                            },
                            SpawnRequest.of(List.of(command)).withGuarded(true))
                    .pid();
            System.out.println("root " + pid);
            System.out.flush();
            Thread.currentThread().join();
        }
    }

    /** Isolates its output; itself and a child write all the same. */
    static final class Isolated {
        private Isolated() {}

        public static void main(String[] command) throws Exception {
            OutputStream protocol = new WindowsBackend().isolateStandardOutput();
            CompletableFuture<ExitReason> ended = new CompletableFuture<>();
            try (Reactor reactor = new WindowsBackend().open(ReactorOptions.defaults())) {
                System.out.println("stray");
                reactor.spawnProcess(
                        new ProcessProtocol() {
                            @Override
                            public void processEnded(ExitReason reason) {
                                ended.complete(reason);
                            }
                        },
                        SpawnRequest.of(List.of(command)).withChildFd(1, ChildFd.inherit()));
                protocol.write(("protocol " + ended.get().shellCode()).getBytes(StandardCharsets.UTF_8));
                protocol.flush();
            }
        }
    }

    @Test
    void standardOutputIsTheProtocolsAlone() throws Exception {
        Process isolated =
                java(Isolated.class, Steps.of().out("a child's").exit(4).command());
        try (var output = isolated.getInputStream()) {
            assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("protocol 4");
        } finally {
            isolated.destroyForcibly();
            isolated.getOutputStream().close();
        }
    }

    @Test
    void theWholeTreeEndsWhenWeAreKilled() throws Exception {
        // A tree of two: the one that is started, and the one that holds its output.
        List<Long> pids = new ArrayList<>();
        Process victim = java(Victim.class, Programs.HOLD_STDOUT.command());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            while (pids.size() < 2) {
                String line = lines.readLine();
                assertThat(line).as("what the JVM says").isNotNull();
                pids.add(Long.parseLong(line.replace("root ", "").strip()));
            }
            long holder = pids.stream()
                    .filter(pid ->
                            ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false))
                    .findFirst()
                    .orElseThrow();
            victim.destroyForcibly();
            assertThat(victim.waitFor(30, TimeUnit.SECONDS)).isTrue();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !ProcessHandle.of(holder)
                            .map(ProcessHandle::isAlive)
                            .orElse(false));
        } finally {
            victim.destroyForcibly();
            victim.getOutputStream().close();
        }
    }

    private static Process java(Class<?> main, List<String> command) throws Exception {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        java.addAll(command);
        return new ProcessBuilder(java)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
