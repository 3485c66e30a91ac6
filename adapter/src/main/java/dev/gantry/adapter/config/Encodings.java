package dev.gantry.adapter.config;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Encodings by the names that people know: Java's and IANA's, and those that differ from them in case, hyphens and underscores
 * alone, which are most of Python's ({@code latin-1}, {@code utf_16_le}, {@code mac-roman}). Where Java and Python mean different
 * encodings by one name, Python's is taken, which is Windows' too.
 */
public final class Encodings {
    /**
     * Java's {@code cp932} and its like are code pages of IBM. The byte order mark of {@code utf-8-sig} is passed like any other
     * character.
     */
    private static final Map<String, String> OF_PYTHON = Map.of(
            "cp932", "windows-31j",
            "cp949", "x-windows-949",
            "cp950", "x-windows-950",
            "cp874", "x-windows-874",
            "utf8sig", "UTF-8");

    private Encodings() {}

    public static Optional<Charset> named(String name) {
        String plain = plain(name);
        String wanted = OF_PYTHON.getOrDefault(plain, name);
        try {
            return Optional.of(Charset.forName(wanted));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return likely(plain);
        }
    }

    /** All encodings are looked at: some milliseconds, which only names that Java does not know take. */
    private static Optional<Charset> likely(String plain) {
        return Charset.availableCharsets().values().stream()
                .filter(charset -> isCalled(charset, plain))
                .findFirst();
    }

    private static boolean isCalled(Charset charset, String plain) {
        return plain(charset.name()).equals(plain)
                || charset.aliases().stream().anyMatch(alias -> plain(alias).equals(plain));
    }

    /** Lower case, without what is written differently: punctuation, and the {@code x-} of names that IANA does not have. */
    private static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return (lower.startsWith("x-") ? lower.substring(2) : lower).replaceAll("[-_. ]", "");
    }
}
