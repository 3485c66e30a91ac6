package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lines of source files, read when the first one of a file is asked for, or learned. Confined to one thread. */
final class SourceFiles implements StopText.SourceLines {
    /** What is longer is no source that somebody reads. */
    private static final long LARGEST = 4 << 20;

    /** By the adapter's names for them. */
    private final Map<String, List<String>> files = new HashMap<>();

    private final Set<String> asked = new HashSet<>();

    /**
     * @param target whose sources are read
     */
    SourceFiles(RunOptions.Target target) {
        if (target instanceof RunOptions.Target.Code code) {
            learn(BreakpointWords.OF_COMMAND_LINE, code.text());
        }
    }

    @Override
    public Optional<String> line(String path, int number) {
        List<String> lines = files.computeIfAbsent(path, SourceFiles::read);
        return number > 0 && number <= lines.size() ? Optional.of(lines.get(number - 1)) : Optional.empty();
    }

    @Override
    public boolean mayAsk(String path) {
        return files.getOrDefault(path, List.of()).isEmpty() && asked.add(path);
    }

    @Override
    public void learn(String path, String text) {
        files.put(path, text.lines().toList());
    }

    private static List<String> read(String path) {
        try {
            Optional<Path> file = Probe.path(path);
            if (file.isEmpty() || !Files.isRegularFile(file.get()) || Files.size(file.get()) > LARGEST) {
                return List.of();
            }
            return new String(Files.readAllBytes(file.get()), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
