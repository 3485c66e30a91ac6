package dev.gantry.launcher.portable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The first line of a script. */
final class Shebang {
    /** As much of it as kernels read. */
    private static final int LINE_BYTES = 256;

    private Shebang() {}

    /** The interpreter that it names; a carriage return at its end, which Windows editors leave, is shown. */
    static Optional<String> interpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(LINE_BYTES), StandardCharsets.UTF_8);
            if (!start.startsWith("#!")) {
                return Optional.empty();
            }
            String line = start.substring(2).split("\n", 2)[0].replace("\r", "\\r");
            String name = line.strip().split("[ \t]", 2)[0];
            return name.isEmpty() ? Optional.empty() : Optional.of(name);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }
}
