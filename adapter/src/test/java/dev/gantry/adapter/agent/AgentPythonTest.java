package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's own tests, which are written in Python: each module of src/test/python on each CPython from 3.8 on that this machine has. As
 * many at a time as there are processors. What ran is printed, and written to target/agent-matrix.txt.
 */
@Tag("agent")
@ExtendWith(LeakCheck.class)
class AgentPythonTest {
    private static final Path BASE = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    private static final Path TESTS = BASE.resolve("src/test/python");
    private static final Path AGENT = BASE.resolve("src/main/python");
    private static final long PATIENCE_SECONDS = 300;
    /** What tries other Pythons than the one that runs it: once is enough. */
    private static final Set<String> ONCE = Set.of("test_old");
    /**
     * What depends on how a Python was installed, and not on its version alone: its start, where its library is, the packages that it has. Of two
     * Pythons of one minor version the older one runs these only.
     */
    private static final Set<String> BY_INSTALLATION = Set.of(
            "test_arrays",
            "test_assign",
            "test_core",
            "test_differential",
            "test_files",
            "test_locks",
            "test_looking",
            "test_memory",
            "test_real_programs");

    private static final Pattern RAN = Pattern.compile("^Ran (\\d+) tests? in ", Pattern.MULTILINE);
    private static final Pattern SKIPPED = Pattern.compile("^(\\S+) .*\\.\\.\\. skipped (.*)$", Pattern.MULTILINE);

    @TempDir
    static Path directory;

    private static ExecutorService runners;
    private static final Map<String, Map<String, Outcome>> OUTCOMES = new TreeMap<>();

    /** What one module did on one Python. */
    private record Outcome(int status, String output) {
        /** unittest's status when all tests of a module were skipped, from 3.12 on. */
        private static final int NONE_RAN = 5;

        boolean passed() {
            return status == 0 || (status == NONE_RAN && !skipped().isEmpty());
        }

        int ran() {
            Matcher ran = RAN.matcher(output);
            return ran.find() ? Integer.parseInt(ran.group(1)) : 0;
        }

        List<String> skipped() {
            return SKIPPED.matcher(output)
                    .results()
                    .map(test -> test.group(1) + ": " + test.group(2))
                    .toList();
        }

        String cell() {
            String skips = skipped().isEmpty() ? "" : " -" + skipped().size();
            return passed() ? Math.max(0, ran() - skipped().size()) + skips : "FAILED";
        }
    }

    @BeforeAll
    static void startRunners() {
        runners = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    }

    @AfterAll
    static void writeMatrix() throws IOException {
        runners.shutdownNow();
        StringBuilder text = new StringBuilder("The agent's tests: passed, and (-) those that are skipped there\n");
        List<String> pythons =
                Pythons.atLeast(3, 8).stream().map(Python::toString).toList();
        text.append("%-28s".formatted(""));
        pythons.forEach(python -> text.append("%12s".formatted(python)));
        OUTCOMES.forEach((module, row) -> {
            text.append("\n%-28s".formatted(module));
            pythons.forEach(python -> text.append(
                    "%12s".formatted(row.containsKey(python) ? row.get(python).cell() : "not run")));
        });
        text.append(
                "\nnot run: %s tries other Pythons, once; of two Pythons of one minor version the older one runs what depends on the installation only"
                        .formatted(String.join(", ", ONCE)));
        text.append("\nskipped, and why:\n");
        OUTCOMES.forEach((module, row) -> row.forEach((python, outcome) ->
                outcome.skipped().forEach(skip -> text.append("  %s on %s, %s%n".formatted(module, python, skip)))));
        System.out.println(text);
        Files.createDirectories(BASE.resolve("target"));
        Files.writeString(BASE.resolve("target/agent-matrix.txt"), text);
    }

    @TestFactory
    Stream<DynamicTest> passesItsOwnTests() throws IOException {
        List<Python> pythons = Pythons.atLeast(3, 8);
        assertThat(pythons).as("a Python of 3.8 or later on this machine").isNotEmpty();
        List<DynamicTest> tests = new ArrayList<>();
        for (String module : modules()) {
            for (Python python : pythonsFor(module, pythons)) {
                Callable<Outcome> run = () -> run(python, module);
                Future<Outcome> outcome = runners.submit(run);
                tests.add(DynamicTest.dynamicTest(
                        module + " on " + python, () -> check(module, python.toString(), outcome.get())));
            }
        }
        return tests.stream();
    }

    private static List<Python> pythonsFor(String module, List<Python> pythons) {
        if (ONCE.contains(module)) {
            return List.of(Pythons.newest());
        }
        return BY_INSTALLATION.contains(module)
                ? pythons
                : pythons.stream().filter(AgentPythonTest::isNewestOfItsMinor).toList();
    }

    private static boolean isNewestOfItsMinor(Python python) {
        return Pythons.version(python.major(), python.minor()).equals(Optional.of(python));
    }

    /** The long ones that run once first: nobody is to wait for one of them at the end. */
    private static List<String> modules() throws IOException {
        try (Stream<Path> files = Files.list(TESTS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("test_\\w+\\.py"))
                    .map(name -> name.substring(0, name.length() - 3))
                    .sorted(Comparator.comparing((String name) -> !ONCE.contains(name))
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    private static void check(String module, String python, Outcome outcome) {
        OUTCOMES.computeIfAbsent(module, name -> new TreeMap<>()).put(python, outcome);
        assertThat(outcome.passed())
                .as("%s on %s: status %d%n%s", module, python, outcome.status(), outcome.output())
                .isTrue();
        assertThat(outcome.ran() + outcome.skipped().size())
                .as("tests in %s", module)
                .isPositive();
    }

    private static Outcome run(Python python, String module) throws IOException, InterruptedException {
        Path output = directory.resolve(module + "-" + python + ".txt");
        ProcessBuilder builder = new ProcessBuilder(python.executable().toString(), "-m", "unittest", "-v", module);
        builder.directory(TESTS.toFile());
        builder.environment().put("PYTHONPATH", AGENT.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        // Tests may print what is no UTF-8.
        String said = new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1);
        return new Outcome(
                ended ? process.exitValue() : -1, ended ? said : said + "\nended after " + PATIENCE_SECONDS + " s");
    }
}
