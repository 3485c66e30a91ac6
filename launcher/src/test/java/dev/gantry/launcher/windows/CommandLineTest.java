package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.windows.ArgumentParser.Rules;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            plain         | plain
            ``            | ""
            a b           | "a b"
            `a\tb`        | "a\tb"
            C:\\dir\\     | C:\\dir\\
            C:\\a dir\\   | "C:\\a dir\\\\"
            C:\\a dir\\\\ | "C:\\a dir\\\\\\\\"
            a\\\\b        | a\\\\b
            a\\b c        | "a\\b c"
            "             | "\\""
            ""            | "\\"\\""
            \\"           | "\\\\\\""
            \\\\"         | "\\\\\\\\\\""
            say "hi"      | "say \\"hi\\""
            a"b c\\       | "a\\"b c\\\\"
            *.txt         | "*.txt"
            what?         | "what?"
            %PATH%        | %PATH%
            ^&            | ^&
            é漢           | é漢
            """)
    void anArgumentIsQuotedWhereItMust(String argument, String quoted) throws Exception {
        assertThat(CommandLine.quote(List.of("p", argument))).isEqualTo("p " + quoted);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            python.exe         | python.exe
            C:\\a dir\\p.exe   | "C:\\a dir\\p.exe"
            C:\\a dir\\        | "C:\\a dir\\"
            ``                 | ""
            """)
    void theNameHasNoEscapes(String name, String quoted) throws Exception {
        assertThat(CommandLine.quote(List.of(name, "x"))).isEqualTo(quoted + " x");
    }

    @Test
    void lineEndsAreWithinQuotes() throws Exception {
        assertThat(CommandLine.quote(List.of("a\nb", "c\nd"))).isEqualTo("\"a\nb\" \"c\nd\"");
    }

    @Test
    void aNameWithAQuotationMarkIsRefused() {
        assertThatThrownBy(() -> CommandLine.quote(List.of("a\"b")))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("the program's name has a quotation mark, which no command line can hold there: a\"b");
    }

    @Test
    void aNulIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> CommandLine.quote(List.of("p", "x", "a\0b")))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("argument 2 has a NUL character");
        assertThatThrownBy(() -> CommandLine.quote(List.of("\0"))).hasMessage("the program's name has a NUL character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\ud800b", "\udc00", "x\ude00\ud83d"})
    void halfACharacterIsRefused(String text) {
        assertThatThrownBy(() -> CommandLine.quote(List.of("p", text)))
                .isInstanceOf(UnpassableException.class)
                .hasMessage("argument 1 has half a character (an unpaired surrogate)");
    }

    @Test
    void theLimitCountsTheNulAtTheEnd() throws Exception {
        int longest = CommandLine.LIMIT - 1 - "p ".length();
        assertThat(CommandLine.quote(List.of("p", "x".repeat(longest)))).hasSize(32_766);
        assertThatThrownBy(() -> CommandLine.quote(List.of("p", "x".repeat(longest + 1))))
                .isInstanceOf(UnpassableException.class)
                .hasMessage(
                        "the arguments are too long: 32767 characters with their quotation marks, and Windows takes 32766 at most");
    }

    @ParameterizedTest
    @EnumSource(Rules.class)
    void programsGetTheVectorThatWasGiven(Rules rules) throws Exception {
        for (List<String> vector : Vectors.seeded(20_261_125)) {
            assertThat(ArgumentParser.parse(CommandLine.quote(vector), rules)).isEqualTo(vector);
        }
    }

    /** Microsoft's own examples, of "Parsing C command-line arguments". */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "abc" d e             | abc         | d     | e
            a\\\\b d"e f"g h      | a\\\\b      | de fg | h
            a\\\\\\"b c d         | a\\"b       | c     | d
            a\\\\\\\\"b c" d e    | a\\\\b c    | d     | e
            """)
    void theParserOfTheseTestsKnowsTheRules(String line, String first, String second, String third) {
        for (Rules rules : Rules.values()) {
            assertThat(ArgumentParser.parse("p " + line, rules)).containsExactly("p", first, second, third);
        }
        assertThat(ArgumentParser.parse("p a\"b\"\" c d", Rules.UCRT)).containsExactly("p", "ab\" c d");
        assertThat(ArgumentParser.parse("p a\"b\"\" c d", Rules.SHELL32)).containsExactly("p", "ab\"", "c", "d");
    }
}
