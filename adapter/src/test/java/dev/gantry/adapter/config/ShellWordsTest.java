package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {
    private static final int TEXTS = 300;
    /** Nothing that a shell would expand or take as an operator, such as a newline: here they stand for themselves. */
    private static final String[] PIECES = {
        "a",
        "b",
        "é",
        "€",
        "😀",
        " ",
        "  ",
        "\t",
        "'",
        "\"",
        "\\",
        "\\\\",
        "\\'",
        "\\\"",
        "'x y'",
        "\"x y\"",
        "''",
        "\"\"",
        "-",
        "=",
        "\\ ",
        "%",
        ",",
        "\\a",
        "\"\\a\"",
        "'\\'",
        "\"\\\\\"",
        "\" \\\" \""
    };

    @AfterAll
    static void noShellIsLeft() {
        assertThat(ProcessHandle.current().children()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void splitsAsTheShellDoes(long seed) throws Exception {
        Random random = new Random(seed);
        int balanced = 0;
        int unbalanced = 0;
        while (balanced < TEXTS || unbalanced < TEXTS / 10) {
            String text = randomText(random);
            ShellWords.Split split = ShellWords.split(text);
            if (split instanceof ShellWords.Split.Words found) {
                // A word before them, since printf without one prints an empty one.
                assertThat(shellWords("printf '%s\\0' first " + text))
                        .as("words of <%s>", text)
                        .isEqualTo(found.words());
                balanced++;
            } else if (((ShellWords.Split.Unbalanced) split).what().contains("quote")) {
                assertThat(shellStatus("printf '%s\\0' " + text))
                        .as("status of <%s>", text)
                        .isNotZero();
                unbalanced++;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void quotedWordsComeBackFromTheShellAndFromTheSplit(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < TEXTS; i++) {
            words.add(randomText(random) + "\n$HOME `x` ; | & * ? [a] {b,c} ~ # !".substring(0, random.nextInt(30)));
        }
        String line = ShellWords.quoteAll(words);
        assertThat(ShellWords.split(line)).isEqualTo(new ShellWords.Split.Words(words));
        assertThat(shellWords("printf '%s\\0' first " + line)).isEqualTo(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'a\nb'",
                "\"a\nb\"",
                "\"a\\\nb\"",
                "a\\\nb",
                "a \\\n b",
                "'a\\\nb'",
                "\"\\$x \\`y\\`\"",
                "\\$x \\#a '$#*' \"#*\""
            })
    void treatsLineEndsAndDollarsAsTheShellDoes(String text) throws Exception {
        assertThat(ShellWords.split(text))
                .isEqualTo(new ShellWords.Split.Words(shellWords("printf '%s\\0' first " + text)));
    }

    @Test
    void expandsNothing() {
        assertThat(ShellWords.split("$HOME ${x} `id` * ~ a|b <c >d & # e;f !g"))
                .isEqualTo(new ShellWords.Split.Words(
                        List.of("$HOME", "${x}", "`id`", "*", "~", "a|b", "<c", ">d", "&", "#", "e;f", "!g")));
    }

    @Test
    void blankTextHasNoWords() {
        assertThat(ShellWords.split(" \t\n ")).isEqualTo(new ShellWords.Split.Words(List.of()));
        assertThat(ShellWords.split("")).isEqualTo(new ShellWords.Split.Words(List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"a 'b|single quote|3", "\"a b|double quote|1", "a\\|backslash|2", "'a' \"b\\\"|double quote|5"})
    void anUnbalancedQuoteIsToldWithItsPosition(String text, String what, int position) {
        assertThat(ShellWords.split(text)).isEqualTo(new ShellWords.Split.Unbalanced(what, position));
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = random.nextInt(12);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    private static List<String> shellWords(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script).start();
        try (InputStream out = shell.getInputStream()) {
            String all = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(shell.exitValue()).as(script).isZero();
            List<String> words = new ArrayList<>(List.of(all.split("\0", -1)));
            words.remove(words.size() - 1);
            assertThat(words.remove(0)).isEqualTo("first");
            return words;
        }
    }

    private static int shellStatus(String script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", script)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return shell.exitValue();
    }
}
