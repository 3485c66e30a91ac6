package dev.gantry.launcher.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts what ran of the contract, row by backend, prints the matrix and writes it to target/contract-matrix.txt at the end of
 * each test run. Found by JUnit through the service file; called on its thread.
 */
public final class ContractMatrix implements TestExecutionListener {
    /** The key of the report entry by which a test says that the backend lacks a capability and refused by name. */
    static final String REFUSED = "refused";

    private static final class Cell {
        private int worked;
        private int refused;
        private int failed;
        private int notRun;

        @Override
        public String toString() {
            return worked + " / " + refused + " / " + failed + " / " + notRun;
        }
    }

    private final Map<Row, Map<String, Cell>> cells = new EnumMap<>(Row.class);
    private final Set<String> backends = new TreeSet<>();
    private final Set<String> reasons = new TreeSet<>();
    private final Set<String> refusing = new HashSet<>();

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        if (entry.getKeyValuePairs().containsKey(REFUSED)) {
            refusing.add(test.getUniqueId());
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (!test.isTest()) {
            return;
        }
        count(test, cell -> {
            switch (result.getStatus()) {
                case SUCCESSFUL -> {
                    if (refusing.contains(test.getUniqueId())) {
                        cell.refused++;
                    } else {
                        cell.worked++;
                    }
                }
                case FAILED -> cell.failed++;
                case ABORTED -> cell.notRun++;
            }
        });
        if (result.getStatus() == TestExecutionResult.Status.ABORTED) {
            result.getThrowable().ifPresent(why -> remember(test, String.valueOf(why.getMessage())));
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        if (test.isTest()) {
            count(test, cell -> cell.notRun++);
            remember(test, reason);
        }
    }

    private void remember(TestIdentifier test, String reason) {
        if (test.getSource().orElse(null) instanceof MethodSource method
                && method.getJavaMethod().isAnnotationPresent(Shows.class)) {
            reasons.add(method.getMethodName() + ": " + reason);
        }
    }

    private interface Change {
        void to(Cell cell);
    }

    private void count(TestIdentifier test, Change change) {
        if (test.getSource().orElse(null) instanceof MethodSource method) {
            Shows shows = method.getJavaMethod().getAnnotation(Shows.class);
            if (shows != null) {
                String backend = BackendContract.backendName(method.getJavaClass());
                backends.add(backend);
                for (Row row : shows.value()) {
                    change.to(cells.computeIfAbsent(row, key -> new TreeMap<>())
                            .computeIfAbsent(backend, key -> new Cell()));
                }
            }
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (backends.isEmpty()) {
            return;
        }
        List<String> lines = lines();
        lines.forEach(System.out::println);
        Path file = Path.of(System.getProperty("basedir", "."), "target", "contract-matrix.txt");
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, lines);
        } catch (IOException unwritable) {
            System.err.println("cannot write " + file + ": " + unwritable);
        }
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("contract matrix: worked / refused by name / failed / not run; Java " + Runtime.version());
        StringBuilder head = new StringBuilder(String.format("%-52s", "row"));
        backends.forEach(backend -> head.append(String.format("%-20s", backend)));
        lines.add(head.toString().stripTrailing());
        for (Row row : Row.values()) {
            StringBuilder line = new StringBuilder(String.format("%-52s", row.title()));
            for (String backend : backends) {
                Cell cell = cells.getOrDefault(row, Map.of()).get(backend);
                line.append(String.format("%-20s", cell == null ? "-" : cell.toString()));
            }
            lines.add(line.toString().stripTrailing());
        }
        reasons.forEach(reason -> lines.add("not run: " + reason));
        return lines;
    }
}
