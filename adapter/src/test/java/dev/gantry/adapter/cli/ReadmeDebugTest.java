package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README's quick start runs, and its section on debugging shows what happens. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class ReadmeDebugTest {
    private static final Path ROOT =
            Path.of(System.getProperty("gantry.root", "..")).toAbsolutePath().normalize();

    private static final String DEBUGGING = "## Debugging, without an editor";

    private static String block(String heading, String kind) throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(readme).contains("\n" + heading + "\n");
        String section = readme.substring(readme.indexOf("\n" + heading + "\n"));
        Matcher block =
                Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL).matcher(section);
        assertThat(block.find()).as("a block of " + kind).isTrue();
        return block.group(1);
    }

    /** A line as a shell in the checkout would run it, with everything in one place. */
    private static CommandProcess shell(String line) throws IOException {
        return CommandProcess.startRealBy("cd '" + ROOT + "' && " + line.replace("./gantry", "\"$@\"") + " 2>&1");
    }

    /** Without the remarks behind them. */
    private static List<String> commands(String heading) throws IOException {
        return block(heading, "sh")
                .lines()
                .map(line -> line.replaceFirst(" +# .*", ""))
                .toList();
    }

    @Test
    void theFirstCommandRunsAPythonProgram() throws Exception {
        try (CommandProcess run = shell(commands("## Two commands").get(0))) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).contains("\nthe 2\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"print(6 * 7), 42", "| ./gantry run sort, data"})
    void aCommandOfTheQuickStartThatNeedsNoFileOfTheReaders(String part, String output) throws Exception {
        List<String> lines = commands("## Quick start").stream()
                .filter(line -> line.contains(part))
                .toList();
        assertThat(lines).hasSize(1);
        try (CommandProcess run = shell(lines.get(0))) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).contains("\n" + output + "\n");
        }
    }

    @Test
    void theOutputIsThatOfARun() throws Exception {
        String block = block(DEBUGGING, "console");
        String command = block.lines().findFirst().orElse("");
        assertThat(command).startsWith("$ ./gantry run");
        try (CommandProcess run = shell(command.substring(2))) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo(block.substring(command.length() + 1));
        }
    }

    @Test
    void everyExampleStopsOrSaysSomething() throws Exception {
        List<String> lines = commands(DEBUGGING).stream()
                .filter(line -> line.contains("examples/"))
                .toList();
        assertThat(lines).hasSizeGreaterThan(2);
        for (String line : lines) {
            try (CommandProcess run = shell(line)) {
                assertThat(run.await()).as(line).isZero();
                assertThat(run.out())
                        .as(line)
                        .containsPattern("gantry: (stop 1|the so far \\{})")
                        .doesNotContain("no stop at", "never reached");
            }
        }
    }
}
