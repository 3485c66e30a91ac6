package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A directory whose process lives is left alone, whoever looks; one that was left behind is not. */
@ExtendWith(LeakCheck.class)
class OwnDirectoryTest {
    @TempDir
    private Path folder;

    private void sweep() throws IOException {
        OwnDirectory.removeAbandoned(folder, Instant.now());
    }

    @Test
    void itIsTheUsersAloneAndGoneWhenItIsRemoved() throws IOException {
        Path made = OwnDirectory.create(folder);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        Files.createFile(made.resolve("s"));
        sweep();
        assertThat(made.resolve("s")).exists();
        OwnDirectory.remove(made);
        OwnDirectory.remove(made);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void thatOfAnotherProcessIsRemovedOnceThatHasEnded() throws Exception {
        Path other = Files.createDirectory(folder.resolve("gantry-agent-12345"));
        Files.createFile(other.resolve("lock"));
        Files.createFile(other.resolve("s"));
        String holds =
                "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.lockf(f, fcntl.LOCK_EX); print('held', flush=True); input()";
        Process process = new ProcessBuilder(
                        Pythons.newest().executable().toString(),
                        "-c",
                        holds,
                        other.resolve("lock").toString())
                .start();
        try {
            assertThat(process.inputReader().readLine()).isEqualTo("held");
            sweep();
            assertThat(other.resolve("s")).exists();
        } finally {
            process.destroyForcibly().waitFor();
            process.inputReader().close();
            process.outputWriter().close();
            process.errorReader().close();
        }
        sweep();
        assertThat(other).doesNotExist();
    }

    @Test
    void oneWithoutALockIsRemovedOnlyWhenItIsOld() throws IOException {
        Path young = Files.createDirectory(folder.resolve("gantry-agent-1"));
        Path old = Files.createDirectory(folder.resolve("gantry-agent-2"));
        Path stranger = Files.createDirectory(folder.resolve("something"));
        Path named = Files.createDirectory(folder.resolve("gantry-agent-notes"));
        Files.createFile(named.resolve("lock"));
        Files.setLastModifiedTime(named, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
        Files.setLastModifiedTime(old, before);
        Files.setLastModifiedTime(stranger, before);
        Path link = Files.createSymbolicLink(folder.resolve("gantry-agent-3"), stranger);
        sweep();
        assertThat(old).doesNotExist();
        assertThat(young).isDirectory();
        assertThat(stranger).isDirectory();
        assertThat(named).isDirectory();
        assertThat(Files.isSymbolicLink(link)).isTrue();
    }
}
