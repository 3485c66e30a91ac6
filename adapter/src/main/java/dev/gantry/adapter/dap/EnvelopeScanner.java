package dev.gantry.adapter.dap;

import java.nio.charset.StandardCharsets;

/**
 * Finds {@code seq}, {@code type} and {@code command} at the top level of a JSON text that streams past, in constant memory. It
 * looks at brackets and quotes only, so that it finds them in broken text too; of a key that comes twice the first counts.
 * Confined to one thread.
 */
final class EnvelopeScanner {
    private static final int TOKEN_LIMIT = 128;

    private final byte[] token = new byte[TOKEN_LIMIT];
    private int tokenLength;
    private int depth;
    private boolean inString;
    private boolean escaped;
    private String lastString = "";
    private String key = "";
    private String seq = "";
    private String type = "";
    private String command = "";

    void feed(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (inString) {
                inside(b);
            } else {
                outside(b);
            }
        }
    }

    /** What was found so far; the text may have ended in the middle of a value. */
    Envelope envelope() {
        if (!inString) {
            endScalar();
        }
        return new Envelope(seq, type, command);
    }

    private void inside(byte b) {
        if (escaped) {
            escaped = false;
            keep(b);
        } else if (b == '\\') {
            escaped = true;
        } else if (b == '"') {
            inString = false;
            lastString = takeToken();
        } else {
            keep(b);
        }
    }

    private void outside(byte b) {
        switch (b) {
            case '"' -> {
                inString = true;
                tokenLength = 0;
            }
            case '{', '[' -> depth++;
            case '}', ']' -> {
                endScalar();
                depth--;
            }
            case ',' -> endScalar();
            case ':' -> {
                key = lastString;
                lastString = "";
                tokenLength = 0;
            }
            case ' ', '\t', '\r', '\n' -> {}
            default -> keep(b);
        }
    }

    private void endScalar() {
        String scalar = tokenLength > 0 ? takeToken() : lastString;
        if (depth <= 1 && !scalar.isEmpty()) {
            assign(scalar);
        }
        key = "";
        lastString = "";
    }

    private void assign(String value) {
        switch (key) {
            case "seq" -> seq = seq.isEmpty() ? value : seq;
            case "type" -> type = type.isEmpty() ? value : type;
            case "command" -> command = command.isEmpty() ? value : command;
            default -> {}
        }
    }

    private void keep(byte b) {
        if (tokenLength < TOKEN_LIMIT) {
            token[tokenLength++] = b;
        }
    }

    private String takeToken() {
        String text = new String(token, 0, tokenLength, StandardCharsets.UTF_8);
        tokenLength = 0;
        return text;
    }
}
