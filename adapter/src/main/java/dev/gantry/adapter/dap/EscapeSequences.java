package dev.gantry.adapter.dap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Recognises control sequences (colours and the like) in the text of a JSON string. Pure. */
final class EscapeSequences {
    private static final byte[] INTRODUCER = "\\u001b[".getBytes(StandardCharsets.US_ASCII);

    private EscapeSequences() {}

    /** Whether there is nothing else in a part of a text. */
    static boolean fill(byte[] json, int from, int to) {
        int at = from;
        while (at < to) {
            int end = end(json, at, to);
            if (end == at) {
                return false;
            }
            at = end;
        }
        return true;
    }

    /** Where the sequence ends that begins here; here if there is none. */
    private static int end(byte[] json, int from, int to) {
        int at = from + INTRODUCER.length;
        if (at >= to || !Arrays.equals(json, from, at, INTRODUCER, 0, INTRODUCER.length)) {
            return from;
        }
        while (at < to && json[at] >= 0x20 && json[at] < 0x40) {
            at++;
        }
        return at < to && json[at] >= 0x40 && json[at] < 0x7f ? at + 1 : from;
    }
}
