package dev.gantry.launcher.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Argument vectors that are likely to break a command line; the same ones for the same seed. */
final class Vectors {
    static final int COUNT = 10_000;

    private static final String[] PIECES = {
        "\"",
        "\"",
        "\\",
        "\\",
        "\\\\",
        " ",
        "\t",
        "\n",
        "\u000b",
        "a",
        "b",
        "^",
        "%",
        "!",
        "&",
        "|",
        "<",
        "*",
        "?",
        "'",
        "=",
        "é",
        "ж",
        "漢",
        "\ud83d\ude80",
        "\u00a0",
        "\u2028",
        "\u0001",
        "\u007f",
        "-x",
        "C:\\Program Files\\"
    };

    private Vectors() {}

    /** {@link #COUNT} of them, of up to 8 arguments after a name without quotation marks. */
    static List<List<String>> seeded(long seed) {
        Random random = new Random(seed);
        List<List<String>> vectors = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            List<String> vector = new ArrayList<>();
            vector.add("p" + text(random).replace("\"", ""));
            for (int more = random.nextInt(9); more > 0; more--) {
                vector.add(text(random));
            }
            vectors.add(List.copyOf(vector));
        }
        return List.copyOf(vectors);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
