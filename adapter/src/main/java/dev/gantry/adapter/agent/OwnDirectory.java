package dev.gantry.adapter.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Temporary directories of this process that only its user can enter. A locked file in each tells all others that the process lives: what one
 * that was killed has left is removed by the next. Any thread.
 */
final class OwnDirectory {
    private static final String PREFIX = "gantry-agent-";
    private static final String LOCK = "lock";
    /** One without a lock may be one that is just being made, or on a file system that knows no locks. */
    private static final Duration WITHOUT_LOCK = Duration.ofDays(1);

    /** Those that are there. Closing another channel to such a file would end its lock: they are never looked at. */
    private static final Map<Path, FileChannel> LOCKS = new ConcurrentHashMap<>();

    private OwnDirectory() {}

    /** By hand: patterns are slow to load, and this class is loaded on the way to a launch. */
    private static boolean isNumbered(String name) {
        if (!name.startsWith(PREFIX) || name.length() == PREFIX.length()) {
            return false;
        }
        for (int i = PREFIX.length(); i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static Path create(Path parent) throws IOException {
        Path directory = Files.createTempDirectory(parent.toRealPath(), PREFIX, privacy(parent));
        try {
            lock(directory);
        } catch (IOException e) {
            // Then it is one without a lock: others let it be for a day.
        }
        return directory;
    }

    /** The file has its name when it is locked. */
    private static void lock(Path directory) throws IOException {
        Path fresh = directory.resolve(LOCK + ".new");
        FileChannel channel = FileChannel.open(fresh, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                // First: another thread of ours that opened and closed the file would end the lock.
                LOCKS.put(directory, channel);
                Files.move(fresh, directory.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
                return;
            }
        } catch (IOException | RuntimeException e) {
            LOCKS.remove(directory);
            channel.close();
            Files.deleteIfExists(fresh);
            throw e;
        }
        channel.close();
        Files.deleteIfExists(fresh);
    }

    /** As {@link #remove}; what cannot be removed is in nobody's way. */
    static void removeQuietly(Path directory) {
        try {
            remove(directory);
        } catch (IOException e) {
            // Another adapter removes it one day.
        }
    }

    /** Idempotent. */
    static void remove(Path directory) throws IOException {
        FileChannel lock = LOCKS.remove(directory);
        if (lock != null) {
            lock.close();
        }
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            delete(directory);
        }
    }

    /** Removes what processes that have ended without doing so have left there. */
    static void removeAbandoned(Path parent, Instant now) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(parent.toRealPath(), PREFIX + "*")) {
            for (Path directory : found) {
                if (isAbandoned(directory, now)) {
                    deleteQuietly(directory);
                }
            }
        }
    }

    private static boolean isAbandoned(Path directory, Instant now) {
        if (!isNumbered(String.valueOf(directory.getFileName())) || LOCKS.containsKey(directory) || !isOwn(directory)) {
            return false;
        }
        Path file = directory.resolve(LOCK);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return isOlder(directory, WITHOUT_LOCK, now);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    /** Whether it was not changed for so long; a directory is changed when a file in it comes or goes, or by {@code touch}. */
    static boolean isOlder(Path directory, Duration age, Instant now) {
        try {
            return Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(now.minus(age));
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it is a directory of our user's. */
    static boolean isOwn(Path directory) {
        try {
            return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && (!isPosix(directory)
                            || isOwn(Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)));
        } catch (IOException e) {
            return false;
        }
    }

    static boolean isOwn(@Nullable Object uid) {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(uid);
        } catch (IOException | UnsupportedOperationException e) {
            // Where there is no /proc, the permissions of its parents have to do.
            return true;
        }
    }

    static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    static FileAttribute<?>[] privacy(Path path) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    static void deleteQuietly(Path directory) {
        try {
            delete(directory);
        } catch (IOException e) {
            // What is left of it is in nobody's way.
        }
    }

    static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException gone) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
