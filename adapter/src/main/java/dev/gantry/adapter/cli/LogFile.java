package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.FileFaults;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * The file of {@code --log}, tried before anything is started, so that a fault of it is told in one line. It is made for its user
 * alone: what goes into it is the program's output, its environment, and the token of {@code gantry serve}.
 */
public final class LogFile {
    private static final Set<OpenOption> MAKE = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    /** Whatever it is, it can be opened again and somebody reads it. */
    private static final String STANDARD_ERROR = "/dev/stderr";

    private static final List<String> STANDARD_OUTPUT = List.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1");

    private LogFile() {}

    /**
     * The file of that name, if it can be a log; see {@link #check}.
     *
     * @throws IOException if it cannot, with a message for the user
     */
    public static Path named(String name) throws IOException {
        if (name.indexOf('\uFFFD') >= 0) {
            throw new IOException("cannot write the log " + name + ": "
                    + (FileNames.areAll() ? "its name is not UTF-8" : FileNames.advice(System.getenv())));
        }
        try {
            Path file = Path.of(name);
            check(file);
            return file;
        } catch (InvalidPathException unnameable) {
            throw new IOException(
                    "cannot write the log " + name + ": " + FileNames.advice(System.getenv()), unnameable);
        }
    }

    /**
     * Makes the file if there is none; what it holds stays, and so do its permissions.
     *
     * @throws IOException if it cannot be written, with a message for the user
     */
    static void check(Path file) throws IOException {
        if (STANDARD_OUTPUT.contains(file.toString())) {
            throw new IOException(
                    "cannot write the log " + file + ": standard output is not for it; /dev/stderr or a file is");
        }
        if (FileFaults.isFifo(file) && !file.toString().equals(STANDARD_ERROR)) {
            throw new IOException("cannot write the log " + file
                    + ": it is a FIFO, and opening one waits for a reader; name a file, or /dev/stderr");
        }
        try {
            make(file);
        } catch (FileSystemException refused) {
            throw new IOException("cannot write the log " + file + ": " + FileFaults.reason(file, refused), refused);
        }
    }

    private static void make(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            FileChannel.open(
                            file,
                            MAKE,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                    .close();
        } else {
            FileChannel.open(file, MAKE).close();
        }
    }
}
