package dev.gantry.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every test that docs/debugpy-comparison.md names is there. */
class DebugpyComparisonTest {
    private static final Path ROOT = Path.of(System.getProperty("gantry.root", ".."));
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final int COLUMNS = 4;

    private static List<String[]> rows() throws IOException {
        List<String[]> rows = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/debugpy-comparison.md"))) {
            if (line.startsWith("| ") && !line.startsWith("| feature")) {
                rows.add(line.substring(2).split(" ?\\| ?", -1));
            }
        }
        return rows;
    }

    @Test
    void everyRowIsWholeAndWhatIsThereIsShown() throws IOException {
        List<String[]> rows = rows();
        assertThat(rows).hasSizeGreaterThan(45);
        for (String[] row : rows) {
            assertThat(row).as(row[0]).hasSize(COLUMNS + 1);
            if (!row[2].startsWith("not yet")) {
                assertThat(row[3]).as("the test of " + row[0]).contains("`");
            }
        }
    }

    @Test
    void everyTestIsThere() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String[] row : rows()) {
            for (MatchResult name : NAME.matcher(row[3]).results().toList()) {
                if (!exists(name.group(1))) {
                    missing.add(name.group(1));
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean exists(String name) throws IOException {
        String[] parts = name.split("\\.", -1);
        if (!parts[0].startsWith("test_")) {
            Optional<Path> file = javaTest(parts[0]);
            return file.isPresent()
                    && (parts.length == 1 || Files.readString(file.get()).contains("void " + parts[1] + "("));
        }
        Path file = ROOT.resolve("adapter/src/test/python/" + parts[0] + ".py");
        if (!Files.isRegularFile(file)) {
            return false;
        }
        String text = Files.readString(file);
        int start = parts.length == 1 ? 0 : text.indexOf("\nclass " + parts[1] + "(");
        return start >= 0 && (parts.length < 3 || text.indexOf("    def " + parts[2] + "(self", start) > 0);
    }

    private static Optional<Path> javaTest(String name) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("adapter/src/test/java"))) {
            return files.filter(file -> file.endsWith(name + ".java")).findFirst();
        }
    }
}
