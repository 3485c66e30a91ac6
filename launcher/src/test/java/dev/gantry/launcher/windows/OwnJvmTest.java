package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What concerns a whole JVM: its death, which ends its guarded trees, its standard output, which is the protocol's alone, and its standard error, which
 * children inherit. */
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
            try (Reactor reactor = new WindowsBackend().open(ReactorOptions.defaults())) {
                System.out.println("stray");
                Told told = new Told();
                reactor.spawnProcess(told, SpawnRequest.of(List.of(command)).withChildFd(1, ChildFd.inherit()));
                protocol.write(("protocol " + told.ended.get().shellCode()).getBytes(StandardCharsets.UTF_8));
                protocol.flush();
            }
        }
    }

    /** Lets two children write to its standard error, and sends another a signal in between. */
    static final class Heir {
        private Heir() {}

        public static void main(String[] command) throws Exception {
            try (Reactor reactor = new WindowsBackend().open(ReactorOptions.defaults())) {
                System.out.println(endOfWriter(reactor, command));
                Told asked = new Told();
                ProcessTransport child = reactor.spawnProcess(asked, SpawnRequest.of(Programs.READY_SLEEP.command()));
                asked.ready.get();
                reactor.call(() -> {
                    child.signalProcess(Signal.INT);
                    return true;
                });
                asked.ended.get();
                System.out.println(endOfWriter(reactor, command));
            }
        }

        private static int endOfWriter(Reactor reactor, String... command) throws Exception {
            Told told = new Told();
            reactor.spawnProcess(told, SpawnRequest.of(List.of(command)).withChildFd(2, ChildFd.inherit()));
            return told.ended.get().shellCode();
        }
    }

    @Test
    void aChildInheritsWhatWeWereStartedWithAlsoAfterASignal(@TempDir Path directory) throws Exception {
        Path error = directory.resolve("error");
        List<String> writer = Steps.of().err("through.").exit(6).command();
        ProcessBuilder builder = builder(Heir.class, writer).redirectError(error.toFile());
        // What is told of its handles at its start keeps them on another console; what a command interpreter starts
        // just has them, and does not.
        builder.command().addAll(0, List.of("cmd", "/c"));
        Process heir = builder.start();
        try (var output = heir.getInputStream()) {
            assertThat(new String(output.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .containsExactly("6", "6");
            assertThat(error).hasContent("through.through.");
        } finally {
            heir.destroyForcibly();
            heir.getOutputStream().close();
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
        // A tree of two: the one that is started, which may have ended, and the one that holds its output and stays.
        Process victim = java(Victim.class, Programs.HOLD_STDOUT.command());
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
            String holderLine = null;
            for (int line = 0; line < 2; line++) {
                String told = lines.readLine();
                assertThat(told).as("what the JVM says").isNotNull();
                holderLine = told.startsWith("root ") ? holderLine : told;
            }
            assertThat(holderLine).as("what the started process says").isNotNull();
            long holder = Long.parseLong(holderLine.strip());
            assertThat(ProcessHandle.of(holder)).get().matches(ProcessHandle::isAlive);
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
        return builder(main, command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static ProcessBuilder builder(Class<?> main, List<String> command) {
        List<String> java = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dgantry.fixture=" + System.getProperty("gantry.fixture"),
                main.getName()));
        java.addAll(command);
        return new ProcessBuilder(java);
    }
}
