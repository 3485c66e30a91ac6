package dev.gantry.adapter.agent;

import dev.gantry.adapter.model.CompactJson;
import dev.gantry.adapter.model.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * An answer as the agent's wire.py writes it, {@code {"type":"response","request_seq":5,"success":true,"command":"scopes","body":{...},"seq":7}},
 * checked and not parsed: most go on to the client as they are. Pure.
 *
 * @param requestSeq the number of the request
 */
record PlainAnswer(int requestSeq, RawJson body) {
    private static final byte[] BEGINNING = ascii("{\"type\":\"response\",\"request_seq\":");
    private static final byte[] SUCCESS = ascii(",\"success\":true,\"command\":\"");
    private static final byte[] BODY = ascii("\",\"body\":");
    private static final byte[] SEQ = ascii(",\"seq\":");
    private static final int MOST_DIGITS = 9;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Empty for every other message, and for one of another form. */
    static Optional<PlainAnswer> of(byte[] message) {
        int number = BEGINNING.length;
        int behindNumber = behindDigits(message, number);
        int command = behindNumber + SUCCESS.length;
        if (!isAt(message, 0, BEGINNING) || behindNumber == number || !isAt(message, behindNumber, SUCCESS)) {
            return Optional.empty();
        }
        int body = behindLetters(message, command) + BODY.length;
        if (!isAt(message, body - BODY.length, BODY)) {
            return Optional.empty();
        }
        int end = CompactJson.endOfObject(message, body);
        if (end < 0 || !isAt(message, end, SEQ)) {
            return Optional.empty();
        }
        int seq = end + SEQ.length;
        int behindSeq = behindDigits(message, seq);
        if (behindSeq == seq || behindSeq != message.length - 1 || message[behindSeq] != '}') {
            return Optional.empty();
        }
        return Optional.of(new PlainAnswer(value(message, number, behindNumber), new RawJson(message, body, end)));
    }

    private static boolean isAt(byte[] message, int at, byte[] text) {
        int end = at + text.length;
        return end <= message.length && Arrays.equals(message, at, end, text, 0, text.length);
    }

    private static int behindDigits(byte[] message, int from) {
        int at = from;
        while (at < message.length && at < from + MOST_DIGITS && message[at] >= '0' && message[at] <= '9') {
            at++;
        }
        return at;
    }

    private static int behindLetters(byte[] message, int from) {
        int at = from;
        while (at < message.length && Character.isLetter(message[at])) {
            at++;
        }
        return at;
    }

    private static int value(byte[] message, int from, int end) {
        int value = 0;
        for (int i = from; i < end; i++) {
            value = value * 10 + message[i] - '0';
        }
        return value;
    }
}
