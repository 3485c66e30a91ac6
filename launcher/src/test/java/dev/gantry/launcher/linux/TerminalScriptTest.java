package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.launcher.SpawnRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("once")
@Timeout(120)
class TerminalScriptTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();
    private Optional<TestTerminal> terminal = Optional.empty();

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (terminal.isPresent()) {
            terminal.get().close();
            assertThat(terminal.get().directory()).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource({"exit 0,0", "exit 3,3", "exit 127,127", "kill -TERM $$,143", "kill -KILL $$,137"})
    void tellsTheStatusAndExitsWithIt(String script, int status) throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("sh", "-c", script));

        launch.start();

        assertThat(launch.reported()).isEqualTo("status " + status);
        assertThat(launch.reported()).isEqualTo("null");
        assertThat(launch.exitCode()).isEqualTo(status);
        assertThat(launch.directory()).doesNotExist();
    }

    @Test
    void theProgramHasTheTerminal() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of(
                "sh", "-c", "test -t 0 && test -t 1 && test -t 2 && tty; : </dev/tty; read a; echo \"got <$a>\""));

        ProcessId process = launch.start();
        launch.awaitScreen("/dev/pts/");
        assertThat(proc.command(process.pid()).orElseThrow()).startsWith("sh -c test -t 0");
        launch.type("some words\n");

        assertThat(launch.reported()).isEqualTo("status 0");
        launch.exitCode();
        assertThat(launch.screen()).contains("got <some words>");
    }

    @Test
    void controlCReachesTheProgramAlone() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of(
                "/usr/bin/python3",
                "-c",
                "import time\ntry:\n  print('up', flush=True)\n  time.sleep(1000)\nexcept KeyboardInterrupt:\n"
                        + "  print('interrupted')\n  raise SystemExit(7)"));

        launch.start();
        launch.awaitScreen("up");
        launch.type("\u0003");

        assertThat(launch.reported()).isEqualTo("status 7");
        assertThat(launch.exitCode()).isEqualTo(7);
        assertThat(launch.screen()).contains("interrupted");
    }

    @Test
    void quitAndInterruptHaveTheirDefaultEffects() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("sh", "-c", "ulimit -c 0; echo up; exec sleep 1000"));

        launch.start();
        launch.awaitScreen("up");
        launch.type("\u001c");

        assertThat(launch.reported()).isEqualTo("status 131");
    }

    @Test
    void theProgramHasExactlyTheTerminalsDescriptorsAndDefaultSignals() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("/usr/bin/python3", "-c", """
                import os
                print('fds', [f for f in os.listdir('/proc/self/fd') if os.path.exists('/proc/self/fd/' + f)])
                masks = dict(l.split() for l in open('/proc/self/status') if l.startswith('Sig') and '/' not in l)
                print('blocked', int(masks['SigBlk:'], 16), 'ignored', int(masks['SigIgn:'], 16) & 0x4007)
                """));

        launch.start();

        assertThat(launch.reported()).isEqualTo("status 0");
        launch.exitCode();
        // 0x4007: HUP, INT, QUIT and TERM.
        assertThat(launch.screen()).contains("fds ['0', '1', '2']").contains("blocked 0 ignored 0");
    }

    @ParameterizedTest
    @CsvSource({
        "'echo up; exec sleep 1000'",
        "'trap \"\" TERM INT HUP; echo up; while :; do sleep 1000; done'",
        "'sleep 1000 & setsid sleep 1000 & echo up; wait'",
        "'echo up; kill -STOP $$'",
    })
    void closingTheLeashEndsTheProgramAndItsTree(String script) throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("sh", "-c", script));
        ProcessId process = launch.start();
        launch.awaitScreen("up");
        List<ProcStat> tree = proc.treeStats(List.of(process));
        assertThat(tree).isNotEmpty();

        launch.closeLeash();

        await().atMost(SOON).untilAsserted(() -> assertThat(tree).noneMatch(each -> proc.isAlive(each.id())));
        assertThat(launch.reported()).matches("status (143|137)");
        launch.exitCode();
    }

    @Test
    void aGracefulProgramHasTimeToEnd() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of(
                "sh", "-c", "trap 'echo last words; exit 5' TERM; echo up; while :; do sleep 0.1; done"));
        launch.start();
        launch.awaitScreen("up");

        launch.closeLeash();

        assertThat(launch.reported()).isEqualTo("status 5");
        launch.exitCode();
        assertThat(launch.screen()).contains("last words");
    }

    @Test
    void aClosedTerminalIsAnEndWithoutStatusAndEndsTheProgram() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("sh", "-c", "echo up; exec sleep 1000"));
        ProcessId process = launch.start();
        launch.awaitScreen("up");

        TestChild.kill(launch.terminal());

        assertThat(launch.reported()).isEqualTo("null");
        await().atMost(SOON).until(() -> !proc.isAlive(process));
    }

    @Test
    void aKilledShellIsAnEndWithoutStatusAndTheLeashStillWorks() throws Exception {
        TestTerminal launch =
                launch(SpawnRequest.of("sh", "-c", "trap '' HUP TERM; echo up; while :; do sleep 1000; done"));
        ProcessId process = launch.start();
        launch.awaitScreen("up");
        long shell = proc.stat(process.pid()).orElseThrow().parentPid();

        TestChild.kill(proc.identity(shell).orElseThrow());
        assertThat(launch.reported()).isEqualTo("null");
        launch.closeLeash();

        await().atMost(SOON).until(() -> !proc.isAlive(process));
    }

    @Test
    void argumentsDirectoryAndEnvironmentArePassedVerbatim(@TempDir Path folder) throws Exception {
        Path directory = Files.createDirectory(folder.resolve("a 'b' $c"));
        List<String> arguments =
                List.of("", "two words", "'\"`$x*\\", "new\nline\ttab", "тест 😀 é", "-n", "\u0001\u007f");
        Map<String, @Nullable String> changes =
                new HashMap<>(Map.of("odd.name", "1", "PPID", "x", "IFS", "y", "E", "a\nb"));
        changes.put("HOME", null);
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/python3",
                "-c",
                "import os, sys; open('out', 'w', encoding='utf-8', newline='').write(repr((sys.argv[1:], os.getcwd(), "
                        + "[os.environ.get(n) for n in ('odd.name', 'PPID', 'IFS', 'E', 'HOME')])))"));
        command.addAll(arguments);
        TestTerminal launch =
                launch(SpawnRequest.of(command).withEnvironment(changes).withWorkingDirectory(directory));

        launch.start();

        assertThat(launch.reported()).isEqualTo("status 0");
        assertThat(Files.readString(directory.resolve("out")))
                .isEqualTo("(['', 'two words', '\\'\"`$x*\\\\', 'new\\nline\\ttab', 'тест 😀 é', '-n', '\\x01\\x7f'], "
                        + "\"" + directory + "\", ['1', 'x', 'y', 'a\\nb', None])");
    }

    @Test
    void anEmptyEnvironmentIsEmpty() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("env").withOnlyEnvironment(Map.of("ONLY", "this one")));

        launch.start();

        assertThat(launch.reported()).isEqualTo("status 0");
        launch.exitCode();
        assertThat(launch.screen().strip()).isEqualTo("ONLY=this one");
    }

    @Test
    void whatCannotBeExecutedIsRefused(@TempDir Path folder) throws Exception {
        Path noInterpreter = Files.writeString(folder.resolve("script"), "#!/no/such/interpreter\n");
        Files.setPosixFilePermissions(noInterpreter, PosixFilePermissions.fromString("rwx------"));
        Path plain = Files.writeString(folder.resolve("plain"), "text");

        assertRefused(SpawnRequest.of("no-such-program"), "refused program 127");
        assertRefused(SpawnRequest.of("no-such-program").withEnvironment(Map.of("A", "b")), "refused program 127");
        assertRefused(SpawnRequest.of("cat").withEnvironment(Map.of("PATH", "/nowhere")), "refused program 127");
        assertRefused(SpawnRequest.of("/no/such/program"), "refused program 127");
        assertRefused(SpawnRequest.of(plain.toString()), "refused program 126");
        assertRefused(SpawnRequest.of(folder.toString()), "refused program 126");
        assertRefused(SpawnRequest.of("true").withWorkingDirectory(folder.resolve("x")), "refused directory 0");
        TestTerminal late = launch(SpawnRequest.of(noInterpreter.toString()));
        late.start();
        assertThat(late.reported()).isEqualTo("refused program 127");
        assertThat(late.reported()).isEqualTo("status 127");
    }

    @Test
    void aCancelledLaunchStartsNothing(@TempDir Path folder) throws Exception {
        Path trace = folder.resolve("ran");
        TerminalScript.write(folder, SpawnRequest.of("touch", trace.toString()).withChildFds(Map.of()));
        Process withoutFifo = new ProcessBuilder(TerminalScript.command(folder)).start();
        assertThat(withoutFifo.waitFor()).isEqualTo(125);

        assertThat(new ProcessBuilder("mkfifo", folder.resolve("leash").toString())
                        .start()
                        .waitFor())
                .isZero();
        Process withoutPreparer = new ProcessBuilder(TerminalScript.command(folder)).start();

        assertThat(withoutPreparer.waitFor()).isEqualTo(125);
        assertThat(trace).doesNotExist();
    }

    @Test
    void aSecondRunStartsNothingAndSaysSo() throws Exception {
        TestTerminal launch = launch(SpawnRequest.of("sh", "-c", "echo up; read x; exit 3"));
        launch.start();
        launch.awaitScreen("up");

        Process second = new ProcessBuilder(TerminalScript.command(launch.directory()))
                .redirectErrorStream(true)
                .start();

        assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("has started already");
        assertThat(second.waitFor()).isEqualTo(125);
        launch.type("\n");
        assertThat(launch.reported()).isEqualTo("status 3");
        launch.exitCode();
    }

    @Test
    void whatAShellCannotStartIsRefusedBeforehand() {
        SpawnRequest bare = SpawnRequest.of("a=b").withChildFds(Map.of());

        assertThat(TerminalScript.target(bare)).contains("'a=b' 'a=b'");
        assertThatThrownBy(() -> TerminalScript.target(bare.withEnvironment(Map.of("A", "b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a=b");
        assertThatThrownBy(() -> TerminalScript.target(bare.withExecutable(Path.of("/bin/x"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TerminalScript.target(SpawnRequest.of("x")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TerminalScript.quoted("a\0b")).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertRefused(SpawnRequest request, String line) throws Exception {
        try (TestTerminal launch = new TestTerminal(request)) {
            assertThat(launch.reported()).isEqualTo(line);
            assertThat(launch.reported()).startsWith("status ");
            assertThat(launch.exitCode()).isIn(126, 127);
        }
    }

    private TestTerminal launch(SpawnRequest request) throws Exception {
        TestTerminal launch = new TestTerminal(request);
        terminal = Optional.of(launch);
        return launch;
    }
}
