package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the words of {@code --break} and {@code --log-point} mean. */
class BreakpointWordsTest {
    @TempDir
    Path directory = Path.of("");

    private Path here = Path.of("");

    @BeforeEach
    void makeFiles() throws IOException {
        here = Files.createDirectory(directory.resolve("here"));
        Files.createDirectory(directory.resolve("app"));
        Files.writeString(directory.resolve("app/main.py"), "");
        Files.writeString(directory.resolve("app/helper.py"), "");
        Files.writeString(here.resolve("tool.py"), "");
        Files.writeString(here.resolve("archive.zip"), "");
    }

    private BreakpointWords words() {
        return BreakpointWords.of(new RunOptions.Target.Program("app/main.py"), directory, here);
    }

    @Test
    void aFileIsLookedForWhereWeAreAndWhereTheProgramIs() throws Exception {
        assertThat(words().stop("tool.py:3"))
                .isEqualTo(new Breakpoint.Line(
                        "tool.py:3", here.resolve("tool.py").toString(), 3, Optional.empty(), Optional.empty()));
        assertThat(words().stop("app/main.py:1"))
                .isInstanceOfSatisfying(
                        Breakpoint.Line.class,
                        line -> assertThat(line.file())
                                .isEqualTo(directory.resolve("app/main.py").toString()));
        assertThat(words().stop("helper.py:1"))
                .isInstanceOfSatisfying(
                        Breakpoint.Line.class,
                        line -> assertThat(line.file())
                                .isEqualTo(directory.resolve("app/helper.py").toString()));
        assertThat(words().stop(directory + "/app/../app/helper.py:12"))
                .isInstanceOfSatisfying(
                        Breakpoint.Line.class,
                        line -> assertThat(line.file())
                                .isEqualTo(directory.resolve("app/helper.py").toString()));
    }

    @Test
    void aFileWithinAZipFileIsTakenAsItIsNamed() throws Exception {
        assertThat(words().stop("archive.zip/pkg/mod.py:7"))
                .isInstanceOfSatisfying(
                        Breakpoint.Line.class,
                        line -> assertThat(line.file())
                                .isEqualTo(
                                        here.resolve("archive.zip/pkg/mod.py").toString()));
    }

    @Test
    void theTextOfTheCommandLineIsAFileOfItsOwn() throws Exception {
        BreakpointWords code = BreakpointWords.of(new RunOptions.Target.Code("pass"), directory, here);
        for (String name : new String[] {"<string>", "<code -c>"}) {
            assertThat(code.stop(name + ":2 if x"))
                    .isEqualTo(
                            new Breakpoint.Line(name + ":2 if x", "<code -c>", 2, Optional.of("x"), Optional.empty()));
        }
        assertThatThrownBy(() -> code.stop("<stdin>:2"))
                .hasMessage("--break: <stdin> is no file; the text of -c is <string>; of a text in no file, name one of"
                        + " its functions: --break FUNCTION");
        assertThatThrownBy(() -> words().stop("<string>:2"))
                .hasMessage(
                        "--break: <string> is no file; of a text in no file, name one of its functions: --break FUNCTION");
    }

    @Test
    void aConditionFollowsIf() throws Exception {
        assertThat(words().stop("tool.py:3 if x > 1 if y else z"))
                .isInstanceOfSatisfying(
                        Breakpoint.Line.class,
                        line -> assertThat(line.condition()).contains("x > 1 if y else z"));
        assertThat(words().stop("main if len(a) == 2"))
                .isEqualTo(new Breakpoint.Function("main if len(a) == 2", "main", Optional.of("len(a) == 2")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"main", "Class.method", "pkg.mod.Class.method", "größe", "f.<locals>.g", "f.<lambda>"})
    void aNameIsAFunction(String word) throws Exception {
        assertThat(words().stop(word)).isEqualTo(new Breakpoint.Function(word, word, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"raised", "uncaught", "userUnhandled"})
    void aFilterIsNoFunction(String word) throws Exception {
        assertThat(words().stop(word)).isEqualTo(new Breakpoint.Exceptions(word, word, Optional.empty()));
    }

    @Test
    void aLogPointHasAMessageAndPerhapsACondition() throws Exception {
        assertThat(words().logPoint("tool.py:3 if x", "x is {x}"))
                .isEqualTo(new Breakpoint.Line(
                        "tool.py:3 if x",
                        here.resolve("tool.py").toString(),
                        3,
                        Optional.of("x"),
                        Optional.of("x is {x}")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tol.py:3 | --break: there is no file tol.py; did you mean tool.py?",
                "tool:3 | --break: there is no file tool; did you mean tool.py?",
                "app/man.py:3 | --break: there is no file app/man.py; did you mean app/main.py?",
                "helpr.py:3 | --break: there is no file helpr.py; did you mean helper.py?",
                "tool.py:0 | --break 'tool.py:0': there is no line 0",
                "tool.py:99999999999 | --break 'tool.py:99999999999': there is no line 99999999999",
                "tool.py | --break wants FILE:LINE, a FUNCTION, raised or uncaught, perhaps with ' if CONDITION', not 'tool.py'; which line of tool.py?",
                "a b | --break wants FILE:LINE, a FUNCTION, raised or uncaught, perhaps with ' if CONDITION', not 'a b'",
                "'main if ' | --break 'main if ' has no condition after its 'if'"
            })
    void whatIsWrongIsToldWithWhatWasMeant(String word, String message) {
        assertThatThrownBy(() -> words().stop(word)).hasMessage(message);
    }

    @Test
    void whereNothingIsNearTheDirectoriesAreNamed() {
        assertThatThrownBy(() -> words().stop("quite/other.py:1"))
                .hasMessage("--break: there is no file quite/other.py in " + here + " or " + directory + " or "
                        + directory.resolve("app"));
    }

    @Test
    void aLogPointAtAFunctionIsNone() {
        assertThatThrownBy(() -> words().logPoint("main", "x"))
                .hasMessage("--log-point wants FILE:LINE and a message, not 'main' and 'x'");
    }
}
