package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lines of source files, read when the first one of a file is asked for. Confined to one thread. */
final class SourceFiles implements StopText.SourceLines {
    /** What is longer is no source that somebody reads. */
    private static final long LARGEST = 4 << 20;

    /** What the adapter calls the text of {@code -c}, which is in no file. */
    private static final String OF_COMMAND_LINE = "<code -c>";

    private final Map<Path, List<String>> files = new HashMap<>();
    private final List<String> text;

    /**
     * @param target whose sources are read
     */
    SourceFiles(RunOptions.Target target) {
        this.text = target instanceof RunOptions.Target.Code code
                ? code.text().lines().toList()
                : List.of();
    }

    @Override
    public Optional<String> line(Path file, int number) {
        List<String> lines =
                file.toString().equals(OF_COMMAND_LINE) ? text : files.computeIfAbsent(file, SourceFiles::read);
        return number > 0 && number <= lines.size() ? Optional.of(lines.get(number - 1)) : Optional.empty();
    }

    private static List<String> read(Path file) {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
                return List.of();
            }
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException unreadable) {
            return List.of();
        }
    }
}
