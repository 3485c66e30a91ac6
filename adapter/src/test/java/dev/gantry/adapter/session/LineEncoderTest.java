package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineEncoderTest {
    @ParameterizedTest
    @CsvSource({
        "UTF-16, feff0061000a, 0062000a",
        "UTF-16LE, 61000a00, 62000a00",
        "x-UTF-16LE-BOM, fffe61000a00, 62000a00",
        "UTF-32, 000000610000000a, 000000620000000a",
        "UTF-8, 610a, 620a"
    })
    void onlyTheFirstLineHasWhatStandsAtTheStartOfAStream(String charset, String first, String second) {
        LineEncoder encoder = new LineEncoder(Charset.forName(charset));

        assertThat(hex(encoder.encode("a"))).isEqualTo(first);
        assertThat(hex(encoder.encode("b"))).isEqualTo(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"UTF-8", "UTF-16", "UTF-32", "ISO-2022-JP", "ISO-2022-KR", "x-IBM930", "GB18030", "x-SJIS_0213"})
    void allLinesTogetherAreOneText(String name) {
        Charset charset = Charset.forName(name);
        LineEncoder encoder = new LineEncoder(charset);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        List<String> lines = List.of("first", "", "日本", "日", "x", "日本 日本 ".repeat(300), "last");
        for (String line : lines) {
            all.writeBytes(bytes(encoder.encode(line)));
        }

        assertThat(all.toString(charset)).isEqualTo(String.join("\n", lines) + "\n");
    }

    @ParameterizedTest
    @CsvSource({"ISO-8859-1, 613f620a", "US-ASCII, 613f620a"})
    void whatTheEncodingDoesNotHaveIsAQuestionMark(String charset, String bytes) {
        assertThat(hex(new LineEncoder(Charset.forName(charset)).encode("a漢b"))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, a漢b, 漢",
        "UTF-8, a漢b,",
        "UTF-16, a\uD83D\uDE00,",
        "Shift_JIS, 日本\uD83D\uDE00é, \uD83D\uDE00"
    })
    void whatTheEncodingDoesNotHaveIsFound(String charset, String line, @Nullable String unknown) {
        assertThat(new LineEncoder(Charset.forName(charset)).unknownIn(line)).isEqualTo(Optional.ofNullable(unknown));
    }

    @Test
    void halfAPairIsInNoEncoding() {
        assertThat(new LineEncoder(StandardCharsets.UTF_8).unknownIn("a\uD83Db"))
                .contains("\uD83D");
    }

    private static String hex(ByteBuffer bytes) {
        return HexFormat.of().formatHex(bytes(bytes));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
