package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found, and why not, in the system's own words. */
class ProgramSearchTest {
    @TempDir
    private Path folder;

    private Path program(String name) throws Exception {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private ProgramSearch.Program found(String name, String path) throws SpawnException {
        return ProgramSearch.find(
                name, ChildEnvironment.empty().with(Map.of("PATH", path)), new ChildDirectory(Optional.of(folder)));
    }

    private SpawnException failure(String name, String path) {
        SpawnException failure = catchThrowableOfType(SpawnException.class, () -> found(name, path));
        assertThat(failure.step()).isEqualTo(Step.FIND_PROGRAM);
        return failure;
    }

    @Test
    void aPathIsKeptAsItWasGiven() throws Exception {
        Path file = program("it");
        assertThat(found(file.toString(), "")).isEqualTo(new ProgramSearch.Program(file.toString(), file.toString()));
        assertThat(found("./it", "")).isEqualTo(new ProgramSearch.Program("./it", folder + "/./it"));
    }

    @Test
    void theFirstInPathIsTaken() throws Exception {
        Files.createDirectory(folder.resolve("sub"));
        Path first = program("sub/it");
        program("it");
        assertThat(found("it", "/nonexistent:" + first.getParent() + ":" + folder)
                        .argument())
                .isEqualTo(first.toString());
    }

    @Test
    void elementsThatAreRelativeOrEmptyStartAtTheChildsDirectory() throws Exception {
        Files.createDirectory(folder.resolve("sub"));
        program("sub/below");
        program("here");
        assertThat(found("below", "sub")).isEqualTo(new ProgramSearch.Program("sub/below", folder + "/sub/below"));
        assertThat(found("here", "/nonexistent:")).isEqualTo(new ProgramSearch.Program("./here", folder + "/./here"));
    }

    @Test
    void aDirectoryOrADataFileInPathIsPassedOver() throws Exception {
        Files.createDirectories(folder.resolve("a/it"));
        Files.createDirectory(folder.resolve("b"));
        Files.createFile(folder.resolve("b/it"));
        Path good = program("it");
        assertThat(found("it", "a:b:" + folder).argument()).isEqualTo(good.toString());
        assertThat(failure("it", "a:b").errno()).isEqualTo(13);
    }

    @Test
    void aFileInTheMiddleOfThePathIsToldFromAMissingOne() throws Exception {
        Path file = program("it");
        SpawnException failure = failure(file + "/x", "");
        assertThat(failure.errno()).isEqualTo(20);
        assertThat(failure).hasMessageContaining("ENOTDIR");
    }

    @Test
    void aCircleOfLinksIsSaidToBeOne() throws Exception {
        Path link = folder.resolve("link");
        Files.createSymbolicLink(link, link);
        SpawnException failure = failure("./link", "");
        assertThat(failure.errno()).isEqualTo(40);
        assertThat(failure).hasMessageContaining("too many symbolic links");
    }

    @Test
    void aNameThatIsTooLongIsSaidToBeSo() {
        assertThat(failure("./" + "x".repeat(300), "").errno()).isEqualTo(36);
    }

    @Test
    void whereARelativePathWasLookedForIsSaid() {
        assertThat(failure("sub/../gone", ""))
                .hasMessageContaining("'sub/../gone' does not exist (that is " + folder.resolve("gone") + ")");
    }
}
