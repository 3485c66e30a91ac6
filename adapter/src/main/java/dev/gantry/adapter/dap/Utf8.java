package dev.gantry.adapter.dap;

/**
 * One step of strict UTF-8 decoding, and one of encoding. Pure. What is ill-formed is cut into the same pieces as CPython's
 * {@code decode('utf-8', 'replace')} and the Unicode standard's recommended practice: each longest start of a well-formed
 * sequence is one piece, each other byte one of its own.
 */
final class Utf8 {
    /** The bytes end before it is known whether a sequence is well formed. */
    static final int INCOMPLETE = 0;

    /** No more bytes stand for a char; a pair of them needs four. */
    static final int MOST_FOR_CHAR = 3;

    private Utf8() {}

    /**
     * Encodes a code point; a half of a surrogate pair, which stands for nothing, as U+FFFD.
     *
     * @return where the next one goes
     */
    static int put(int codePoint, byte[] to, int at) {
        int point = codePoint >= 0xD800 && codePoint <= 0xDFFF ? 0xFFFD : codePoint;
        int next = at;
        if (point < 0x80) {
            to[next++] = (byte) point;
            return next;
        }
        if (point < 0x800) {
            to[next++] = (byte) (0xC0 | (point >> 6));
        } else {
            if (point < 0x10000) {
                to[next++] = (byte) (0xE0 | (point >> 12));
            } else {
                to[next++] = (byte) (0xF0 | (point >> 18));
                to[next++] = (byte) (0x80 | ((point >> 12) & 0x3F));
            }
            to[next++] = (byte) (0x80 | ((point >> 6) & 0x3F));
        }
        to[next++] = (byte) (0x80 | (point & 0x3F));
        return next;
    }

    /**
     * Looks at the sequence that starts at {@code i}, a byte that is not ASCII.
     *
     * @return its length if it is well formed; minus the length of the ill-formed piece; or {@link #INCOMPLETE}
     */
    static int step(byte[] bytes, int i, int end) {
        int first = bytes[i] & 0xFF;
        if (first < 0xC2 || first > 0xF4) {
            return -1;
        }
        if (i + 1 == end) {
            return INCOMPLETE;
        }
        int second = bytes[i + 1] & 0xFF;
        if (second < lowestSecond(first) || second > highestSecond(first)) {
            return -1;
        }
        return first < 0xE0 ? 2 : rest(bytes, i, end, first < 0xF0 ? 3 : 4);
    }

    private static int rest(byte[] bytes, int i, int end, int length) {
        for (int k = 2; k < length; k++) {
            if (i + k == end) {
                return INCOMPLETE;
            }
            if ((bytes[i + k] & 0xC0) != 0x80) {
                return -k;
            }
        }
        return length;
    }

    private static int lowestSecond(int first) {
        return switch (first) {
            case 0xE0 -> 0xA0;
            case 0xF0 -> 0x90;
            default -> 0x80;
        };
    }

    private static int highestSecond(int first) {
        return switch (first) {
            case 0xED -> 0x9F;
            case 0xF4 -> 0x8F;
            default -> 0xBF;
        };
    }
}
