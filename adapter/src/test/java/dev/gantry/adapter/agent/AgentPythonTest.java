package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The agent's own tests, which are Python's: each module runs by itself on each Python of this machine that can be debugged; a failure
 * shows what unittest has written.
 */
@ExtendWith(LeakCheck.class)
class AgentPythonTest {
    private static final Path ADAPTER =
            Path.of(System.getProperty("gantry.root", "..")).toAbsolutePath().resolve("adapter");
    private static final Path TESTS = ADAPTER.resolve("src/test/python");
    private static final Path SOURCES = ADAPTER.resolve("src/main/python");
    private static final Pattern COUNT = Pattern.compile("^Ran (\\d+) tests? in", Pattern.MULTILINE);
    private static final long PATIENCE_SECONDS = 600;

    @TestFactory
    Stream<DynamicTest> everyModuleOnEveryPython() throws IOException {
        List<Python> pythons = Pythons.atLeast(3, 8);
        assertThat(pythons).as("Pythons from 3.8 on").isNotEmpty();
        List<String> modules = modules();
        assertThat(modules).as("test modules in " + TESTS).isNotEmpty();
        return modules.stream()
                .flatMap(module -> pythons.stream()
                        .map(python -> DynamicTest.dynamicTest(
                                module + " on " + python.version(), () -> run(module, python))));
    }

    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.startsWith("test_") && name.endsWith(".py"))
                    .map(name -> name.substring(0, name.length() - ".py".length()))
                    .sorted()
                    .toList();
        }
    }

    private static void run(String module, Python python) throws IOException, InterruptedException {
        Path output = Files.createTempFile("agent-test-", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(python.executable().toString(), "-B", "-m", "unittest", module)
                    .directory(TESTS.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("PYTHONPATH", SOURCES.toString());
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended)
                    .as("%s on %s ends; it has said:%n%s", module, python, said)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s on %s:%n%s", module, python, said)
                    .isZero();
            assertThat(count(said))
                    .as("tests of %s on %s:%n%s", module, python, said)
                    .isPositive();
        } finally {
            Files.delete(output);
        }
    }

    /** How many tests unittest says that it has run. */
    private static int count(String said) {
        Matcher found = COUNT.matcher(said);
        return found.find() ? Integer.parseInt(found.group(1)) : 0;
    }
}
