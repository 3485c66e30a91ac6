package dev.gantry.adapter.dap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * From a target's bytes to the text of output events, escaped for JSON: the hot path of the adapter. Pure but for the event that
 * it fills. Confined to the reactor; one for each channel.
 *
 * <p>Plain text is copied eight bytes at a time, and no String is made of it. A character or an escape sequence that is not
 * complete at the end of a piece is kept for the next one, so it is never split between two events.
 */
final class OutputEncoder {
    /** A longer escape sequence is taken for text. */
    private static final int SEQUENCE_LIMIT = 4 * 1024;

    /** After so much ASCII, copying by words is quicker again. */
    private static final int ASCII_RUN = 16;

    private static final int PIECE = 64 * 1024;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long SPACES = 0x2020202020202020L;
    private static final long QUOTES = 0x2222222222222222L;
    private static final long BACKSLASHES = 0x5C5C5C5C5C5C5C5CL;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte ESC = 0x1B;

    private final OutputEvent event;
    private final boolean stripAnsi;
    private final boolean bytesAreRaw;
    private final AnsiScanner scanner = new AnsiScanner();
    private final byte[] character = new byte[6];
    private int characterLength;
    private byte[] sequence = new byte[64];
    private int sequenceLength;

    /**
     * @param bytesAreRaw whether the bytes are the target's own; if not, the caller puts those into the event, and the ends of lines
     */
    OutputEncoder(boolean stripAnsi, OutputEvent event, boolean bytesAreRaw) {
        this.event = event;
        this.stripAnsi = stripAnsi;
        this.bytesAreRaw = bytesAreRaw;
    }

    /** Takes all of {@code data}. {@code scratch} is for bytes that are not in an array. */
    void encode(ByteBuffer data, byte[] scratch) {
        if (data.hasArray()) {
            int from = data.arrayOffset() + data.position();
            int to = from + data.remaining();
            data.position(data.limit());
            encode(data.array(), from, to);
            return;
        }
        while (data.hasRemaining()) {
            int count = Math.min(data.remaining(), Math.min(scratch.length, PIECE));
            data.get(scratch, 0, count);
            encode(scratch, 0, count);
        }
    }

    void encode(byte[] src, int from, int to) {
        int i = from;
        while (i < to) {
            if (sequenceLength > 0) {
                i = goOnSequence(src, i, to);
            } else if (characterLength > 0) {
                i = goOnCharacter(src, i, to);
            } else {
                i = plain(src, i, to);
                i = i < to ? special(src, i, to) : i;
            }
        }
    }

    /** Whether nothing incomplete is kept. */
    boolean isComplete() {
        return characterLength == 0 && sequenceLength == 0;
    }

    /** No more bytes come: what is incomplete becomes text as it is. */
    void end() {
        if (characterLength > 0) {
            replace(character, 0, characterLength);
            characterLength = 0;
        }
        if (sequenceLength > 0) {
            giveUpSequence();
        }
    }

    /** Copies text that needs no escape, as much as there is room for; returns where it stopped. */
    private int plain(byte[] src, int from, int to) {
        byte[] out = event.bytes();
        int start = event.position();
        int end = from + Math.min(to - from, event.room());
        int i = from;
        int o = start;
        while (i + 8 <= end) {
            long word = (long) WORD.get(src, i);
            long quotes = word ^ QUOTES;
            long backslashes = word ^ BACKSLASHES;
            // The lowest set bit is exact; higher ones may be false, by borrows from it.
            long hits = (((word - SPACES) & ~word)
                            | ((quotes - ONES) & ~quotes)
                            | ((backslashes - ONES) & ~backslashes)
                            | word)
                    & HIGHS;
            WORD.set(out, o, word);
            if (hits != 0) {
                int clean = Long.numberOfTrailingZeros(hits) >>> 3;
                return moved(src, from, i + clean, o + clean);
            }
            i += 8;
            o += 8;
        }
        while (i < end && isPlain(src[i])) {
            out[o++] = src[i++];
        }
        return moved(src, from, i, o);
    }

    private int moved(byte[] src, int from, int to, int position) {
        event.position(position);
        raw(src, from, to - from);
        return to;
    }

    private static boolean isPlain(byte b) {
        return b >= 0x20 && b != '"' && b != '\\';
    }

    private int special(byte[] src, int i, int to) {
        byte b = src[i];
        if (b < 0) {
            return characters(src, i, to);
        }
        if (b == ESC) {
            scanner.start();
            sequence[0] = b;
            sequenceLength = 1;
            return i + 1;
        }
        if (isPlain(b)) {
            event.cut();
            return i;
        }
        event.ensure(6, 1);
        escape(b);
        raw(src, i, 1);
        if (b == '\n' && bytesAreRaw) {
            event.endLine();
        }
        return i + 1;
    }

