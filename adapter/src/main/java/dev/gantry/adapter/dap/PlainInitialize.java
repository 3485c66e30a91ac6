package dev.gantry.adapter.dap;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * Recognises an initialize request that every session would answer in the same way, without a JSON library. Pure.
 *
 * <p>It is deliberately narrow: ASCII, no escapes, scalar values, no key twice. What it takes is JSON for certain and can be
 * answered at once; anything else goes the long way.
 */
final class PlainInitialize {
    private static final int NOT_PLAIN = -1;

    private final byte[] text;
    private int at;
    private boolean plain = true;
    private int seq = NOT_PLAIN;
    private boolean isRequest;
    private boolean isInitialize;
    private boolean pathFormatSeen;
    private boolean argumentsSeen;

    private PlainInitialize(byte[] text) {
        this.text = text;
    }

    /** The request's number; empty if it is anything but a plain initialize. */
    static OptionalInt seqOf(byte[] text) {
        PlainInitialize scan = new PlainInitialize(text);
        scan.message();
        boolean taken = scan.plain && scan.isRequest && scan.isInitialize && scan.seq >= 0;
        return taken ? OptionalInt.of(scan.seq) : OptionalInt.empty();
    }

    private void message() {
        object(true);
        space();
        plain &= at == text.length;
    }

    private void object(boolean top) {
        expect('{');
        if (next() == '}') {
            at++;
            return;
        }
        do {
            String key = string();
            expect(':');
            if (top) {
                field(key);
            } else {
                argument(key);
            }
        } while (plain && comma());
        expect('}');
    }

    private void field(String key) {
        switch (key) {
            case "seq" -> {
                once(seq == NOT_PLAIN);
                seq = smallNumber();
            }
            case "type" -> {
                once(!isRequest);
                isRequest = string().equals("request");
                once(isRequest);
            }
            case "command" -> {
                once(!isInitialize);
                isInitialize = string().equals("initialize");
                once(isInitialize);
            }
            case "arguments" -> {
                once(!argumentsSeen);
                argumentsSeen = true;
                object(false);
            }
            default -> plain = false;
        }
    }

    private void argument(String key) {
        if (key.equals("pathFormat")) {
            once(!pathFormatSeen);
            pathFormatSeen = true;
            once(string().equals("path"));
        } else {
            scalar();
        }
    }

    private void once(boolean holds) {
        plain &= holds;
    }

    private void scalar() {
        int c = next();
        if (c == '"') {
            string();
        } else if (c == 't') {
            word("true");
        } else if (c == 'f') {
            word("false");
        } else if (c == 'n') {
            word("null");
        } else {
            smallNumber();
        }
    }

    private void word(String word) {
        for (int i = 0; i < word.length(); i++) {
            expectNow(word.charAt(i));
        }
    }

    /** A number of at most nine digits, without sign, fraction or exponent. */
    private int smallNumber() {
        space();
        int start = at;
        int value = 0;
        while (at < text.length && text[at] >= '0' && text[at] <= '9' && at - start < 10) {
            value = value * 10 + (text[at] - '0');
            at++;
        }
        int digits = at - start;
        plain &= digits > 0 && digits < 10 && (digits == 1 || text[start] != '0');
        return plain ? value : NOT_PLAIN;
    }

    private String string() {
        expect('"');
        int start = at;
        while (at < text.length && text[at] >= 0x20 && text[at] != '"' && text[at] != '\\') {
            at++;
        }
        int end = at;
        expectNow('"');
        return new String(text, start, end - start, StandardCharsets.US_ASCII);
    }

    private boolean comma() {
        boolean comma = next() == ',';
        if (comma) {
            at++;
        }
        return comma;
    }

    private void expect(char c) {
        space();
        expectNow(c);
    }

    private void expectNow(char c) {
        if (at < text.length && text[at] == c) {
            at++;
        } else {
            plain = false;
        }
    }

    private int next() {
        space();
        return at < text.length ? text[at] : NOT_PLAIN;
    }

    private void space() {
        while (at < text.length && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r' || text[at] == '\n')) {
            at++;
        }
    }
}
