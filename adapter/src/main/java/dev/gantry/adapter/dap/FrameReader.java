package dev.gantry.adapter.dap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Cuts the client's byte stream into message bodies: a state machine that is fed whatever bytes there are. Confined to one
 * thread; owns nothing.
 *
 * <p>Lax where a client can be understood (header names in any case, other headers, blank lines, a bare line feed), and final
 * where it cannot: after a bad header nobody knows where the next message starts. Loads no JSON library, since the first message
 * is read before those are there.
 */
final class FrameReader {
    /** Longer bodies are never kept. */
    static final int BODY_LIMIT = 32 * 1024 * 1024;

    private static final int HEADER_LIMIT = 8 * 1024;
    /** A longer body is taken for a mistake: waiting for its end would look like a hang. */
    private static final long LENGTH_LIMIT = 1L << 30;

    private static final int FIRST_BODY_ROOM = 64 * 1024;
    private static final byte[] EMPTY = new byte[0];

    private enum State {
        HEADER,
        BODY,
        PAST,
        DEAD
    }

    private State state = State.HEADER;
    private final byte[] line = new byte[HEADER_LIMIT];
    private int lineLength;
    private boolean colonSeen;
    private int headerBytes;
    private boolean anyHeader;
    private int bodyLimit = BODY_LIMIT;
    private long length = -1;
    private byte[] body = EMPTY;
    private int bodyLength;
    private long past;
    /** One for all of a message that is read past: a gigabyte of these would be garbage otherwise. */
    private byte[] piece = EMPTY;

    private EnvelopeScanner scanner = new EnvelopeScanner();

    /** As {@link #next(ByteBuffer, int)}, with the highest limit. */
    Optional<Frame> next(ByteBuffer in) {
        return next(in, BODY_LIMIT);
    }

    /**
     * Takes bytes until a frame is whole; empty when it took all and needs more.
     *
     * @param most the longest body that is kept if its header ends in these bytes; a longer one is read past
     */
    Optional<Frame> next(ByteBuffer in, int most) {
        bodyLimit = most;
        while (in.hasRemaining() && state != State.DEAD) {
            Optional<Frame> frame = step(in);
            if (frame.isPresent()) {
                return frame;
            }
        }
        return Optional.empty();
    }

    private Optional<Frame> step(ByteBuffer in) {
        return switch (state) {
            case HEADER -> header(in.get());
            case BODY -> body(in);
            case PAST -> past(in);
            case DEAD -> Optional.empty();
        };
    }

    /** Why the stream's end comes at a bad moment; empty if it ended between two messages. */
    Optional<String> atEnd() {
        return switch (state) {
            case HEADER ->
                anyHeader || lineLength > 0
                        ? Optional.of("the client's stream ended within a header")
                        : Optional.empty();
            case BODY, PAST ->
                Optional.of("the client's stream ended within a message: " + (state == State.BODY ? bodyLength : past)
                        + " of " + length + " bytes came");
            case DEAD -> Optional.empty();
        };
    }

    private Optional<Frame> header(byte b) {
        if (b == '\n') {
            return endOfLine();
        }
        if (++headerBytes > HEADER_LIMIT) {
            return fatal("a header is longer than " + HEADER_LIMIT + " bytes: " + quoted());
        }
        line[lineLength++] = b;
        colonSeen |= b == ':';
        if (!colonSeen && !mayBeInName(b)) {
            return fatal("expected a header such as 'Content-Length: 119', got " + quoted());
        }
        return Optional.empty();
    }

    private static boolean mayBeInName(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || b == '-'
                || b == '_'
                || b == '\r'
                || b == ' '
                || (b >= '0' && b <= '9');
    }

    private Optional<Frame> endOfLine() {
        String text = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1).strip();
        boolean hadColon = colonSeen;
        if (text.isEmpty()) {
            lineLength = 0;
            return anyHeader ? endOfHeader() : Optional.empty();
        }
        if (!hadColon) {
            return fatal("expected a header such as 'Content-Length: 119', got " + quoted());
        }
        lineLength = 0;
        colonSeen = false;
        anyHeader = true;
        int colon = text.indexOf(':');
        String name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        return name.equals("content-length")
                ? lengthIs(text.substring(colon + 1).strip())
                : Optional.empty();
    }

    private Optional<Frame> lengthIs(String value) {
        long found = parse(value);
        if (found < 0) {
            return fatal("the Content-Length is no number of bytes: '" + value + "'");
        }
        if (found > LENGTH_LIMIT) {
            return fatal("the Content-Length is absurd: " + value + " bytes");
        }
        if (length >= 0 && length != found) {
            return fatal("two headers differ about the Content-Length: " + length + " and " + found);
        }
        length = found;
        return Optional.empty();
    }

    private static long parse(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return digits.isEmpty() ? -1 : tooLongToCount(digits);
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }

    private static long tooLongToCount(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.MAX_VALUE;
    }

    private Optional<Frame> endOfHeader() {
        if (length < 0) {
            return fatal("a message without Content-Length");
        }
        headerBytes = 0;
        anyHeader = false;
        if (length > bodyLimit) {
            scanner = new EnvelopeScanner();
            past = 0;
            piece = new byte[FIRST_BODY_ROOM];
            state = State.PAST;
            return Optional.empty();
        }
        body = new byte[(int) Math.min(length, FIRST_BODY_ROOM)];
        bodyLength = 0;
        state = State.BODY;
        return length == 0 ? endOfBody() : Optional.empty();
    }

    private Optional<Frame> body(ByteBuffer in) {
        int count = (int) Math.min(in.remaining(), length - bodyLength);
        if (bodyLength + count > body.length) {
            // Grown as bytes come: a length is a claim, and memory is given for what is there.
            long room = Math.max(bodyLength + count, 2L * body.length);
            body = Arrays.copyOf(body, (int) Math.min(length, room));
        }
        in.get(body, bodyLength, count);
        bodyLength += count;
        return bodyLength == length ? endOfBody() : Optional.empty();
    }

    private Optional<Frame> endOfBody() {
        Frame frame = new Frame.Body(body);
        body = EMPTY;
        restart();
        return Optional.of(frame);
    }

    private Optional<Frame> past(ByteBuffer in) {
        int count = (int) Math.min(Math.min(in.remaining(), piece.length), length - past);
        in.get(piece, 0, count);
        scanner.feed(piece, 0, count);
        past += count;
        if (past < length) {
            return Optional.empty();
        }
        piece = EMPTY;
        Frame frame = new Frame.TooLong(length, scanner.envelope());
        restart();
        return Optional.of(frame);
    }

    private void restart() {
        length = -1;
        state = State.HEADER;
    }

    private Optional<Frame> fatal(String reason) {
        state = State.DEAD;
        return Optional.of(new Frame.Fatal(reason));
    }

    private String quoted() {
        int shown = Math.min(lineLength, 40);
        StringBuilder text = new StringBuilder("'");
        for (int i = 0; i < shown; i++) {
            char c = (char) (line[i] & 0xFF);
            text.append(c >= ' ' && c < 0x7F ? c : '?');
        }
        return text.append(shown < lineLength ? "...'" : "'").toString();
    }
}
