package dev.gantry.adapter.config;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Why a file cannot be used. */
public final class FileFaults {
    /** In the mode of stat(2): the bits that say what a file is, and what they are for a FIFO. */
    private static final int FILE_TYPE = 0170000;

    private static final int FIFO = 0010000;

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

    /** Whether opening it waits until somebody opens its other end. */
    public static boolean isFifo(Path file) {
        try {
            return Files.exists(file)
                    && !Files.isRegularFile(file)
                    && Files.getAttribute(file, "unix:mode") instanceof Integer mode
                    && (mode & FILE_TYPE) == FIFO;
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
