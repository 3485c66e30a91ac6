package dev.gantry.adapter.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Our arguments as they were given, whatever the locale made of them. */
sealed interface ExactArguments {
    /** All of them are text. */
    record Text(List<String> words) implements ExactArguments {}

    /**
     * One is not, and cannot be passed on.
     *
     * @param position from 1
     * @param shown what it looks like, with \xNN for each byte that is not ASCII
     */
    record NotText(int position, String shown) implements ExactArguments {}

    /**
     * The arguments from their bytes.
     *
     * @param decoded what the JVM made of them
     * @param line where their bytes are; a line that ends otherwise is not theirs, and the JVM's word counts
     */
    static ExactArguments of(List<String> decoded, OwnCommandLine line) {
        Optional<List<byte[]>> raw = line.last(decoded.size()).filter(words -> fit(words, decoded));
        if (raw.isEmpty()) {
            return new Text(decoded);
        }
        List<String> words = new ArrayList<>();
        for (byte[] word : raw.get()) {
            Optional<String> text = OwnCommandLine.text(word);
            if (text.isEmpty()) {
                return new NotText(words.size() + 1, shown(word));
            }
            words.add(text.get());
        }
        return new Text(words);
    }

    /**
     * The same on Windows, where the java replaces a word with a wildcard by all files that match: their number need not be the same.
     */
    static ExactArguments onWindows(List<String> decoded, OwnCommandLine line) {
        OptionalInt start = line.argumentsStart();
        if (start.isEmpty()) {
            return new Text(decoded);
        }
        return new Text(line.words().stream()
                .skip(start.getAsInt())
                .map(word -> new String(word, StandardCharsets.UTF_8))
                .toList());
    }

    /** Whether the words can be what was decoded: in ASCII every locale agrees. */
    private static boolean fit(List<byte[]> words, List<String> decoded) {
        for (int i = 0; i < decoded.size(); i++) {
            byte[] word = words.get(i);
            if (isAscii(word) && !Arrays.equals(word, decoded.get(i).getBytes(StandardCharsets.UTF_8))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(byte[] word) {
        for (byte b : word) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }

    private static String shown(byte[] word) {
        StringBuilder text = new StringBuilder();
        for (byte b : word) {
            if (b >= ' ' && b < 127) {
                text.append((char) b);
            } else {
                text.append("\\x").append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        return text.toString();
    }
}
