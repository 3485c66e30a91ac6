package dev.gantry.adapter.dap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The output event that is being filled: the whole frame in one array, so that it is queued without another copy of its text.
 *
 * <p>The number comes last in the JSON, since it is known only when the event leaves; the header is put right before the body,
 * whose length is known only then. The frame never is longer than {@value #FRAME_LIMIT} bytes. Confined to the reactor; used again
 * for every event.
 */
final class OutputEvent {
    /** Nearly two of the transport's longest reads. Each frame costs both sides its way, and shorter ones made a flood take longer. */
    static final int FRAME_LIMIT = 128 * 1024;

    /** Takes finished frames. */
    interface Sink {
        /** The number of the next message. */
        int nextSeq();

        void frame(byte[] bytes, int from, int length);
    }

    private static final int HEADER_ROOM = 32;
    private static final int TAIL_ROOM = 40;
    /** How far from the end of a full event a line's end is still preferred for the cut. */
    private static final int REACH = 16 * 1024;
    /** Raw bytes of one event, when they are kept; base64 makes four of three. */
    private static final int RAW_LIMIT = 21 * 1024;

    private static final int RAW_ROOM = RAW_LIMIT / 3 * 4 + 32;
    private static final byte[] HEADER = ascii("Content-Length: ");
    private static final byte[] HEADER_END = ascii("\r\n\r\n");
    private static final byte[] TEXT_END = ascii("\"");
    private static final byte[] DATA = ascii(",\"data\":{\"base64\":\"");
    private static final byte[] DATA_END = ascii("\"}");
    private static final byte[] BODY_END = ascii("},\"seq\":");
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final Sink sink;
    private final byte[] frame = new byte[FRAME_LIMIT];
    private final byte[] aside = new byte[FRAME_LIMIT];
    private byte[] raw = new byte[0];
    private boolean keepsRaw;
    private int textStart;
    private int limit;
    private int pos;
    private int lineEnd;
    private int rawLength;
    private int rawLineEnd;
    private boolean lossyLines;
    private boolean lossyRest;
    /** What was shown last, of whichever channel, has ended within a line. */
    private boolean withinLine;

    OutputEvent(Sink sink) {
        this.sink = sink;
    }

    /** The start of the body of an event of a category, up to its text. */
    static byte[] prefix(String categoryAsJson) {
        return ("{\"type\":\"event\",\"event\":\"output\",\"body\":{\"category\":" + categoryAsJson + ",\"output\":\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Starts anew, for a channel; what was in it must have been sent. */
    void open(byte[] prefix, boolean withRaw) {
        System.arraycopy(prefix, 0, frame, HEADER_ROOM, prefix.length);
        textStart = HEADER_ROOM + prefix.length;
        keepsRaw = withRaw;
        if (withRaw && raw.length == 0) {
            raw = new byte[RAW_LIMIT];
        }
        limit = FRAME_LIMIT - TAIL_ROOM - (withRaw ? RAW_ROOM : 0);
        empty();
    }

    boolean isEmpty() {
        return pos == textStart && rawLength == 0;
    }

    boolean hasLine() {
        return lineEnd > textStart;
    }

    boolean endsWithLine() {
        return hasLine() && lineEnd == pos;
    }

    // What the encoder works on directly.

    byte[] bytes() {
        return frame;
    }

    int position() {
        return pos;
    }

    void position(int next) {
        pos = next;
    }

    /** How many bytes that need no escape fit in. */
    int room() {
        return Math.min(textRoom(), rawRoom());
    }

    /** How many bytes of JSON text fit in. */
    int textRoom() {
        return limit - pos;
    }

    /** The bytes of how much text can be kept. */
    int rawRoom() {
        return keepsRaw ? RAW_LIMIT - rawLength : Integer.MAX_VALUE;
    }

    /** Makes room for a piece that must not be cut. */
    void ensure(int textBytes, int rawBytes) {
        if (lacks(textBytes, rawBytes)) {
            cut();
        }
        if (lacks(textBytes, rawBytes)) {
            // What followed the line's end at which it was cut takes the room.
            sendAll();
        }
    }

    private boolean lacks(int textBytes, int rawBytes) {
        return limit - pos < textBytes || (keepsRaw && RAW_LIMIT - rawLength < rawBytes);
    }

    void put(int b) {
        frame[pos++] = (byte) b;
    }

    /** Whether JSON text has an ASCII character as it is. */
    static boolean isPlain(byte b) {
        return b >= 0x20 && b != '"' && b != '\\';
    }

    /** How many bytes so much text takes at most. */
    static int escapedLength(byte[] text, int from, int to) {
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = text[i];
            length += b < 0 ? 3 : isPlain(b) ? 1 : 6;
        }
        return length;
    }

    void putEscapedIfNeeded(byte b) {
        if (isPlain(b)) {
            put(b);
        } else {
            putEscaped(b);
        }
    }

    /** A byte that JSON does not have as it is. */
    void putEscaped(byte b) {
        byte letter = shortEscape(b);
        put('\\');
        if (letter != 0) {
            put(letter);
            return;
        }
        put('u');
        put('0');
        put('0');
        put(HEX[b >> 4]);
        put(HEX[b & 0xF]);
    }

    /** What stands behind the backslash for a character that has a short escape; 0 for others. */
    static byte shortEscape(byte b) {
        return switch (b) {
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            case '"', '\\' -> b;
            default -> 0;
        };
    }

    void put(byte[] bytes, int from, int length) {
        System.arraycopy(bytes, from, frame, pos, length);
        pos += length;
    }

    /** Remembers the bytes that the text put last was made of. */
    void raw(byte[] bytes, int from, int length) {
        if (keepsRaw) {
            System.arraycopy(bytes, from, raw, rawLength, length);
            rawLength += length;
        }
    }

    /** The text put last does not say exactly what the bytes were. */
    void lossy() {
        lossyRest = true;
    }

    void endLine() {
        lineEnd = pos;
        rawLineEnd = rawLength;
        lossyLines |= lossyRest;
        lossyRest = false;
    }

    /** Sends what fills the event, up to a line's end if one is within reach. */
    void cut() {
        if (hasLine() && lineEnd < pos && pos - lineEnd <= REACH) {
            sendLines();
        } else {
            sendAll();
        }
    }

    void sendAll() {
        if (isEmpty()) {
            return;
        }
        lossyLines |= lossyRest;
        send(pos, rawLength);
        empty();
    }

    /** Sends the whole lines; the rest becomes the start of the next event. */
    void sendLines() {
        if (!hasLine() || lineEnd == pos) {
            sendAll();
            return;
        }
        int rest = pos - lineEnd;
        int rawRest = rawLength - rawLineEnd;
        System.arraycopy(frame, lineEnd, aside, 0, rest);
        boolean restIsLossy = lossyRest;
        send(lineEnd, rawLineEnd);
        int rawFrom = rawLineEnd;
        empty();
        System.arraycopy(aside, 0, frame, pos, rest);
        pos += rest;
        if (keepsRaw) {
            System.arraycopy(raw, rawFrom, raw, 0, rawRest);
            rawLength = rawRest;
        }
        lossyRest = restIsLossy;
    }

    /** Forgets what is in it. */
    void empty() {
        pos = textStart;
        lineEnd = textStart;
        rawLength = 0;
        rawLineEnd = 0;
        lossyLines = false;
        lossyRest = false;
    }

    /** A text of ours that is shown next, not behind what has ended within a line. */
    String ownLine(String text) {
        String own = withinLine ? "\n" + text : text;
        withinLine = !text.endsWith("\n");
        return own;
    }

    /** Looks where the text that is about to be shown ends. Colours that are set back after a line's end are no text. */
    private void noteEnd(int textEnd) {
        int from = Math.min(lineEnd, textEnd);
        boolean nothing = from == textEnd || EscapeSequences.fill(frame, from, textEnd);
        withinLine = !nothing || (withinLine && from == textStart);
    }

    private void send(int textEnd, int rawEnd) {
        noteEnd(textEnd);
        int end = append(textEnd, TEXT_END);
        if (keepsRaw && (lossyLines || textEnd == textStart)) {
            end = append(end, DATA);
            end = append(end, Base64.getEncoder().encode(Arrays.copyOf(raw, rawEnd)));
            end = append(end, DATA_END);
        } else if (textEnd == textStart) {
            return;
        }
        end = append(end, BODY_END);
        end = putDigits(end, sink.nextSeq());
        frame[end++] = '}';
        int start = putHeader(end - HEADER_ROOM);
        sink.frame(frame, start, end - start);
    }

    /** Puts the header right before the body and returns where it starts. */
    private int putHeader(int bodyLength) {
        int start = HEADER_ROOM - HEADER.length - digits(bodyLength) - HEADER_END.length;
        int next = append(start, HEADER);
        next = putDigits(next, bodyLength);
        append(next, HEADER_END);
        return start;
    }

    private static int digits(int number) {
        int digits = 1;
        for (int rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private int putDigits(int at, int number) {
        int end = at + digits(number);
        int rest = number;
        for (int i = end - 1; i >= at; i--) {
            frame[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return end;
    }

    private int append(int at, byte[] bytes) {
        System.arraycopy(bytes, 0, frame, at, bytes.length);
        return at + bytes.length;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
