package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.NoSuchChildFdException;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.UnsupportedCapabilityException;
import dev.gantry.launcher.WindowSize;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(120)
class TerminalLauncherTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();
    private final List<String> thrown = new CopyOnWriteArrayList<>();
    private final List<TestLaunch> launches = new ArrayList<>();
    private final List<TestScreen> screens = new ArrayList<>();
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = new LinuxBackend()
                .open(ReactorOptions.defaults().withErrorHandler((where, error) -> thrown.add(where + ": " + error)));
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        reactor.close();
        for (TestScreen screen : screens) {
            screen.close();
        }
        for (TestLaunch launch : launches) {
            launch.processes().forEach(TestChild::kill);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(launch.processes()).noneMatch(proc::isAlive));
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(launch.directory()).doesNotExist());
        }
        assertThat(thrown).isEmpty();
    }

    @Test
    void terminalLaunchIsAnnounced() {
        assertThat(reactor.capabilities()).contains(Capability.TERMINAL_LAUNCH);
    }

    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 3,3", "exit 127,127", "kill -TERM $$,143", "kill -KILL $$,137"})
    void theStartAndTheEndAreTold(String script, int status) throws Exception {
        TestLaunch launch = prepare(sh(script));
        TestScreen screen = screen("exec " + launch.commandLine());

        ExitReason reason = launch.awaitEnded();

        assertThat(reason.shellCode()).isEqualTo(status);
        assertThat(launch.heard()).containsExactly("made", "exited", "ended");
        assertThat(screen.exitCode()).isEqualTo(status);
        assertThat(launch.failures()).isEmpty();
    }

    @Test
    void anExitCodeThatLooksLikeASignalIsAnExitCodeWhereTheKernelRemembers() throws Exception {
        TestLaunch launch = prepare(sh("read x; exit 143"));
        TestScreen screen = screen("exec " + launch.commandLine());
        launch.awaitMade();
        screen.type("\n");

        int status = launch.awaitEnded().status();

        assertThat(status).isEqualTo(kernelRemembersStatus() ? 143 << 8 : 15);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash --norc -i", "dash -i"})
    void startsFromAnInteractiveShellAndControlCReachesTheProgramAlone(String shell) throws Exception {
        TestLaunch launch = prepare(sh("trap 'echo interrup''ted; exit 7' INT; echo u''p; while :; do read x; done"));
        TestScreen screen = screen(shell);
        screen.type(launch.commandLine() + "\n");
        launch.awaitMade();
        screen.awaitText("up");

        screen.type("\u0003");

        assertThat(launch.awaitEnded().shellCode()).isEqualTo(7);
        screen.awaitText("interrupted");
        screen.type("echo still h''ere $?; exit\n");
        screen.awaitText("still here 7");
    }

    @Test
    void theProgramReadsFromTheTerminal() throws Exception {
        TestLaunch launch = prepare(sh("read line; echo \"got <$line>\""));
        TestScreen screen = screen("exec " + launch.commandLine());
        launch.awaitMade();

        screen.type("some words\n");

        assertThat(launch.awaitEnded().status()).isZero();
        screen.awaitText("got <some words>");
    }

    @Test
    void aMissingProgramOrDirectoryIsAFailure(@TempDir Path folder) throws Exception {
        Path plain = Files.writeString(folder.resolve("plain"), "text");

        assertFails(SpawnRequest.of("no-such-program"), Step.FIND_PROGRAM, 2, "no such program in the terminal's PATH");
        assertFails(SpawnRequest.of("/no/such/program"), Step.FIND_PROGRAM, 2, "no such program: /no/such/program");
        assertFails(SpawnRequest.of(plain.toString()), Step.EXECUTE, 13, "not executable: " + plain);
        assertFails(SpawnRequest.of(folder.toString()), Step.EXECUTE, 13, "a directory");
        assertFails(
                SpawnRequest.of("true").withWorkingDirectory(folder.resolve("x")),
                Step.WORKING_DIRECTORY,
                2,
                "the working directory " + folder.resolve("x") + " does not exist");
        assertFails(
                SpawnRequest.of("true").withWorkingDirectory(plain),
                Step.WORKING_DIRECTORY,
                20,
                "the working directory " + plain + " is not a directory");
    }

    @Test
    void aFailureIsToldToWhoAsksLater() throws Exception {
        TestLaunch launch = prepare(SpawnRequest.of("no-such-program"));
        screen("exec " + launch.commandLine());
        launch.awaitFailure();

        List<SpawnException> heardLater = new CopyOnWriteArrayList<>();
        TestLaunch silent = prepareSilently(SpawnRequest.of("no-such-program"));
        screen("exec " + silent.commandLine());
        await().atMost(SOON).until(() -> !Files.exists(silent.directory()));
        reactor.call(() -> {
            silent.launch().whenFailed(heardLater::add);
            assertThat(heardLater).isEmpty();
            return true;
        });

        await().atMost(SOON).until(() -> heardLater.size() == 1);
        assertThat(launch.failures()).hasSize(1);
    }

    @Test
    void aTerminalThatEndsBeforeTheStartIsAFailure() throws Exception {
        TestLaunch launch = prepare(sh("exit 0"));

        assertThat(new ProcessBuilder("sh", "-c", ": >" + launch.directory() + "/report")
                        .start()
                        .waitFor())
                .isZero();

        SpawnException failure = launch.awaitFailure();
        assertThat(failure.step()).isEqualTo(Step.EXECUTE);
        assertThat(failure).hasMessageContaining("ended before it had started the program");
        assertThat(launch.heard()).isEmpty();
    }

    @Test
    void aMissingInterpreterIsAnEndWithCode127(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        TestLaunch launch = prepare(SpawnRequest.of(script.toString()));
        TestScreen screen = screen("exec " + launch.commandLine());

        assertThat(launch.awaitEnded().status()).isEqualTo(127 << 8);

        assertThat(launch.heard()).containsExactly("made", "exited", "ended");
        assertThat(launch.failures()).isEmpty();
        assertThat(screen.exitCode()).isEqualTo(127);
    }

    @Test
    void aCancelledLaunchStartsNothing(@TempDir Path folder) throws Exception {
        TestLaunch launch =
                prepare(SpawnRequest.of("touch", folder.resolve("ran").toString()));
        reactor.call(() -> {
            launch.launch().cancel();
            launch.launch().cancel();
            return true;
        });
        assertThat(launch.directory()).doesNotExist();

        assertThat(screen("exec " + launch.commandLine()).exitCode()).isNotZero();

        assertThat(folder.resolve("ran")).doesNotExist();
        assertThat(launch.heard()).isEmpty();
        assertThat(launch.failures()).isEmpty();
    }

    @RepeatedTest(10)
    void aLaunchCancelledWhileTheShellIsAtItLeavesNoProgram() throws Exception {
        TestLaunch launch = prepare(sh("exec sleep 1000"));
        Process shell = new ProcessBuilder(launch.launch().command()).start();
        ProcessId id = proc.identity(shell.pid()).orElseThrow();
        await().pollInterval(Duration.ofMillis(1))
                .atMost(SOON)
                .until(() -> proc.treeStats(List.of(id)).size() > 1 || launch.isMade());

        boolean startedBefore = reactor.call(() -> {
            launch.launch().cancel();
            return launch.isMade();
        });

        if (startedBefore) {
            launch.call(transport -> transport.signalProcess(Signal.KILL));
        }
        // The shell waits for what it has started: its end is the program's.
        assertThat(shell.waitFor()).isNotZero();
        assertThat(launch.isMade()).isEqualTo(startedBefore);
    }

    @Test
    void signalsReachTheProgramAndNobodyAfterItsEnd() throws Exception {
        TestLaunch launch = start("trap 'exit 5' TERM; echo up; while :; do sleep 0.1; done");

        launch.call(transport -> transport.signalProcess("TERM"));

        assertThat(launch.awaitEnded().shellCode()).isEqualTo(5);
        assertThatThrownBy(() -> launch.call(transport -> transport.signalProcess(Signal.TERM)))
                .isInstanceOf(ProcessExitedAlreadyException.class);
        assertThatThrownBy(() -> launch.call(transport -> transport.signalGroup(Signal.TERM)))
                .isInstanceOf(ProcessExitedAlreadyException.class);
        launch.call(transport -> transport.signalTree(Signal.KILL));
        assertThat(launch.get(ProcessTransport::state)).isEqualTo(ProcessTransport.State.ENDED);
    }

    @Test
    void aSignalToTheGroupReachesTheTreeButNotTheShell() throws Exception {
        TestLaunch launch = prepare(sh("sleep 1000 & echo u''p; wait; exit 9"));
        TestScreen screen = screen("bash --norc -i");
        screen.type(launch.commandLine() + "\n");
        screen.awaitText("up");
        List<ProcessId> tree = launch.tree();
        assertThat(tree).hasSize(2);

        launch.call(transport -> transport.signalGroup(Signal.TERM));

        assertThat(launch.awaitEnded().shellCode()).isEqualTo(143);
        await().atMost(SOON).until(() -> tree.stream().noneMatch(proc::isAlive));
        screen.type("echo still h''ere; exit\n");
        screen.awaitText("still here");
    }

    @Test
    void killingTheTreeLeavesNobody() throws Exception {
        TestLaunch launch = start("trap '' TERM INT; setsid sleep 1000 & sleep 1000 & echo up; wait");
        List<ProcessId> tree = launch.tree();
        assertThat(tree).hasSize(3);

        launch.call(transport -> transport.signalTree(Signal.KILL));

        assertThat(launch.awaitEnded().shellCode()).isEqualTo(137);
        await().atMost(SOON).untilAsserted(() -> assertThat(tree).noneMatch(proc::isAlive));
    }

    @Test
    void theEndOfTheReactorEndsAGuardedTreeAndCancelsWhatWaits() throws Exception {
        TestLaunch launch = start("sleep 1000 & echo up; wait");
        TestLaunch waiting = prepare(sh("exit 0"));
        List<ProcessId> tree = launch.tree();

        reactor.close();

        assertThat(proc.isAlive(tree.get(0))).isFalse();
        await().atMost(SOON).until(() -> tree.stream().noneMatch(proc::isAlive));
        await().atMost(SOON).until(() -> !Files.exists(launch.directory()));
        assertThat(launch.heard()).containsExactly("made");
        assertThat(waiting.directory()).doesNotExist();
        assertThat(waiting.failures()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"released", "detached", "unguarded"})
    void whatWasReleasedOutlivesTheReactor(String how) throws Exception {
        TestLaunch launch = prepare(sh("echo up; read x; exit 4").withGuarded(!how.equals("unguarded")));
        TestScreen screen = screen("exec " + launch.commandLine());
        screen.awaitText("up");
        launch.awaitMade();
        if (how.equals("released")) {
            launch.call(ProcessTransport::release);
        } else if (how.equals("detached")) {
            launch.call(transport -> assertThat(transport.detach()).isEmpty());
        }

        reactor.close();

        screen.type("\n");
        assertThat(screen.exitCode()).isEqualTo(4);
        assertThat(launch.heard()).containsExactly("made");
    }

    @Test
    void aReleasedProgramsEndIsToldAsLongAsTheReactorLives() throws Exception {
        TestLaunch launch = prepare(sh("echo up; read x; exit 4"));
        TestScreen screen = screen("exec " + launch.commandLine());
        screen.awaitText("up");
        launch.call(ProcessTransport::release);

        screen.type("\n");

        assertThat(launch.awaitEnded().shellCode()).isEqualTo(4);
    }

    @Test
    void aKilledShellEndsTheProgramToo() throws Exception {
        TestLaunch launch = start("trap '' HUP; echo up; while :; do sleep 0.1; done");
        ProcessId process = launch.tree().get(0);
        long shell = proc.stat(process.pid()).orElseThrow().parentPid();

        TestChild.kill(proc.identity(shell).orElseThrow());

        ExitReason reason = launch.awaitEnded();
        assertThat(proc.isAlive(process)).isFalse();
        assertThat(reason.status()).isEqualTo(15);
    }

    @Test
    void aReleasedProgramSurvivesItsShell() throws Exception {
        TestLaunch launch = prepare(sh("trap '' HUP; echo up; while :; do sleep 0.1; done"));
        TestScreen screen = screen("exec " + launch.commandLine());
        screen.awaitText("up");
        launch.call(ProcessTransport::release);
        ProcessId process = launch.tree().get(0);
        long shell = proc.stat(process.pid()).orElseThrow().parentPid();

        TestChild.kill(proc.identity(shell).orElseThrow());
        screen.exitCode();
        assertThat(proc.isAlive(process)).isTrue();
        launch.call(transport -> transport.signalProcess(Signal.INT));

        assertThat(launch.awaitEnded().status()).isEqualTo(2);
    }

    @Test
    void aClosedTerminalIsAHangup() throws Exception {
        TestLaunch launch = prepare(sh("echo up; exec sleep 1000"));
        TestScreen screen = screen("exec " + launch.commandLine());
        screen.awaitText("up");
        launch.awaitMade();

        TestChild.kill(screen.id());

        assertThat(launch.awaitEnded().status()).isEqualTo(1);
    }

    @Test
    void dataIsTheTerminalsAndUsageIsTold() throws Exception {
        TestLaunch launch = start("echo up; exec sleep 1000");
        List<String> heard = new ArrayList<>();

        launch.call(transport -> {
            transport.write(ByteBuffer.wrap(new byte[3]));
            transport.closeStdin();
            transport.closeStdout();
            transport.closeStderr();
            transport.loseConnection();
            transport.abortConnection();
            transport.pauseProducing();
            transport.resumeProducing();
            transport.stopProducing();
            transport.drainAvailable();
            transport.registerProducer(new StoppedProducer(heard), true);
            transport.unregisterProducer();
            assertThat(heard).containsExactly("stopped");
            assertThat(transport.queuedBytes()).isZero();
            assertThat(transport.holdersOfPipes()).isEmpty();
            assertThatThrownBy(() -> transport.writeToChild(0, ByteBuffer.allocate(1)))
                    .isInstanceOf(NoSuchChildFdException.class);
            assertThatThrownBy(() -> transport.closeChildFd(1)).isInstanceOf(NoSuchChildFdException.class);
            assertThatThrownBy(() -> transport.resize(new WindowSize(80, 24)))
                    .isInstanceOf(UnsupportedCapabilityException.class);
            assertThatThrownBy(() -> transport.signalProcess(65)).isInstanceOf(IllegalArgumentException.class);
            assertThat(transport.state()).isEqualTo(ProcessTransport.State.SPAWNED);
            assertThat(transport.usage().wallTime()).isPositive();
            assertThat(transport.usage().peakResidentBytes().orElseThrow()).isPositive();
            assertThat(transport.tree()).extracting(ProcessInfo::command).containsExactly("sleep 1000");
            assertThat(transport).hasToString("sh (pid " + transport.pid() + ", SPAWNED)");
            transport.signalProcess(Signal.KILL);
        });

        assertThat(launch.awaitEnded().status()).isEqualTo(9);
        Duration wall = launch.get(ProcessTransport::usage).wallTime();
        assertThat(launch.get(ProcessTransport::usage).wallTime())
                .isEqualTo(wall)
                .isPositive();
        assertThat(launch.get(ProcessTransport::exitReason)).contains(ExitReason.of(9));
    }

    @Test
    void whatAShellCannotStartIsRefusedBeforehand() {
        assertThatThrownBy(() -> TestLaunch.prepare(
                        reactor, SpawnRequest.of("a=b").withChildFds(Map.of()).withEnvironment(Map.of("A", "b"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TestLaunch.prepare(reactor, SpawnRequest.of("true")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertFails(SpawnRequest request, Step step, int errno, String message) throws Exception {
        TestLaunch launch = prepare(request.withChildFds(Map.of()));
        screen("exec " + launch.commandLine());
        SpawnException failure = launch.awaitFailure();
        assertThat(failure.step()).isEqualTo(step);
        assertThat(failure.errno()).isEqualTo(errno);
        assertThat(failure).hasMessageContaining(message);
        assertThat(launch.heard()).isEmpty();
    }

    /** A guarded script that runs, and has said "up". */
    private TestLaunch start(String script) throws Exception {
        TestLaunch launch = prepare(sh(script));
        screen("exec " + launch.commandLine()).awaitText("up");
        launch.awaitMade();
        return launch;
    }

    private TestLaunch prepare(SpawnRequest request) throws Exception {
        TestLaunch launch = prepareSilently(request);
        launch.listen();
        return launch;
    }

    private TestLaunch prepareSilently(SpawnRequest request) throws Exception {
        TestLaunch launch = TestLaunch.prepare(reactor, request.withChildFds(Map.of()));
        launches.add(launch);
        return launch;
    }

    private TestScreen screen(String commandLine) throws Exception {
        TestScreen screen = new TestScreen(commandLine);
        screens.add(screen);
        return screen;
    }

    private static SpawnRequest sh(String script) {
        return SpawnRequest.of("sh", "-c", script).withGuarded(true);
    }

    /** Linux 6.15 and later. */
    private static boolean kernelRemembersStatus() {
        String[] version = System.getProperty("os.version").split("[.-]", -1);
        return Integer.parseInt(version[0]) * 1000 + Integer.parseInt(version[1]) >= 6015;
    }
}
