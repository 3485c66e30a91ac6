package dev.gantry.adapter.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The file of {@code --log}, tried before anything is started, so that a fault of it is told in one line. */
final class LogFile {
    private LogFile() {}

    /**
     * Makes the file if there is none; what it holds stays.
     *
     * @throws IOException if it cannot be written, with a message for the user
     */
    static void check(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            return; // To open a FIFO waits for its reader, or ends what that reads.
        }
        try {
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
        } catch (FileSystemException refused) {
            throw new IOException("cannot write the log " + file + ": " + reason(file, refused), refused);
        }
    }

    private static String reason(Path file, FileSystemException refused) {
        if (refused instanceof NoSuchFileException) {
            return "there is no directory " + file.toAbsolutePath().getParent();
        } else if (refused instanceof AccessDeniedException) {
            return "permission denied";
        }
        return Optional.ofNullable(refused.getReason()).orElseGet(refused::toString);
    }
}
