package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that cannot be started: which step, which file, which errno; and nothing is left behind. */
abstract class SpawnFailureContract extends BackendContract {
    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;
    private static final int EISDIR = 21;
    private static final int EINVAL = 22;

    /** Fails twenty times without leaving a descriptor, a thread or a child, and without a callback. */
    private SpawnException failure(SpawnRequest request) {
        Recorder heard = Recorder.keeping();
        SpawnException failure = attempt(heard, request);
        try (LeakCheck leaks = LeakCheck.open()) {
            for (int i = 0; i < 20; i++) {
                attempt(heard, request);
            }
            assertThat(leaks).isNotNull();
        }
        assertThat(heard.events()).isEmpty();
        return failure;
    }

    private SpawnException attempt(Recorder heard, SpawnRequest request) {
        SpawnException failure =
                catchThrowableOfType(SpawnException.class, () -> reactor().spawnProcess(heard, request));
        assertThat(failure).as("the failure of " + request).isNotNull();
        return failure;
    }

    private static void assertFailure(SpawnException failure, Step step, int errno, String file) {
        assertThat(failure.step()).isEqualTo(step);
        assertThat(failure.file()).isEqualTo(file);
        assertThat(failure.errno()).isEqualTo(errno);
        assertThat(failure).hasMessageContaining(file);
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingProgramByPath() {
        assertFailure(
                failure(SpawnRequest.of("/nonexistent/program", "x")),
                Step.FIND_PROGRAM,
                ENOENT,
                "/nonexistent/program");
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingProgramByName() {
        assertFailure(
                failure(SpawnRequest.of("no-such-program-xyz")), Step.FIND_PROGRAM, ENOENT, "no-such-program-xyz");
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingProgramInTheChildsPath() {
        SpawnRequest request = SpawnRequest.of("sh").withOnlyEnvironment(Map.of("PATH", "/nonexistent"));
        assertFailure(failure(request), Step.FIND_PROGRAM, ENOENT, "sh");
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aFileThatIsNotExecutable(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("data"), "#!/bin/sh\n");
        SpawnException failure = failure(SpawnRequest.of(file.toString()));
        assertThat(failure.step()).isIn(Step.FIND_PROGRAM, Step.EXECUTE);
        assertFailure(failure, failure.step(), EACCES, file.toString());
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aDirectoryInPlaceOfAProgram(@TempDir Path directory) {
        SpawnException failure = failure(SpawnRequest.of(directory.toString()));
        assertThat(failure.step()).isIn(Step.FIND_PROGRAM, Step.EXECUTE);
        assertFailure(failure, failure.step(), EACCES, directory.toString());
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingInterpreterIsToldFromAMissingProgram(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "#!/nonexistent/interpreter -x\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        SpawnException failure = failure(SpawnRequest.of(script.toString()));
        assertThat(failure.errno()).isEqualTo(ENOENT);
        assertThat(failure)
                .hasMessageContaining("interpreter")
                .hasMessageContaining("/nonexistent/interpreter")
                .hasMessageContaining(script.toString());
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.WORKING_DIRECTORY})
    void aMissingWorkingDirectory() {
        SpawnRequest request = SpawnRequest.of("/bin/true").withWorkingDirectory(Path.of("/nonexistent/dir"));
        assertFailure(failure(request), Step.WORKING_DIRECTORY, ENOENT, "/nonexistent/dir");
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.WORKING_DIRECTORY})
    void aWorkingDirectoryThatIsAFile(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        SpawnRequest request = SpawnRequest.of("/bin/true").withWorkingDirectory(file);
        assertFailure(failure(request), Step.WORKING_DIRECTORY, ENOTDIR, file.toString());
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aRedirectionFromAMissingFile() {
        SpawnRequest request =
                SpawnRequest.of("/bin/true").withChildFd(0, ChildFd.readFrom(Path.of("/nonexistent/input")));
        assertFailure(failure(request), Step.REDIRECTION, ENOENT, "/nonexistent/input");
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aRedirectionToADirectory(@TempDir Path directory) {
        SpawnRequest request = SpawnRequest.of("/bin/true").withChildFd(1, ChildFd.writeTo(directory));
        assertFailure(failure(request), Step.REDIRECTION, EISDIR, directory.toString());
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aFailedStartRunsNothing(@TempDir Path directory) {
        Path witness = directory.resolve("witness");
        SpawnException failure = failure(SpawnRequest.of("/usr/bin/touch", witness.toString())
                .withChildFd(1, ChildFd.writeTo(Path.of("/nonexistent/output"))));
        assertThat(failure.step()).isEqualTo(Step.REDIRECTION);
        assertThat(witness).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/nonexistent/program", "no-such-program-xyz", "/etc"})
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aProgramThatCannotRunEmptiesNoFile(String program, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("precious"), "precious");
        failure(SpawnRequest.of(program).withChildFd(1, ChildFd.writeTo(file)));
        assertThat(file).hasContent("precious");
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aRedirectionThatFailsEmptiesNoOther(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("precious"), "precious");
        failure(SpawnRequest.of("/bin/true")
                .withChildFd(1, ChildFd.writeTo(file))
                .withChildFd(2, ChildFd.writeTo(Path.of("/nonexistent/output"))));
        assertThat(file).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\ud800b", "\udc00", "x\ude00\ud83d"})
    @Shows({Row.SPAWN_EXCEPTION, Row.ARGUMENTS, Row.ENVIRONMENT})
    void halfACharacterIsRefusedNotReplaced(String text) {
        for (SpawnRequest request : List.of(
                SpawnRequest.of("/bin/echo", text),
                SpawnRequest.of(text),
                SpawnRequest.of("/bin/true").withEnvironment(Map.of("NAME", text)),
                SpawnRequest.of("/bin/true").withEnvironment(Map.of(text, "value")))) {
            SpawnException failure = failure(request);
            assertThat(failure.step()).isEqualTo(Step.EXECUTE);
            assertThat(failure.errno()).isEqualTo(EINVAL);
        }
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.ENVIRONMENT})
    void aNulInTheEnvironmentIsRefusedNotCut() {
        SpawnException failure = failure(SpawnRequest.of("/bin/true").withEnvironment(Map.of("A", "x\0y")));
        assertThat(failure.errno()).isEqualTo(EINVAL);
        assertThat(failure).hasMessageContaining("environment variable A");
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.ARGUMENTS})
    void aNulInAnArgumentIsRefusedNotCut() {
        Recorder heard = Recorder.keeping();
        Throwable failure =
                catchThrowable(() -> reactor().spawnProcess(heard, SpawnRequest.of("/bin/echo", "before\0after")));
        assertThat(failure).isInstanceOfAny(SpawnException.class, IllegalArgumentException.class);
        assertThat(heard.events()).isEmpty();
    }
}
