package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code gantry run} as a job of an interactive shell. The names in quotes keep what is typed apart from what is printed. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class RunInTerminalTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String CTRL_Z = "\u001a";

    @TempDir
    private Path directory;

    @Test
    void aRunInTheBackgroundIsNotStoppedForReadingTheTerminal() throws Exception {
        try (ShellTerminal terminal = ShellTerminal.open(directory)) {
            terminal.type(
                            "./gantry run -q sh -c 'echo star\"\"ted; until [ -e go ]; do :; done; echo fin\"\"ished' &\n")
                    .awaitScreen("started");
            terminal.type("echo shell\"\" has the terminal\n").awaitScreen("shell has the terminal");
            Files.createFile(directory.resolve("go"));
            terminal.awaitScreen("finished");
        }
    }

    @Test
    void aRunThatComesToTheForegroundReadsTheTerminal() throws Exception {
        try (ShellTerminal terminal = ShellTerminal.open(directory)) {
            terminal.type("./gantry run cat &\n").awaitScreen("gantry:   in ");
            terminal.type("echo not\"\" for it\n").awaitScreen("not for it");
            terminal.type("fg\n").awaitScreen("fg\r\n./gantry run cat\r\n");
            terminal.type("hello\n").awaitScreen("hello\r\nhello\r\n");
            terminal.type(CTRL_D).awaitScreen("gantry: exit code 0").awaitPrompt();
            terminal.type("echo status\"\" $?\n").awaitScreen("status 0");
        }
    }

    @Test
    void aStopFromTheTerminalHoldsTheProgramUntilItIsContinued() throws Exception {
        try (ShellTerminal terminal = ShellTerminal.open(directory)) {
            terminal.type("./gantry run sh -c 'echo $$ >pid; echo rea\"\"dy; exec cat'\n")
                    .awaitScreen("ready");
            long pid = Long.parseLong(Files.readString(directory.resolve("pid")).strip());
            terminal.type(CTRL_Z);
            await().atMost(SOON).until(() -> state(pid) == 'T');
            terminal.awaitPrompt();
            terminal.type("echo shell\"\" is back\n").awaitScreen("shell is back");
            terminal.type("fg\n").awaitScreen("./gantry run sh");
            terminal.type("typed\n").awaitScreen("typed\r\ntyped\r\n");
            assertThat(state(pid)).isNotEqualTo('T');
            terminal.type(CTRL_Z);
            await().atMost(SOON).until(() -> state(pid) == 'T');
            terminal.awaitPrompt();
            terminal.type("bg\n").awaitScreen("./gantry run sh");
            await().atMost(SOON).until(() -> state(pid) != 'T');
            terminal.type("echo shell\"\" has it\n").awaitScreen("shell has it");
            terminal.type("fg\n").awaitScreen("./gantry run sh");
            terminal.type("more\n").awaitScreen("more\r\nmore\r\n");
            terminal.type(CTRL_C).awaitScreen("gantry: killed by SIGTERM").awaitPrompt();
            terminal.type("echo status\"\" $?\n").awaitScreen("status 143");
        }
    }

    @Test
    void aProgramWithATerminalOfItsOwnGetsOurSizeAndKeys() throws Exception {
        try (ShellTerminal terminal = ShellTerminal.open(directory)) {
            terminal.type("stty rows 31 cols 97; stty -g >before; tty >name\n")
                    .type(
                            "./gantry run --tty sh -c 'trap \"echo in\"\"terrupted\" INT; trap \"stty size\" WINCH;"
                                    + " stty size; while :; do read -r x && echo \"got:$x\" && [ \"$x\" = end ] && exit 5; done'\n")
                    .awaitScreen("31 97");
            terminal.type("abc\n").awaitScreen("got:abc");
            assertThat(terminal.shown()).as("what was typed is echoed once").containsOnlyOnce("\nabc");
            terminal.type(CTRL_C).awaitScreen("interrupted");
            resize(40, 90);
            terminal.awaitScreen("40 90");
            terminal.type("end\n").awaitScreen("gantry: exit code 5").awaitPrompt();
            terminal.type("echo status\"\" $?; stty rows 31 cols 97; stty -g >after\n")
                    .awaitScreen("status 5");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(directory.resolve("after"))
                            .hasSameTextualContentAs(directory.resolve("before")));
        }
    }

    private void resize(int rows, int columns) throws IOException, InterruptedException {
        String name = Files.readString(directory.resolve("name")).strip();
        assertThat(new ProcessBuilder("stty", "-F", name, "rows", "" + rows, "cols", "" + columns)
                        .start()
                        .waitFor())
                .isZero();
    }

    /** As /proc tells it: T for stopped. */
    private static char state(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }
}
