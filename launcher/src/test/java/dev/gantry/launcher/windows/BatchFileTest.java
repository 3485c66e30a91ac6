package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchFileTest {
    private static final String CMD = "C:\\Windows\\System32\\cmd.exe";
    private static final String FILE = "C:\\a dir\\x.bat";
    private static final String START = CMD + " /d /e:ON /v:OFF /c \"\"C:\\a dir\\x.bat\"";

    @ParameterizedTest
    @ValueSource(strings = {"x.bat", "X.CMD", "C:\\d\\x.Bat", "x.bat. ", "x.cmd...", "x.bat  ", ".bat", "x.exe.cmd"})
    void itIsOneByItsExtension(String path) {
        assertThat(BatchFile.is(path)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.exe", "bat", "xbat", "x.bat.exe", "x.batch", "x.bat\\y", ""})
    void othersAreNone(String path) {
        assertThat(BatchFile.is(path)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plain           | plain
            -x              | -x
            C:\\a\\b        | C:\\a\\b
            C:\\dir\\       | C:\\dir\\
            C:\\a dir\\     | "C:\\a dir\\\\"
            ``              | ""
            a b             | "a b"
            `a\tb`          | "a\tb"
            a&b             | "a&b"
            `a|b`           | `"a|b"`
            <>()^           | "<>()^"
            !x!             | "!x!"
            a,b;c=d         | "a,b;c=d"
            *.txt           | "*.txt"
            é               | "é"
            a"b             | "a""b"
            "               | \"\"\"\"
            a\\"b           | "a\\\\""b"
            "&calc&"        | \"\"\"&calc&\"\"\"
            """)
    void anArgumentIsWithinQuotationMarksUnlessItIsPlain(String argument, String quoted) throws Exception {
        assertThat(BatchFile.commandLine(CMD, FILE, List.of(argument))).isEqualTo(START + " " + quoted + "\"");
    }

    @Test
    void theWholeIsWithinAnotherPair() throws Exception {
        assertThat(BatchFile.commandLine("C:\\my windows\\cmd.exe", "C:\\x&y.bat. ", List.of()))
                .isEqualTo("\"C:\\my windows\\cmd.exe\" /d /e:ON /v:OFF /c \"\"C:\\x&y.bat\"\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `a\nb`   | has a line end, where cmd.exe would cut it
            `a\rb`   | has a line end, where cmd.exe would cut it
            %PATH%   | has a '%': cmd.exe would put a variable's value there, and has no escape for it
            100%     | has a '%': cmd.exe would put a variable's value there, and has no escape for it
            """)
    void whatCannotBePassedIsRefused(String argument, String why) {
        assertThatThrownBy(() -> BatchFile.commandLine(CMD, FILE, List.of("x", argument)))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("argument 2 of batch file C:\\a dir\\x.bat " + why);
    }

    @Test
    void aNulIsRefused() {
        assertThatThrownBy(() -> BatchFile.commandLine(CMD, FILE, List.of("a\0b")))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("argument 1 of batch file C:\\a dir\\x.bat has a NUL character");
    }

    @Test
    void soIsAPath() {
        assertThatThrownBy(() -> BatchFile.commandLine(CMD, "C:\\100%\\x.bat", List.of()))
                .isInstanceOf(UnpassableException.class)
                .hasMessageContaining("the batch file's path has a '%'");
        assertThatThrownBy(() -> BatchFile.commandLine(CMD, "C:\\\"&calc.bat", List.of()))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("the batch file's path has a quotation mark");
    }

    @Test
    void theLimitIsCmds() throws Exception {
        int longest = BatchFile.LIMIT - START.length() - 2;
        assertThat(BatchFile.commandLine(CMD, FILE, List.of("x".repeat(longest))))
                .hasSize(8191);
        assertThatThrownBy(() -> BatchFile.commandLine(CMD, FILE, List.of("x".repeat(longest + 1))))
                .isInstanceOf(UnpassableException.class)
                .hasMessageContaining("a command line of 8192 characters, and cmd.exe takes 8191 at most");
    }

    /** Outside quotation marks, cmd.exe would run what follows an '&'. */
    @Test
    void noArgumentGetsOutOfItsQuotationMarks() throws Exception {
        for (List<String> vector : Vectors.seeded(7)) {
            List<String> arguments = vector.subList(1, vector.size()).stream()
                    .map(argument -> argument.replaceAll("[%\n]", ""))
                    .toList();
            String line = BatchFile.commandLine(CMD, FILE, arguments);
            String inner = line.substring(line.indexOf("/c \"") + 4, line.length() - 1);
            boolean quoted = false;
            for (int i = 0; i < inner.length(); i++) {
                char c = inner.charAt(i);
                quoted = (c == '"') != quoted;
                assertThat(!quoted && "&|<>^()!".indexOf(c) >= 0).as(line).isFalse();
            }
            assertThat(quoted).as(line).isFalse();
            assertThat(ArgumentParser.parse(inner, ArgumentParser.Rules.UCRT))
                    .as("what a program gets by %*")
                    .startsWith(FILE)
                    .endsWith(arguments.toArray(String[]::new))
                    .hasSize(arguments.size() + 1);
        }
    }
}
