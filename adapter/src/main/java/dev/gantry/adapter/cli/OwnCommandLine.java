package dev.gantry.adapter.cli;

import dev.gantry.adapter.config.Platform;
import dev.gantry.adapter.config.WindowsWords;
import dev.gantry.launcher.windows.ProcessCommandLine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The words of the command that started this process, in bytes: the JVM decodes its arguments by the locale, and what does not
 * fit that is lost without a word. Only Linux and, in UTF-8, Windows tell; elsewhere there are none. Immutable.
 *
 * @param words with the java at the front and our arguments at the end
 */
record OwnCommandLine(List<byte[]> words) {
    private static final Path FILE = Path.of("/proc/self/cmdline");

    static OwnCommandLine read() {
        if (Platform.current() == Platform.WINDOWS) {
            return ofWindows(ProcessCommandLine.text().orElse(""));
        }
        try {
            return parse(Files.readAllBytes(FILE));
        } catch (IOException notLinux) {
            return new OwnCommandLine(List.of());
        }
    }

    /** From a Windows command line; none for an empty one. */
    static OwnCommandLine ofWindows(String line) {
        List<String> words = line.isEmpty() ? List.of() : WindowsWords.ofCommandLine(line);
        return new OwnCommandLine(words.stream()
                .map(word -> word.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /** From the form that /proc has: each word ends with a zero byte. */
    static OwnCommandLine parse(byte[] line) {
        List<byte[]> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                words.add(Arrays.copyOfRange(line, start, i));
                start = i + 1;
            }
        }
        return new OwnCommandLine(List.copyOf(words));
    }

    /** Where our arguments begin after the java's own, by the form in which Gantry is started; empty if it is another. */
    OptionalInt argumentsStart() {
        for (int i = 1; i < words.size(); i++) {
            String word = new String(words.get(i), StandardCharsets.UTF_8);
            if (word.equals("-jar") && i + 1 < words.size()) {
                return OptionalInt.of(i + 2);
            }
            if (word.equals("dev.gantry.adapter.Main")) {
                return OptionalInt.of(i + 1);
            }
        }
        return OptionalInt.empty();
    }

    /** The last so many words; empty if there are not that many after the java. */
    Optional<List<byte[]>> last(int count) {
        return count < words.size() ? Optional.of(words.subList(words.size() - count, words.size())) : Optional.empty();
    }

    /** The words before the last so many, as text; empty if there is no java among them, or one is no UTF-8. */
    Optional<List<String>> before(int count) {
        List<String> texts = new ArrayList<>();
        for (byte[] word : words.subList(0, Math.max(0, words.size() - count))) {
            Optional<String> text = text(word);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            texts.add(text.get());
        }
        return texts.size() > 1 ? Optional.of(texts) : Optional.empty();
    }

    /** A word as text; empty if it is no UTF-8. */
    static Optional<String> text(byte[] word) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(word))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
