package dev.gantry.launcher.contract;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Counts what ran of the contract, row by backend, and writes the matrix to target/contract-matrix.txt. Several JVMs can share the
 * test classes: each leaves its counts where the others find them, and whoever ends last writes what is whole. Found by JUnit
 * through the service file; called on its thread.
 */
public final class ContractMatrix implements TestExecutionListener {
    /** Names a run of the tests, whatever the number of its JVMs; a JVM that nobody told is a run by itself. */
    private static final String RUN = System.getProperty(
            "gantry.test.run", "alone-" + ProcessHandle.current().pid());

    private static final Path TARGET = Path.of(System.getProperty("basedir", "."), "target");
    private static final String TAB = "\t";

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
            reasons.add(method.getMethodName() + ": " + reason.replaceAll("\\s+", " "));
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
                    change.to(cell(row, backend));
                }
            }
        }
    }

    /** A JVM may run several plans: each leaves its own counts. */
    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (backends.isEmpty()) {
            return;
        }
        try {
            Path parts =
                    Files.createDirectories(TARGET.resolve("contract-matrix").resolve(RUN));
            try (FileChannel lock = FileChannel.open(
                    parts.resolveSibling("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                lock.lock(); // Until it is closed.
                Files.write(Files.createTempFile(parts, "", ".part"), counts());
                forget();
                ContractMatrix whole = new ContractMatrix();
                try (Stream<Path> all = Files.list(parts)) {
                    for (Path part : all.toList()) {
                        Files.readAllLines(part).forEach(whole::add);
                    }
                }
                Files.write(TARGET.resolve("contract-matrix.txt"), whole.lines());
            }
        } catch (IOException unwritable) {
            System.err.println("cannot write the contract matrix: " + unwritable);
        }
    }

    private void forget() {
        cells.clear();
        backends.clear();
        reasons.clear();
    }

    /** A line for each cell and for each reason, for {@link #add}. */
    private List<String> counts() {
        List<String> counts = new ArrayList<>(reasons);
        cells.forEach((row, byBackend) -> byBackend.forEach((backend, cell) -> counts.add(String.join(
                TAB, row.name(), backend, cell.worked + TAB + cell.refused + TAB + cell.failed + TAB + cell.notRun))));
        return counts;
    }

    private void add(String count) {
        String[] fields = count.split(TAB, -1);
        if (fields.length == 1) {
            reasons.add(count);
            return;
        }
        backends.add(fields[1]);
        Cell cell = cell(Row.valueOf(fields[0]), fields[1]);
        cell.worked += Integer.parseInt(fields[2]);
        cell.refused += Integer.parseInt(fields[3]);
        cell.failed += Integer.parseInt(fields[4]);
        cell.notRun += Integer.parseInt(fields[5]);
    }

    private Cell cell(Row row, String backend) {
        return cells.computeIfAbsent(row, key -> new TreeMap<>()).computeIfAbsent(backend, key -> new Cell());
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
