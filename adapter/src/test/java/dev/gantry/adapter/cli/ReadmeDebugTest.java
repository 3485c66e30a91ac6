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

/** The README's section on debugging shows what happens. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class ReadmeDebugTest {
    private static final Path ROOT =
            Path.of(System.getProperty("gantry.root", "..")).toAbsolutePath().normalize();

    private static String block(String kind) throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        String section = readme.substring(readme.indexOf("## Debugging, without an editor"));
        Matcher block =
                Pattern.compile("```" + kind + "\n(.*?)```", Pattern.DOTALL).matcher(section);
        assertThat(block.find()).as("a block of " + kind).isTrue();
        return block.group(1);
    }

    /** A line as a shell in the checkout would run it, with everything in one place. */
    private static CommandProcess shell(String line) throws IOException {
        return CommandProcess.startRealBy("cd '" + ROOT + "' && " + line.replace("./gantry", "\"$@\"") + " 2>&1");
    }

    @Test
    void theOutputIsThatOfARun() throws Exception {
        String block = block("console");
        String command = block.lines().findFirst().orElse("");
        assertThat(command).startsWith("$ ./gantry run");
        try (CommandProcess run = shell(command.substring(2))) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo(block.substring(command.length() + 1));
        }
    }

    @Test
    void everyExampleStopsOrSaysSomething() throws Exception {
        List<String> lines = block("sh")
                .lines()
                .map(line -> line.replaceFirst(" +# .*", ""))
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
