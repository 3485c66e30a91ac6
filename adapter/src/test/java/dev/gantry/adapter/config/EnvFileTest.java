package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnvFileTest {
    private static final Map<String, String> OUTSIDE = Map.of("HOME", "/home/u", "EMPTY", "");

    static Stream<Arguments> values() {
        return Stream.of(
                Arguments.of("A=1", "1"),
                Arguments.of("A=", ""),
                Arguments.of("  A = 1  ", "1"),
                Arguments.of("export A=1", "1"),
                Arguments.of("export\tA=1\r\n", "1"),
                Arguments.of("\uFEFFA=bom", "bom"),
                Arguments.of("A=a b  c", "a b  c"),
                Arguments.of("A=a # comment", "a"),
                Arguments.of("A=a#b", "a#b"),
                Arguments.of("A=# comment", ""),
                Arguments.of("A=a \\# b", "a # b"),
                Arguments.of("A=a\\ ", "a "),
                Arguments.of("A=a=b", "a=b"),
                Arguments.of("A=C:\\new\\table", "C:\\new\\table"),
                Arguments.of("A=it's", "it's"),
                Arguments.of("A='a # b'", "a # b"),
                Arguments.of("A='${HOME}\\n'", "${HOME}\\n"),
                Arguments.of("A='a\nb'", "a\nb"),
                Arguments.of("A=\"a\nb\" # c", "a\nb"),
                Arguments.of("A=\"a\\\nb\"", "ab"),
                Arguments.of("A=\"\\n\\r\\t\\\\\\\"\\$\\`\\d\"", "\n\r\t\\\"$`\\d"),
                Arguments.of("A=''", ""),
                Arguments.of("A=${HOME}/x", "/home/u/x"),
                Arguments.of("A=\"${HOME}/x\"", "/home/u/x"),
                Arguments.of("A=$HOME", "$HOME"),
                Arguments.of("A=\\${HOME}", "${HOME}"),
                Arguments.of("A=${NONE:-b c}", "b c"),
                Arguments.of("A=${EMPTY:-b}", "b"),
                Arguments.of("A=${HOME:-b}", "/home/u"),
                Arguments.of("A=${NONE:-${HOME}/${NONE:-z}}", "/home/u/z"),
                Arguments.of("A=${NONE:-}", ""),
                Arguments.of("B=1\nA=${B}2", "12"),
                Arguments.of("HOME=/other\nA=${HOME}", "/other"),
                Arguments.of("A=1\nA=${A}2", "12"),
                Arguments.of("A=é😀", "é😀"),
                Arguments.of("# x\n\n   # y\nA=1\n#z", "1"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void readsAValue(String text, String value) {
        EnvFile.Read read = EnvFile.read(text, "f", OUTSIDE::get);
        assertThat(read.variables()).containsEntry("A", value);
        assertThat(read.warnings()).isEmpty();
    }

    static Stream<Arguments> badLines() {
        return Stream.of(
                Arguments.of("A", "no '=' after 'A'"),
                Arguments.of("export A", "no '=' after 'A'"),
                Arguments.of("=1", "no NAME=value"),
                Arguments.of("1A=1", "no NAME=value"),
                Arguments.of("a b=1", "no '=' after 'a'"),
                Arguments.of("A='x", "a single quote is never closed"),
                Arguments.of("A=\"x\\\"", "a double quote is never closed"),
                Arguments.of("A='x'y", "text after the closing quote"),
                Arguments.of("A=${HOME", "'${' is never closed"),
                Arguments.of("A=${}", "'${}' is neither ${NAME} nor ${NAME:-default}"),
                Arguments.of("A=${HOME+x}", "'${HOME+x}' is neither ${NAME} nor ${NAME:-default}"),
                Arguments.of("A=\uFFFD", "the value of 'A' is not valid UTF-8"),
                Arguments.of("A=x\0", "the value of 'A' has a NUL character"));
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void aBadLineIsToldAndTheOthersCount(String line, String why) {
        EnvFile.Read read = EnvFile.read("B='1\n2'\n" + line + "\nC=3\n", "/x/.env", OUTSIDE::get);
        assertThat(read.variables()).containsOnly(Map.entry("B", "1\n2"), Map.entry("C", "3"));
        assertThat(read.warnings()).containsExactly("/x/.env:3: " + why + "; the line is skipped");
    }

    @Test
    void anUnsetNameIsEmptyAndTold() {
        EnvFile.Read read = EnvFile.read("A=x${NONE}y", ".env", OUTSIDE::get);
        assertThat(read.variables()).containsEntry("A", "xy");
        assertThat(read.warnings()).containsExactly(".env:1: 'NONE' is not set; '${NONE}' is empty");
    }
}
