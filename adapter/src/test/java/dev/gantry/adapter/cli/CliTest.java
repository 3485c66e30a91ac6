package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.adapter.config.Platform;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CliTest implements Entry {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> calls = new ArrayList<>();

    @Override
    public int serveStdio(Optional<Path> log) {
        calls.add("stdio " + log);
        return 7;
    }

    @Override
    public int serveTcp(TcpOptions options, Listening listening) throws IOException {
        if (options.port() == 1) {
            throw new IOException("port 1 is taken");
        }
        calls.add("tcp " + options);
        listening.at(4711, "secret");
        return 0;
    }

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private int cli(String... arguments) {
        return Cli.run(arguments, this);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void dapHandsTheLogOnAndReturnsItsStatus(@TempDir Path directory) {
        Path log = directory.resolve("log");
        assertThat(cli("dap", "--log", log.toString())).isEqualTo(7);
        assertThat(calls).containsExactly("stdio Optional[" + log + "]");
        assertThat(out()).isEmpty();
    }

    @Test
    void servePrintsOneLineWithPortAndToken() {
        assertThat(cli("serve", "--port", "0", "--max-sessions", "3")).isZero();
        assertThat(out()).isEqualTo("listening on 127.0.0.1:4711 token secret\n");
        assertThat(calls)
                .containsExactly("tcp TcpOptions[port=0, maxSessions=3, tokenTimeout=PT1M, log=Optional.empty]");
    }

    @Test
    void helpIsACommandToo() {
        assertThat(cli("help")).isZero();
        assertThat(out()).contains("Usage: gantry", "Commands:", "doctor");
        out.reset();
        assertThat(cli("help", "serve")).isZero();
        assertThat(out()).startsWith("Usage: gantry serve").contains("--token-timeout");
    }

    private static String runHelp(Platform platform) {
        RunCommand command = new RunCommand(OwnCommandLine.read(), 0);
        return Cli.runCommand(command, platform)
                .getUsageMessage(Cli.colours(platform))
                .replaceAll("\\s+", " ");
    }

    @Test
    void theHelpOfRunIsThatOfTheSystem() {
        assertThat(runHelp(Platform.POSIX)).contains("SIGTERM and SIGHUP stop", "Ctrl+Z", "ours are one terminal");
        assertThat(runHelp(Platform.WINDOWS))
                .contains(
                        "Usage: gantry run",
                        "Ctrl+C stops the program",
                        "Refused on Windows",
                        "137 the program was killed")
                .contains("--no-input", "what it does not read is lost")
                .doesNotContain("SIGHUP", "Ctrl+Z", "ours are one terminal", "128 + n", "\u001b");
    }

    @Test
    void helpHasNoColoursOnWindowsWhateverTermSays() {
        assertThat(Cli.colours(Platform.WINDOWS)).isEqualTo(CommandLine.Help.Ansi.OFF);
        assertThat(Cli.colours(Platform.POSIX)).isEqualTo(CommandLine.Help.Ansi.AUTO);
    }

    @Test
    void servePrintsJsonWhenAsked() {
        assertThat(cli("serve", "--port=0", "--json")).isZero();
        assertThat(out()).isEqualTo("{\"host\":\"127.0.0.1\",\"port\":4711,\"token\":\"secret\"}\n");
    }

    @Test
    void aPortThatCannotBeHadIsOneLine() {
        assertThat(cli("serve", "--port", "1")).isEqualTo(1);
        assertThat(err()).isEqualTo("gantry: port 1 is taken\n");
    }

    @Test
    void aLogThatCannotBeWrittenIsOneLineAndNothingStarts(@TempDir Path directory) {
        String missing = directory + "/no/log";
        for (String[] command : new String[][] {
            {"dap", "--log", missing}, {"serve", "--port=0", "--log", missing}, {"run", "--log", missing, "true"}
        }) {
            err.reset();
            assertThat(cli(command)).as(command[0]).isEqualTo(1);
            assertThat(err())
                    .isEqualTo("gantry: cannot write the log " + missing + ": there is no directory " + directory
                            + "/no\n");
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void aDirectoryIsNoLog(@TempDir Path directory) {
        assertThat(cli("dap", "--log", directory.toString())).isEqualTo(1);
        assertThat(err()).isEqualTo("gantry: cannot write the log " + directory + ": Is a directory\n");
    }

    @Test
    void aProgramWithoutRunPointsToRun() {
        assertThat(cli("bogus", "x")).isEqualTo(2);
        assertThat(err()).contains("'gantry run bogus'");
        err.reset();
        assertThat(cli("--bogus")).isEqualTo(2);
        assertThat(err()).doesNotContain("gantry run");
    }

    @Test
    void anUnknownOptionIsOneLineAndAHint() {
        assertThat(cli("serve", "--prot", "1")).isEqualTo(2);
        assertThat(err().lines()).hasSize(2);
        assertThat(err()).startsWith("gantry: ").endsWith("Try 'gantry serve --help'.\n");
        assertThat(out()).isEmpty();
    }

    @Test
    void anUnknownCommandSuggestsTheNearest() {
        assertThat(cli("docter")).isEqualTo(2);
        assertThat(err()).contains("docter").contains("doctor").contains("Try 'gantry --help'.");
    }

    @Test
    void wrongValuesAreNamed() {
        assertThat(cli("serve", "--port", "70000")).isEqualTo(2);
        assertThat(cli("run", "--runtime", "ruby", "x")).isEqualTo(2);
        assertThat(cli("run", "--env", "x", "x")).isEqualTo(2);
        assertThat(cli("run", "--encoding", "no such", "x")).isEqualTo(2);
        assertThat(cli("run")).isEqualTo(2);
        assertThat(err())
                .contains("--port is a number from 0 to 65535, not 70000")
                .contains("--runtime is one of python, process, not 'ruby'")
                .contains("--env wants NAME=VALUE, not 'x'")
                .contains("there is no encoding 'no such'")
                .contains("no program was named");
    }

    @Test
    void everyCommandHasHelpOnStandardOutput() {
        for (String command : List.of("dap", "serve", "run", "doctor")) {
            out.reset();
            assertThat(cli(command, "--help")).isZero();
            assertThat(out()).contains("gantry " + command).contains("--help");
        }
        out.reset();
        assertThat(cli("--help")).isZero();
        assertThat(out()).contains("dap", "serve", "run", "doctor", "GANTRY_BUILD");
        assertThat(err()).isEmpty();
    }

    @Test
    void versionIsOneLine() {
        assertThat(cli("--version")).isZero();
        assertThat(out().lines()).singleElement().asString().startsWith("gantry ");
    }

    @Test
    void everyCommandTellsTheVersion() {
        for (String command : List.of("dap", "serve", "run", "doctor")) {
            out.reset();
            assertThat(cli(command, "--version")).isZero();
            assertThat(out().lines()).singleElement().asString().startsWith("gantry ");
        }
        assertThat(calls).isEmpty();
    }
}
