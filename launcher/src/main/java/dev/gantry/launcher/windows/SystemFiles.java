package dev.gantry.launcher.windows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The file system itself. Stateless; any thread. */
final class SystemFiles implements FileView {
    @Override
    public boolean isFile(String path) {
        // A program of the Microsoft Store is a link that only CreateProcessW can follow: it exists, and is no regular
        // file.
        try {
            Path file = file(path);
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(file);
        } catch (InvalidPathException none) {
            return false;
        }
    }

    @Override
    public boolean isDirectory(String path) {
        try {
            return Files.isDirectory(file(path));
        } catch (InvalidPathException none) {
            return false;
        }
    }

    @Override
    public byte[] beginning(String path, int bytes) throws IOException {
        try (InputStream file = Files.newInputStream(file(path))) {
            return file.readNBytes(bytes);
        }
    }

    private static Path file(String path) {
        return Path.of(WindowsPath.withoutPrefix(path));
    }
}