    private void escape(byte b) {
        event.put('\\');
        switch (b) {
            case '\n' -> event.put('n');
            case '\r' -> event.put('r');
            case '\t' -> event.put('t');
            case '"', '\\' -> event.put(b);
            default -> {
                event.put('u');
                event.put('0');
                event.put('0');
                event.put(HEX[b >> 4]);
                event.put(HEX[b & 0xF]);
            }
        }
    }

    /** Text that is not ASCII, and short pieces of ASCII in between, copied as far as it is well formed; then what is not. */
    private int characters(byte[] src, int from, int to) {
        event.ensure(4, 4);
        int end = from + Math.min(to - from, event.room() - 3);
        int i = from;
        int length = 1;
        int lastCharacter = from;
        while (i < end && length > 0 && i - lastCharacter < ASCII_RUN) {
            if (src[i] < 0) {
                length = Utf8.step(src, i, to);
                i += Math.max(0, length);
                lastCharacter = i;
            } else if (isPlain(src[i])) {
                i++;
            } else {
                break;
            }
        }
        event.put(src, from, i - from);
        raw(src, from, i - from);
        return length > 0 ? i : illFormed(src, i, to, length);
    }

    private int illFormed(byte[] src, int i, int to, int length) {
        if (length < 0) {
            replace(src, i, -length);
            return i - length;
        }
        characterLength = to - i;
        System.arraycopy(src, i, character, 0, characterLength);
        return to;
    }

    private void copy(byte[] src, int from, int length) {
        event.ensure(length, length);
        event.put(src, from, length);
        raw(src, from, length);
    }

    private void replace(byte[] src, int from, int length) {
        event.ensure(3, length);
        event.put(0xEF);
        event.put(0xBF);
        event.put(0xBD);
        raw(src, from, length);
        event.lossy();
    }

    /** Finishes a character that an earlier piece began. */
    private int goOnCharacter(byte[] src, int from, int to) {
        int kept = characterLength;
        int added = Math.min(4 - kept, to - from);
        System.arraycopy(src, from, character, kept, added);
        int length = Utf8.step(character, 0, kept + added);
        if (length == Utf8.INCOMPLETE) {
            characterLength = kept + added;
            return to;
        }
        characterLength = 0;
        if (length > 0) {
            copy(character, 0, length);
        } else {
            replace(character, 0, -length);
        }
        return from + Math.abs(length) - kept;
    }

    private int goOnSequence(byte[] src, int from, int to) {
        for (int i = from; i < to; i++) {
            AnsiScanner.Step step = scanner.next(src[i]);
            if (step == AnsiScanner.Step.BROKEN || sequenceLength == SEQUENCE_LIMIT) {
                giveUpSequence();
                return i;
            }
            keep(src[i]);
            if (step == AnsiScanner.Step.COMPLETE) {
                endSequence();
                return i + 1;
            }
        }
        return to;
    }

    private void keep(byte b) {
        if (sequenceLength == sequence.length) {
            sequence = Arrays.copyOf(sequence, sequence.length * 2);
        }
        sequence[sequenceLength++] = b;
    }

    private void endSequence() {
        if (stripAnsi) {
            event.ensure(0, sequenceLength);
            raw(sequence, 0, sequenceLength);
            event.lossy();
            sequenceLength = 0;
        } else {
            giveUpSequence();
        }
    }

    /** The sequence kept, as text, in one event. */
    private void giveUpSequence() {
        int length = sequenceLength;
        sequenceLength = 0;
        event.ensure(escapedLength(length), length);
        int i = 0;
        while (i < length) {
            byte b = sequence[i];
            int character = b < 0 ? Utf8.step(sequence, i, length) : 1;
            if (b >= 0) {
                one(b, i);
            } else if (character > 0) {
                copy(sequence, i, character);
            } else {
                character = character == Utf8.INCOMPLETE ? length - i : -character;
                replace(sequence, i, character);
            }
            i += character;
        }
    }

    private void one(byte b, int at) {
        if (isPlain(b)) {
            event.put(b);
        } else {
            escape(b);
        }
        raw(sequence, at, 1);
    }

    private int escapedLength(int length) {
        int escaped = 0;
        for (int i = 0; i < length; i++) {
            byte b = sequence[i];
            escaped += b < 0 ? 3 : isPlain(b) ? 1 : 6;
        }
        return escaped;
    }

    private void raw(byte[] bytes, int from, int length) {
        if (bytesAreRaw) {
            event.raw(bytes, from, length);
        }
    }
}
