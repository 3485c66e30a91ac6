package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines as programs on Windows take them apart. A vertical bar separates words here. */
class WindowsWordsTest {
    private static final String ALPHABET = "ab \t\"\\'^%!*é漢";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "a b  c; a|b|c",
                "C:\\dir\\file.txt; C:\\dir\\file.txt",
                "\"C:\\Program Files\\x\" y; C:\\Program Files\\x|y",
                "\"C:\\dir\\\\\" y; C:\\dir\\|y",
                "a\\\\b; a\\\\b",
                "\"a\\\"b\" c; a\"b|c",
                "a\\\"b; a\"b",
                "a\\\\\\\"b c; a\\\"b|c",
                "a\\\\\"b c\"; a\\b c",
                "\"a\"\"b\"; a\"b",
                "x\"y z\"w; xy zw",
                "'a b'; 'a|b'",
                "\"\" x; |x",
                "^&%PATH%!; ^&%PATH%!"
            })
    void aTextIsSplitAsMicrosoftsRuntimeDoes(String text, String words) {
        assertThat(WindowsWords.split(text)).isEqualTo(new ShellWords.Split.Words(List.of(words.split("\\|", -1))));
    }

    @Test
    void aQuoteWithoutItsEndIsAFaultInAConfiguration() {
        assertThat(WindowsWords.split("a \"b c")).isEqualTo(new ShellWords.Split.Unbalanced("double quote", 3));
        assertThat(WindowsWords.split(" \t ")).isEqualTo(new ShellWords.Split.Words(List.of()));
    }

    @Test
    void whatIsQuotedIsSplitIntoTheSameWords() {
        Random random = new Random(20240117);
        for (int i = 0; i < 20_000; i++) {
            List<String> words = words(random);
            String line = WindowsWords.quoteAll(words);
            assertThat(WindowsWords.split(line)).as(line).isEqualTo(new ShellWords.Split.Words(words));
            List<String> all = new ArrayList<>(List.of("C:\\a b\\java.exe"));
            all.addAll(words);
            assertThat(WindowsWords.ofCommandLine(WindowsWords.quoteAll(all)))
                    .as(line)
                    .isEqualTo(all);
        }
    }

    private static List<String> words(Random random) {
        List<String> words = new ArrayList<>();
        for (int count = random.nextInt(4); count >= 0; count--) {
            StringBuilder word = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                word.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            words.add(word.toString());
        }
        return words;
    }

    @Test
    void inTheProgramsNameABackslashIsItself() {
        assertThat(WindowsWords.ofCommandLine("\"C:\\my dir\\\"x.exe  a\\\"b \"c d"))
                .containsExactly("C:\\my dir\\x.exe", "a\"b", "c d");
        assertThat(WindowsWords.ofCommandLine("java")).containsExactly("java");
    }

    @Test
    void onlyWordsThatNeedItAreQuoted() {
        assertThat(WindowsWords.quoteAll(List.of("C:\\x\\y.exe", "", "a b\\", "say \"hi\"", "it's")))
                .isEqualTo("C:\\x\\y.exe \"\" \"a b\\\\\" \"say \\\"hi\\\"\" it's");
    }
}
