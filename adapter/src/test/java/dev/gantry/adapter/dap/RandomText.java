package dev.gantry.adapter.dap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Bytes that are text, nearly text, or not text at all. */
final class RandomText {
    private static final String[] PIECES = {
        "a",
        "plain words here",
        "\n",
        "\r\n",
        "\"",
        "\\",
        "\u0000",
        "\u001f",
        "\u007f",
        "é",
        "ж",
        "漢",
        "\uFFFD",
        "😀",
        "\uFFFF",
        "\u001b[31m",
        "\u001b]0;t\u0007",
        "\u001b"
    };
    private static final int[] NASTY = {
        0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF, 0xA0, 0x9F, 0x90, 0x8F
    };

    private RandomText() {}

    static byte[] bytes(Random random, int about) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int target = random.nextInt(about + 1);
        while (out.size() < target) {
            switch (random.nextInt(4)) {
                case 0 -> out.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
                case 1 -> out.write(NASTY[random.nextInt(NASTY.length)]);
                case 2 -> truncated(random, out);
                default -> out.write(random.nextInt(256));
            }
        }
        return out.toByteArray();
    }

    private static void truncated(Random random, ByteArrayOutputStream out) {
        byte[] character =
                new String(Character.toChars(0x80 + random.nextInt(0x10FF00))).getBytes(StandardCharsets.UTF_8);
        out.write(character, 0, 1 + random.nextInt(character.length));
    }
}
