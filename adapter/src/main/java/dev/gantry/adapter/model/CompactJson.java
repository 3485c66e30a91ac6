package dev.gantry.adapter.model;

/**
 * Checks JSON of the plainest form: RFC 8259 without blanks between its parts, ASCII only, at most {@value #NESTING_LIMIT} levels. What is
 * not of that form may well be JSON. Pure; makes no objects.
 */
public final class CompactJson {
    /** Far less than any parser takes. */
    static final int NESTING_LIMIT = 64;

    private static final int NONE = -1;
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private CompactJson() {}

    /** Where the object that begins at {@code start} ends, behind its brace; -1 if there is none of this form. */
    public static int endOfObject(byte[] text, int start) {
        return start < text.length && text[start] == '{' ? object(text, start + 1, NESTING_LIMIT) : NONE;
    }

    private static int value(byte[] text, int at, int levels) {
        if (at >= text.length) {
            return NONE;
        }
        return switch (text[at]) {
            case '"' -> string(text, at + 1);
            case '{' -> levels == 0 ? NONE : object(text, at + 1, levels - 1);
            case '[' -> levels == 0 ? NONE : array(text, at + 1, levels - 1);
            case 't' -> word(text, at, TRUE);
            case 'f' -> word(text, at, FALSE);
            case 'n' -> word(text, at, NULL);
            default -> number(text, at);
        };
    }

    /** Each of these gets the index behind what it begins with, and gives the one behind its end, or -1. */
    private static int object(byte[] text, int from, int levels) {
        int at = from;
        if (is(text, at, '}')) {
            return at + 1;
        }
        while (is(text, at, '"')) {
            at = string(text, at + 1);
            if (at == NONE || !is(text, at, ':')) {
                return NONE;
            }
            at = value(text, at + 1, levels);
            if (at == NONE) {
                return NONE;
            }
            if (is(text, at, '}')) {
                return at + 1;
            }
            if (!is(text, at, ',')) {
                return NONE;
            }
            at++;
        }
        return NONE;
    }

    private static int array(byte[] text, int from, int levels) {
        int at = from;
        if (is(text, at, ']')) {
            return at + 1;
        }
        while (true) {
            at = value(text, at, levels);
            if (at == NONE) {
                return NONE;
            }
            if (is(text, at, ']')) {
                return at + 1;
            }
            if (!is(text, at, ',')) {
                return NONE;
            }
            at++;
        }
    }

    private static int string(byte[] text, int from) {
        for (int at = from; at < text.length; at++) {
            byte c = text[at];
            if (c == '"') {
                return at + 1;
            }
            // A byte of more than 7 bits is negative.
            if (c < ' ') {
                return NONE;
            }
            if (c == '\\') {
                at = escape(text, at + 1);
                if (at == NONE) {
                    return NONE;
                }
            }
        }
        return NONE;
    }

    /** The index of its last character. */
    private static int escape(byte[] text, int at) {
        if (at >= text.length) {
            return NONE;
        }
        return switch (text[at]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at;
            case 'u' -> fourDigits(text, at);
            default -> NONE;
        };
    }

    private static int fourDigits(byte[] text, int at) {
        for (int i = 1; i <= 4; i++) {
            if (at + i >= text.length || Character.digit(text[at + i], 16) < 0) {
                return NONE;
            }
        }
        return at + 4;
    }

    private static int word(byte[] text, int at, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (!is(text, at + i, word[i])) {
                return NONE;
            }
        }
        return at + word.length;
    }

    private static int number(byte[] text, int from) {
        int at = is(text, from, '-') ? from + 1 : from;
        int whole = digits(text, at);
        if (whole == at || (whole > at + 1 && text[at] == '0')) {
            return NONE;
        }
        at = whole;
        if (is(text, at, '.')) {
            int fraction = digits(text, at + 1);
            if (fraction == at + 1) {
                return NONE;
            }
            at = fraction;
        }
        if (is(text, at, 'e') || is(text, at, 'E')) {
            int first = is(text, at + 1, '+') || is(text, at + 1, '-') ? at + 2 : at + 1;
            int exponent = digits(text, first);
            if (exponent == first) {
                return NONE;
            }
            at = exponent;
        }
        return at;
    }

    private static int digits(byte[] text, int from) {
        int at = from;
        while (at < text.length && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at;
    }

    private static boolean is(byte[] text, int at, int c) {
        return at < text.length && text[at] == c;
    }
}
