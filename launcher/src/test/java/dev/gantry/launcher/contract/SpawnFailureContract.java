package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.contract.Platform.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that cannot be started: which step, which file, which errno; and nothing is left behind. */
abstract class SpawnFailureContract extends BackendContract {
    private static final SpawnRequest NOTHING = request(Steps.of());

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

    private static void assertFailure(SpawnException failure, Step step, Refusal refusal, Object file) {
        assertThat(failure.step()).isEqualTo(step);
        assertThat(failure.file()).isEqualTo(file.toString());
        assertThat(failure.errno()).isIn(refusal.errorNumbers());
        assertThat(failure).hasMessageContaining(file.toString());
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingProgramByPath() {
        String program = Platform.nowhere("program").toString();
        assertFailure(failure(SpawnRequest.of(program, "x")), Step.FIND_PROGRAM, Refusal.NOTHING_THERE, program);
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingProgramByName() {
        assertFailure(
                failure(SpawnRequest.of("no-such-program-xyz")),
                Step.FIND_PROGRAM,
                Refusal.NOTHING_THERE,
                "no-such-program-xyz");
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingProgramInTheChildsPath() {
        SpawnRequest request =
                SpawnRequest.of("sh").withOnlyEnvironment(Map.of("PATH", Platform.searchPath(Platform.nowhere(""))));
        assertFailure(failure(request), Step.FIND_PROGRAM, Refusal.NOTHING_THERE, "sh");
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aFileThatIsNotExecutable(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("data"), Platform.noProgram());
        SpawnException failure = failure(SpawnRequest.of(file.toString()));
        assertThat(failure.step()).isIn(Step.FIND_PROGRAM, Step.EXECUTE);
        assertFailure(failure, failure.step(), Refusal.NOT_EXECUTABLE, file);
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aDirectoryInPlaceOfAProgram(@TempDir Path directory) {
        SpawnException failure = failure(SpawnRequest.of(directory.toString()));
        assertThat(failure.step()).isIn(Step.FIND_PROGRAM, Step.EXECUTE);
        assertFailure(failure, failure.step(), Refusal.DIRECTORY_AS_PROGRAM, directory);
    }

    @Test
    @Shows(Row.SPAWN_EXCEPTION)
    void aMissingInterpreterIsToldFromAMissingProgram(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "#!/nonexistent/interpreter -x\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        SpawnException failure = failure(SpawnRequest.of(script.toString()));
        assertThat(failure.errno()).isIn(Refusal.NOTHING_THERE.errorNumbers());
        assertThat(failure)
                .hasMessageContaining("interpreter")
                .hasMessageContaining("/nonexistent/interpreter")
                .hasMessageContaining(script.toString());
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.WORKING_DIRECTORY})
    void aMissingWorkingDirectory() {
        Path missing = Platform.nowhere("dir");
        SpawnRequest request = NOTHING.withWorkingDirectory(missing);
        assertFailure(failure(request), Step.WORKING_DIRECTORY, Refusal.NO_WORKING_DIRECTORY, missing);
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.WORKING_DIRECTORY})
    void aWorkingDirectoryThatIsAFile(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        SpawnRequest request = NOTHING.withWorkingDirectory(file);
        assertFailure(failure(request), Step.WORKING_DIRECTORY, Refusal.FILE_AS_WORKING_DIRECTORY, file);
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aRedirectionFromAMissingFile() {
        Path missing = Platform.nowhere("input");
        SpawnRequest request = NOTHING.withChildFd(0, ChildFd.readFrom(missing));
        assertFailure(failure(request), Step.REDIRECTION, Refusal.NOTHING_THERE, missing);
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aRedirectionToADirectory(@TempDir Path directory) {
        SpawnRequest request = NOTHING.withChildFd(1, ChildFd.writeTo(directory));
        assertFailure(failure(request), Step.REDIRECTION, Refusal.DIRECTORY_AS_FILE, directory);
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aFailedStartRunsNothing(@TempDir Path directory) {
        Path witness = directory.resolve("witness");
        SpawnException failure = failure(request(Steps.of().writeFile(witness, "ran"))
                .withChildFd(1, ChildFd.writeTo(Platform.nowhere("output"))));
        assertThat(failure.step()).isEqualTo(Step.REDIRECTION);
        assertThat(witness).doesNotExist();
    }

    @ParameterizedTest
    @MethodSource("programsThatCannotRun")
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aProgramThatCannotRunEmptiesNoFile(String program, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("precious"), "precious");
        failure(SpawnRequest.of(program).withChildFd(1, ChildFd.writeTo(file)));
        assertThat(file).hasContent("precious");
    }

    static List<String> programsThatCannotRun() {
        return List.of(
                Platform.nowhere("program").toString(),
                "no-such-program-xyz",
                Platform.anyDirectory().toString());
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.REDIRECTION})
    void aRedirectionThatFailsEmptiesNoOther(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("precious"), "precious");
        failure(NOTHING.withChildFd(1, ChildFd.writeTo(file))
                .withChildFd(2, ChildFd.writeTo(Platform.nowhere("output"))));
        assertThat(file).hasContent("precious");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\ud800b", "\udc00", "x\ude00\ud83d"})
    @Shows({Row.SPAWN_EXCEPTION, Row.ARGUMENTS, Row.ENVIRONMENT})
    void halfACharacterIsRefusedNotReplaced(String text) {
        for (SpawnRequest request : List.of(
                SpawnRequest.of(Programs.ECHO.command(text)),
                SpawnRequest.of(text),
                NOTHING.withEnvironment(Map.of("NAME", text)),
                NOTHING.withEnvironment(Map.of(text, "value")))) {
            SpawnException failure = failure(request);
            assertThat(failure.step()).isEqualTo(Step.EXECUTE);
            assertThat(failure.errno()).isIn(Refusal.NO_TEXT.errorNumbers());
        }
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.ENVIRONMENT})
    void aNulInTheEnvironmentIsRefusedNotCut() {
        SpawnException failure = failure(NOTHING.withEnvironment(Map.of("A", "x\0y")));
        assertThat(failure.errno()).isIn(Refusal.NO_TEXT.errorNumbers());
        assertThat(failure).hasMessageContaining("environment variable A");
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.ARGUMENTS})
    void aNulInAnArgumentIsRefusedNotCut() {
        Recorder heard = Recorder.keeping();
        Throwable failure = catchThrowable(
                () -> reactor().spawnProcess(heard, SpawnRequest.of(Programs.ECHO.command("before\0after"))));
        assertThat(failure).isInstanceOfAny(SpawnException.class, IllegalArgumentException.class);
        assertThat(heard.events()).isEmpty();
    }
}
