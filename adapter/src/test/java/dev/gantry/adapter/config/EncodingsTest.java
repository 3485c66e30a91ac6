package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingsTest {
    @ParameterizedTest
    @CsvSource({
        "utf-8, UTF-8",
        "latin1, ISO-8859-1",
        "latin-1, ISO-8859-1",
        "Latin_1, ISO-8859-1",
        "utf_8, UTF-8",
        "utf-8-sig, UTF-8",
        "utf_16_le, UTF-16LE",
        "utf-16-be, UTF-16BE",
        "utf-32-le, UTF-32LE",
        "iso2022_jp, ISO-2022-JP",
        "iso8859_15, ISO-8859-15",
        "mac-roman, x-MacRoman",
        "cp1252, windows-1252",
        "cp932, windows-31j",
        "cp949, x-windows-949",
        "CP950, x-windows-950",
        "cp874, x-windows-874",
        "646, US-ASCII"
    })
    void javasIanasAndPythonsNamesAreKnown(String name, String charset) {
        assertThat(Encodings.named(name).map(Charset::name)).contains(charset);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "klingon", "not a name", "rot13", "utf-9", "x-"})
    void othersAreNot(String name) {
        assertThat(Encodings.named(name)).isEmpty();
    }
}
