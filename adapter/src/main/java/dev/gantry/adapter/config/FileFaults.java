package dev.gantry.adapter.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Why a file cannot be used, in words for its user. */
public final class FileFaults {
    private FileFaults() {}

    /**
     * A clause without capital and full stop.
     *
     * @param file what was opened
     * @param refused how the system refused it
     */
    public static String reason(Path file, IOException refused) {
        if (refused instanceof NoSuchFileException) {
            Path parent = file.toAbsolutePath().getParent();
            return parent != null && Files.isDirectory(parent)
                    ? "no file can be made in " + parent
                    : "there is no directory " + parent;
        }
        if (refused instanceof AccessDeniedException) {
            return "permission denied";
        }
        String words = refused instanceof FileSystemException system ? system.getReason() : refused.getMessage();
        return Optional.ofNullable(words).orElseGet(refused::toString);
    }
}
