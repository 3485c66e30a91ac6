package dev.gantry.adapter.agent;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    /** What an interpreter reads first. */
    private static final String FIRST = "boot.py";

    private static final String PREFIX = "agent-";
    /** So long after its last use one of another version is not needed any more. */
    private static final Duration UNUSED = Duration.ofDays(30);
    /** How exactly the last use is noted. */
    private static final Duration NOTED = Duration.ofDays(1);
    /** The name of a directory need not hold all of the hash. */
    private static final int HASH_LETTERS = 20;

    private final Map<String, String> environment;
    /** Guarded by this, as all that follows. */
    private @Nullable AgentSources sources;

    private @Nullable Path found;
    /** Whether the last {@link #directory} had to put it there. */
    private boolean madeLast;

    AgentFiles(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static AgentFiles shared() {
        return SHARED;
    }

    /** Where the agent is, put there if it was not. Costs a look at one directory where it is. */
    public synchronized Path directory() throws IOException {
        Path directory = found;
        madeLast = false;
        if (directory == null || !isThere(directory)) {
            Optional<Path> home = home();
            madeLast = home.isEmpty() || !isThere(home.get());
            directory = madeLast ? made(home) : home.get();
            found = directory;
        }
        noteUse(directory);
        return directory;
    }

    private static void noteUse(Path directory) {
        Instant now = Instant.now();
        if (OwnDirectory.isOlder(directory, NOTED, now)) {
            try {
                Files.setLastModifiedTime(directory, FileTime.from(now));
            } catch (IOException e) {
                // Then it may be made anew one day.
            }
        }
    }

    /**
     * After an agent that did not start: every file is read, all are written anew unless they are as they were, and what Pythons have made
     * of them is made anew by the next.
     *
     * @return whether something was damaged
     */
    public synchronized boolean repair() throws IOException {
        Path before = found;
        Path directory = directory();
        if (!isWhole(directory)) {
            Path aside = directory.resolveSibling(directory.getFileName() + ".damaged-" + unique());
            Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
            OwnDirectory.delete(aside);
            found = made(home());
            return true;
        }
        try (DirectoryStream<Path> bundles = Files.newDirectoryStream(directory, "bundle-*")) {
            for (Path bundle : bundles) {
                Files.deleteIfExists(bundle);
            }
        }
        // One that was not there was made within the question where it is.
        return before != null && madeLast;
    }

    /** Removes what adapters of other versions have not used for a month, and what was left behind by any that was killed. */
    public void removeUnused() {
        removeUnused(Instant.now());
    }

    /** Nobody waits for this: it is not synchronized. */
    void removeUnused(Instant now) {
        try {
            Optional<Path> home = home();
            if (home.isPresent()) {
                removeOthers(home.get(), now);
            }
            for (Path parent : new LinkedHashSet<>(List.of(temporary(), Path.of("/tmp")))) {
                if (Files.isDirectory(parent)) {
                    OwnDirectory.removeAbandoned(parent, now);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // It is in nobody's way.
        }
    }

    private static void removeOthers(Path home, Instant now) throws IOException {
        Path cache = Objects.requireNonNull(home.getParent());
        if (!Files.isDirectory(cache)) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(cache, PREFIX + "*")) {
            for (Path other : all) {
                boolean unused = OwnDirectory.isOwn(other) && OwnDirectory.isOlder(other, UNUSED, now);
                if (unused && !other.equals(home)) {
                    // First out of the way: an adapter that looks for it finds all of it, or nothing.
                    Path aside = other.resolveSibling(PREFIX + "unused-" + unique());
                    Files.move(other, aside, StandardCopyOption.ATOMIC_MOVE);
                    OwnDirectory.deleteQuietly(aside);
                }
            }
        }
    }

    private static Path temporary() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    /** Where it is or will be, if there is a cache; for reports. */
    public synchronized Optional<Path> home() throws IOException {
        String name = PREFIX + sources().hash().substring(0, HASH_LETTERS);
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

    /** Whose it is matters: what lies there is run. Of one that was emptied, no more than the name is there. */
    private static boolean isThere(Path directory) {
        return isTrusted(directory) && Files.isRegularFile(directory.resolve(FIRST), LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean isTrusted(Path directory) {
        try {
            if (!OwnDirectory.isPosix(directory)) {
                return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
            }
            Map<String, Object> facts =
                    Files.readAttributes(directory, "unix:isDirectory,uid,mode", LinkOption.NOFOLLOW_LINKS);
            boolean writableByOthers = facts.get("mode") instanceof Integer mode && (mode & 022) != 0;
            return Boolean.TRUE.equals(facts.get("isDirectory"))
                    && !writableByOthers
                    && OwnDirectory.isOwn(facts.get("uid"));
        } catch (IOException e) {
            return false;
        }
    }

    private Path made(Optional<Path> home) throws IOException {
        if (home.isPresent()) {
            try {
                return put(home.get());
            } catch (FileSystemException | UnsupportedOperationException e) {
                // The cache is of no use; the agent is needed all the same.
            }
        }
        Path temporary = OwnDirectory.create(temporary());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OwnDirectory.removeQuietly(temporary), "agent-files"));
        Path directory = Files.createDirectory(temporary.resolve("agent"), OwnDirectory.privacy(temporary));
        write(directory);
        return directory;
    }

    private Path put(Path home) throws IOException {
        Path parent = Objects.requireNonNull(home.getParent());
        createPrivately(parent);
        Path building = home.resolveSibling(home.getFileName() + ".new-" + unique());
        Files.createDirectory(building, OwnDirectory.privacy(building));
        try {
            write(building);
            if (Files.exists(home, LinkOption.NOFOLLOW_LINKS) && !(isThere(home) && isWhole(home))) {
                Path aside = home.resolveSibling(home.getFileName() + ".damaged-" + unique());
                Files.move(home, aside, StandardCopyOption.ATOMIC_MOVE);
                OwnDirectory.deleteQuietly(aside);
            }
            Files.move(building, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            OwnDirectory.deleteQuietly(building);
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
                Files.createDirectory(directory, OwnDirectory.privacy(directory));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(directory)) {
                    throw e;
                }
            }
        }
    }

    private static String unique() {
        return ProcessHandle.current().pid() + "-" + System.nanoTime();
    }
}
