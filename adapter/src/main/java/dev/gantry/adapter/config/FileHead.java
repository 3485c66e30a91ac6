package dev.gantry.adapter.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipFile;

/**
 * What a file's first bytes say of it.
 *
 * @param text up to 256 bytes, one character each; empty where the file cannot be read
 */
record FileHead(String text) {
    /** By a plain stream: it is on the way to the launch, and channels are many classes. */
    static FileHead of(Path file) {
        if (!Files.isRegularFile(file)) {
            return new FileHead("");
        }
        try (InputStream in = new FileInputStream(file.toFile())) {
            return new FileHead(new String(in.readNBytes(256), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return new FileHead("");
        }
    }

    boolean isZip() {
        return text.startsWith("PK\u0003\u0004");
    }

    /** Whether it can only be a text: not empty, no control characters but white space. */
    boolean isText() {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0x7F || (c < ' ' && "\t\n\f\r".indexOf(c) < 0)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether its first line ends in a carriage return, which the system takes for a part of it. */
    boolean hasWindowsLineEnd() {
        int end = text.indexOf('\n');
        return end > 0 && text.charAt(end - 1) == '\r';
    }

    /** The interpreter that a {@code #!} line names, with its argument. */
    Optional<String> hashBang() {
        if (!text.startsWith("#!")) {
            return Optional.empty();
        }
        int end = text.indexOf('\n');
        return Optional.of(text.substring(2, end < 0 ? text.length() : end).strip());
    }

    /** Whether Python can run it as a whole: a zip file with {@code __main__.py}. */
    static boolean isRunnableZip(Path file) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return zip.getEntry("__main__.py") != null || zip.getEntry("__main__.pyc") != null;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether Python can run it as a whole: a directory with {@code __main__.py}. */
    static boolean isRunnableDirectory(Path directory) {
        return Files.isRegularFile(directory.resolve("__main__.py"))
                || Files.isRegularFile(directory.resolve("__main__.pyc"));
    }
}
