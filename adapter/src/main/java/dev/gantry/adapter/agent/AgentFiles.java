package dev.gantry.adapter.agent;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a target finds the agent: a directory of the user's cache that is named by what it holds, so that adapters of any version
 * share it and nothing in it ever changes. It gets its name when it is whole. Where the cache cannot be written, it is a temporary
 * directory of this process, deleted when that ends.
 *
 * <p>Blocking, any thread; one at a time. Nothing is looked at before the first question.
 */
public final class AgentFiles {
    private static final AgentFiles SHARED = new AgentFiles(System.getenv());
    /** The name of a directory need not hold all of the hash. */
    private static final int HASH_LETTERS = 20;

    private final Map<String, String> environment;
    /** Guarded by this, as all that follows. */
    private @Nullable AgentSources sources;

    private @Nullable Path found;

    AgentFiles(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static AgentFiles shared() {
        return SHARED;
    }

    /** Where the agent is, put there if it was not. Costs a look at one directory where it is. */
    public synchronized Path directory() throws IOException {
        if (found == null || !Files.isDirectory(found, LinkOption.NOFOLLOW_LINKS)) {
            Optional<Path> home = home();
            found = home.isPresent() && isThere(home.get()) ? home.get() : made(home);
        }
        return found;
    }

    /** The same where an agent did not start: every file is read, and all are written anew unless they are as they were. */
    public synchronized Path repaired() throws IOException {
        Path directory = directory();
        if (isWhole(directory)) {
            return directory;
        }
        Path aside = directory.resolveSibling(directory.getFileName() + ".damaged-" + unique());
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        delete(aside);
        found = made(home());
        return found;
    }

    /** Where it is or will be, if there is a cache; for reports. */
    public synchronized Optional<Path> home() throws IOException {
        String name = "agent-" + sources().hash().substring(0, HASH_LETTERS);
        return cache(environment).map(cache -> cache.resolve("gantry").resolve(name));
    }

    /** The user's cache, if the environment says where. */
    static Optional<Path> cache(Map<String, String> environment) {
        Optional<Path> named = absolute(environment.get("XDG_CACHE_HOME"));
        if (named.isPresent()) {
            return named;
        }
        Optional<Path> local = absolute(environment.get("LOCALAPPDATA"));
        return local.isPresent() ? local : absolute(environment.get("HOME")).map(home -> home.resolve(".cache"));
    }

    private static Optional<Path> absolute(@Nullable String path) {
        try {
            return Optional.ofNullable(path)
                    .filter(text -> !text.isEmpty())
                    .map(Path::of)
                    .filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private AgentSources sources() throws IOException {
        if (sources == null) {
            sources = AgentSources.load();
        }
        return sources;
    }

    /** Whose it is matters: what lies there is run. */
    private static boolean isThere(Path directory) {
        try {
            if (!isPosix(directory)) {
                return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
            }
            Map<String, Object> facts =
                    Files.readAttributes(directory, "unix:isDirectory,uid,mode", LinkOption.NOFOLLOW_LINKS);
            boolean writableByOthers = facts.get("mode") instanceof Integer mode && (mode & 022) != 0;
            return Boolean.TRUE.equals(facts.get("isDirectory")) && !writableByOthers && isOwn(facts.get("uid"));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isOwn(@Nullable Object uid) {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(uid);
        } catch (IOException | UnsupportedOperationException e) {
            // Where there is no /proc, the permissions of its parents have to do.
            return true;
        }
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("unix");
    }

    private Path made(Optional<Path> home) throws IOException {
        if (home.isPresent()) {
            try {
                return put(home.get());
            } catch (FileSystemException | UnsupportedOperationException e) {
                // The cache is of no use; the agent is needed all the same.
            }
        }
        Path temporary = Files.createTempDirectory("gantry-agent-");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(temporary), "agent-files"));
        write(temporary);
        return temporary;
    }

    private Path put(Path home) throws IOException {
        Path parent = Objects.requireNonNull(home.getParent());
        createPrivately(parent);
        Path building = home.resolveSibling(home.getFileName() + ".new-" + unique());
        Files.createDirectory(building, privacy(building));
        try {
            write(building);
            if (Files.exists(home, LinkOption.NOFOLLOW_LINKS) && !(isThere(home) && isWhole(home))) {
                Path aside = home.resolveSibling(home.getFileName() + ".damaged-" + unique());
                Files.move(home, aside, StandardCopyOption.ATOMIC_MOVE);
                deleteQuietly(aside);
            }
            Files.move(building, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            deleteQuietly(building);
            if (!isThere(home) || !isWhole(home)) {
                throw e;
            }
            // Another adapter was quicker.
        }
        return home;
    }

    private void write(Path directory) throws IOException {
        AgentSources all = sources();
        for (String name : all.names()) {
            Files.write(directory.resolve(name), all.content(name));
        }
    }

    private boolean isWhole(Path directory) throws IOException {
        AgentSources all = sources();
        for (String name : all.names()) {
            Path file = directory.resolve(name);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || !Arrays.equals(Files.readAllBytes(file), all.content(name))) {
                return false;
            }
        }
        return true;
    }

    private static void createPrivately(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            createPrivately(parent);
        }
        if (!Files.isDirectory(directory)) {
            try {
                Files.createDirectory(directory, privacy(directory));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(directory)) {
                    throw e;
                }
            }
        }
    }

    private static FileAttribute<?>[] privacy(Path path) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String unique() {
        return ProcessHandle.current().pid() + "-" + System.nanoTime();
    }

    private static void deleteQuietly(Path directory) {
        try {
            delete(directory);
        } catch (IOException e) {
            // What is left of it is in nobody's way.
        }
    }

    private static void delete(Path directory) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(directory)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
