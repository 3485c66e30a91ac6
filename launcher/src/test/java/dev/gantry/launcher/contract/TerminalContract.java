package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that somebody else starts by the command that we prepared; here it is this test, without a terminal. */
abstract class TerminalContract extends BackendContract {
    private final Recorder heard = Recorder.keeping();

    @Test
    @Shows(Row.TERMINAL_LAUNCH)
    void startAndEndAreTold() throws Exception {
        Optional<TerminalLaunch> launch = prepareIfAble("exit 3");
        if (launch.isPresent()) {
            assertThat(heard.events()).isEmpty();
            Process shell = run(launch.get());

            ExitReason reason = heard.awaitEnded();

            assertThat(reason).isEqualTo(ExitReason.of(3 << 8));
            assertThat(heard.events())
                    .hasSize(3)
                    .endsWith(new Recorder.Exited(reason), new Recorder.Ended(reason))
                    .first()
                    .isInstanceOf(Recorder.Made.class);
            assertThat(shell.waitFor()).isEqualTo(3);
        }
    }

    @Test
    @Shows(Row.TERMINAL_LAUNCH)
    void aProgramThatIsMissingIsAFailure() throws Exception {
        SpawnRequest request = SpawnRequest.of("/no/such/program").withChildFds(Map.of());
        Optional<TerminalLaunch> launch = prepareIfAble(request);
        if (launch.isPresent()) {
            CompletableFuture<SpawnException> failure = new CompletableFuture<>();
            reactor().execute(() -> launch.get().whenFailed(failure::complete));
            Process shell = run(launch.get());

            assertThat(failure.get(30, TimeUnit.SECONDS).step()).isEqualTo(SpawnException.Step.FIND_PROGRAM);
            assertThat(shell.waitFor()).isEqualTo(127);
            assertThat(heard.events()).isEmpty();
        }
    }

    @Test
    @Shows(Row.TERMINAL_LAUNCH)
    void aBinaryThatIsNoProgramIsRefusedAsWithoutATerminal(@TempDir Path folder) throws Exception {
        Path broken = Files.write(folder.resolve("broken"), new byte[] {0x7F, 'E', 'L', 'F', 'x', 'x', 0, 1});
        assertThat(broken.toFile().setExecutable(true)).isTrue();
        SpawnRequest request = SpawnRequest.of("./broken").withWorkingDirectory(folder);
        if (can(Capability.TERMINAL_LAUNCH)) {
            assertThatThrownBy(() -> reactor().prepareTerminalLaunch(heard, request.withChildFds(Map.of())))
                    .isInstanceOfSatisfying(
                            SpawnException.class,
                            failure -> assertThat(failure.errno()).isEqualTo(8))
                    .hasMessageContaining("cannot run " + folder + "/./broken: it has no #! line")
                    .hasMessageContaining("ENOEXEC");
        }
    }

    @Test
    @Shows(Row.TERMINAL_LAUNCH)
    void aCancelledLaunchStartsNothing() throws Exception {
        Optional<TerminalLaunch> launch = prepareIfAble("exit 3");
        if (launch.isPresent()) {
            reactor().call(() -> {
                launch.get().cancel();
                return true;
            });

            assertThat(run(launch.get()).waitFor()).isNotIn(0, 3);
            assertThat(heard.events()).isEmpty();
        }
    }

    private Optional<TerminalLaunch> prepareIfAble(String script) throws IOException {
        return prepareIfAble(SpawnRequest.of("/bin/sh", "-c", script).withChildFds(Map.of()));
    }

    private Optional<TerminalLaunch> prepareIfAble(SpawnRequest request) throws IOException {
        if (can(Capability.TERMINAL_LAUNCH)) {
            return Optional.of(reactor().prepareTerminalLaunch(heard, request));
        }
        assertRefused(Capability.TERMINAL_LAUNCH, () -> reactor().prepareTerminalLaunch(heard, request));
        return Optional.empty();
    }

    private static Process run(TerminalLaunch launch) throws IOException {
        List<String> command = launch.command();
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
