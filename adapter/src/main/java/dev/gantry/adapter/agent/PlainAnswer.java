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
 * @param lasting whether {@code "keep":true} stands behind the body
 */
record PlainAnswer(int requestSeq, RawJson body, boolean lasting) {
    private static final byte[] BEGINNING = ascii("{\"type\":\"response\",\"request_seq\":");
    private static final byte[] SUCCESS = ascii(",\"success\":true,\"command\":\"");
    static final byte[] BODY = ascii("\",\"body\":");
    private static final byte[] KEEP = ascii(",\"keep\":true");
    private static final byte[] SEQ = ascii(",\"seq\":");
    private static final int MOST_DIGITS = 9;

    static byte[] ascii(String text) {
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
        if (end < 0) {
            return Optional.empty();
        }
        boolean lasting = isAt(message, end, KEEP);
        int behindBody = lasting ? end + KEEP.length : end;
        return endsWithSeq(message, behindBody)
                ? Optional.of(
                        new PlainAnswer(value(message, number, behindNumber), new RawJson(message, body, end), lasting))
                : Optional.empty();
    }

    /** Whether nothing but the agent's number for the message stands from there on. */
    static boolean endsWithSeq(byte[] message, int at) {
        int seq = at + SEQ.length;
        int behindSeq = behindDigits(message, seq);
        return isAt(message, at, SEQ)
                && behindSeq > seq
                && behindSeq == message.length - 1
                && message[behindSeq] == '}';
    }

    static boolean isAt(byte[] message, int at, byte[] text) {
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

    static int behindLetters(byte[] message, int from) {
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
