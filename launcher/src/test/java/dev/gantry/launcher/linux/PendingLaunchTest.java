package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A launch that no terminal has run yet leaves nothing when whoever prepared it is killed. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class PendingLaunchTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();

    @ParameterizedTest
    @ValueSource(strings = {"guarded", "unguarded"})
    void theDirectoryGoesWithThePreparer(String how) throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class, how)) {
            Path directory = Path.of(jvm.next("directory"));
            assertThat(directory).isDirectory();

            jvm.kill();

            await().atMost(SOON).until(() -> !Files.exists(directory));
        }
    }

    @Test
    void ofADirectoryThatATerminalUsesTheShellTakesCare() throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class, "guarded")) {
            Path directory = Path.of(jvm.next("directory"));
            ProcessId guardian = jvm.nextProcess("guardian");
            // As a shell that has begun and was stopped there.
            Path begun = Files.createFile(directory.resolve("begun"));

            jvm.kill();

            await().atMost(SOON).until(() -> !proc.isAlive(guardian));
            assertThat(begun).exists();
            // That shell goes on: it finds nobody who waits for the program.
            Files.delete(begun);
            Process shell = new ProcessBuilder(TerminalScript.command(directory))
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("cancelled");
            assertThat(shell.waitFor()).isEqualTo(125);
            assertThat(directory).doesNotExist();
        }
    }

    /** Prepares a launch and waits. */
    static final class Host {
        public static void main(String[] arguments) throws Exception {
            try (Reactor reactor = new LinuxBackend().open(ReactorOptions.defaults())) {
                reactor.warmUp();
                TerminalLaunch launch = reactor.prepareTerminalLaunch(
                        new ProcessProtocol() {},
                        SpawnRequest.of("true")
                                .withGuarded(arguments[0].equals("guarded"))
                                .withChildFds(Map.of()));
                await().atMost(SOON).until(() -> !ProcFs.system().ownChildren().isEmpty());
                Told.say("directory " + Path.of(launch.command().get(1)).getParent());
                Told.say("guardian " + ProcFs.system().ownChildren().get(0));
                Told.awaitGo();
            }
        }
    }
}
