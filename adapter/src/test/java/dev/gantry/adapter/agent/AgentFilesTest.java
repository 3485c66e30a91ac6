package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent is where a target finds it, whole, whatever was there before. */
class AgentFilesTest {
    @TempDir
    Path cache = Path.of("");

    private AgentFiles files() {
        return new AgentFiles(Map.of("XDG_CACHE_HOME", cache.toString(), "HOME", "/nonexistent"));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static void assertWhole(Path directory) throws IOException {
        AgentSources sources = AgentSources.load();
        assertThat(names(directory)).containsExactlyInAnyOrderElementsOf(sources.names());
        for (String name : sources.names()) {
            assertThat(Files.readAllBytes(directory.resolve(name))).isEqualTo(sources.content(name));
        }
    }

    @Test
    void theBuildListsEverySourceOfTheAgent() throws IOException {
        Path here = Path.of(System.getProperty("gantry.root", "..")).resolve("adapter/src/main/python/gantry_agent");
        List<String> sources =
                names(here).stream().filter(name -> name.endsWith(".py")).toList();
        assertThat(AgentSources.load().names()).containsExactlyInAnyOrderElementsOf(sources);
        assertThat(AgentSources.load().hash()).matches("[0-9a-f]{64}");
    }

    @Test
    void itIsPutIntoTheUsersCacheForTheUserAlone() throws IOException {
        Path directory = files().directory();
        assertThat(directory.getParent()).isEqualTo(cache.resolve("gantry"));
        assertThat(String.valueOf(directory.getFileName())).startsWith("agent-");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertWhole(directory);
        assertThat(names(cache.resolve("gantry"))).hasSize(1);
    }

    @Test
    void whatIsThereIsNotWrittenAgain() throws IOException {
        Path directory = files().directory();
        Path mark = Files.createFile(directory.resolve("bundle-x.bin"));
        assertThat(files().directory()).isEqualTo(directory);
        assertThat(mark).exists();
        assertThat(files().repair()).isFalse();
        // What a Python has made of it is nobody's but that Python's to judge.
        assertThat(mark).doesNotExist();
        assertWhole(directory);
    }

    @Test
    void itComesBackWhenItIsRemovedWhileWeRun() throws IOException {
        AgentFiles files = files();
        Path directory = files.directory();
        for (String name : names(directory)) {
            Files.delete(directory.resolve(name));
        }
        Files.delete(directory);
        assertThat(files.directory()).isEqualTo(directory);
        assertWhole(directory);
    }

    @Test
    void itComesBackWhenItIsEmptiedOrRemovedBeforeAnAgentHasReadIt() throws IOException {
        AgentFiles files = files();
        Path directory = files.directory();
        for (String name : names(directory)) {
            Files.delete(directory.resolve(name));
        }
        assertThat(files.directory()).isEqualTo(directory);
        assertWhole(directory);
        OwnDirectory.delete(directory);
        assertThat(files.repair()).isTrue();
        assertWhole(directory);
    }

    @Test
    void othersThatWereNotUsedForAMonthAreRemovedAndOursIsNot() throws IOException {
        Instant now = Instant.now();
        Path ours = files().directory();
        Path old = used("agent-0123456789abcdef0123", now.minus(Duration.ofDays(31)));
        Path building = used("agent-0123456789abcdef0123.new-77-1", now.minus(Duration.ofDays(40)));
        Path young = used("agent-123456789abcdef01234", now.minus(Duration.ofDays(29)));
        Path stranger = used("something", now.minus(Duration.ofDays(400)));
        Files.setLastModifiedTime(ours, FileTime.from(now.minus(Duration.ofDays(90))));
        files().removeUnused(now);
        assertThat(List.of(old, building)).allMatch(Files::notExists);
        assertThat(List.of(ours, young, stranger)).allMatch(Files::isDirectory);
        assertThat(names(cache.resolve("gantry"))).hasSize(3);
        assertWhole(ours);
    }

    @Test
    void eachUseIsNoted() throws IOException {
        Path ours = files().directory();
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(29)));
        Files.setLastModifiedTime(ours, before);
        files().directory();
        assertThat(Files.getLastModifiedTime(ours))
                .isGreaterThan(FileTime.from(Instant.now().minusSeconds(60)));
    }

    private Path used(String name, Instant last) throws IOException {
        Path directory = Files.createDirectories(cache.resolve("gantry").resolve(name));
        Files.createFile(directory.resolve("boot.py"));
        return Files.setLastModifiedTime(directory, FileTime.from(last));
    }

    @Test
    void whatIsDamagedIsReplaced() throws IOException {
        AgentFiles files = files();
        Path directory = files.directory();
        Files.writeString(
                directory.resolve(AgentSources.load().names().get(0)), "broken", StandardOpenOption.TRUNCATE_EXISTING);
        Files.createFile(directory.resolve("bundle-x.bin"));
        assertThat(files.repair()).isTrue();
        assertThat(files.directory()).isEqualTo(directory);
        assertThat(files.repair()).isFalse();
        assertWhole(directory);
        assertThat(names(cache.resolve("gantry"))).hasSize(1);
    }

    @Test
    void whatOthersMayWriteToIsNotTrusted() throws IOException {
        Path directory = files().directory();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(files().directory()).isEqualTo(directory);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertWhole(directory);
    }

    @Test
    void aFileInItsPlaceIsMovedAway() throws IOException {
        Path home = files().home().orElseThrow();
        Files.createDirectories(Objects.requireNonNull(home.getParent()));
        Files.createFile(home);
        assertThat(files().directory()).isEqualTo(home);
        assertWhole(home);
    }

    @Test
    void withoutACacheItIsInADirectoryOfThisProcess() throws IOException {
        for (Map<String, String> environment : List.of(
                Map.<String, String>of(),
                Map.of("HOME", "not/absolute"),
                Map.of("HOME", Files.createFile(cache.resolve("file")).toString()))) {
            AgentFiles files = new AgentFiles(environment);
            Path directory = files.directory();
            assertThat(directory).startsWith(Path.of(System.getProperty("java.io.tmpdir")));
            assertWhole(directory);
            assertThat(files.directory()).isEqualTo(directory);
        }
    }

    @Test
    void whoeverComesFirstWritesItAndAllOthersFindIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 10; round++) {
                Map<String, String> environment =
                        Map.of("XDG_CACHE_HOME", cache.resolve("round" + round).toString());
                List<Callable<Path>> all = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    all.add(() -> new AgentFiles(environment).directory());
                }
                for (Future<Path> one : threads.invokeAll(all)) {
                    assertThat(one.get()).startsWith(cache);
                    assertWhole(one.get());
                }
                assertThat(names(cache.resolve("round" + round).resolve("gantry")))
                        .hasSize(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
