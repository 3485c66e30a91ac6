package dev.gantry.adapter.dap;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * From a target's bytes to the text of output events, escaped for JSON: the hot path of the adapter. Pure but for the event that
 * it fills. Confined to the reactor; one for each channel.
 *
 * <p>Plain text is copied eight bytes at a time, and no String is made of it. A character or an escape sequence that is not
 * complete at the end of a piece is kept for the next one, so it is never split between two events.
 */
final class OutputEncoder {
    /** A longer escape sequence is taken for text; a longer string is taken out without being kept, where sequences are. */
    static final int SEQUENCE_LIMIT = 4 * 1024;

    /** After so much ASCII, copying by words is quicker again. */
    private static final int ASCII_RUN = 16;

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    /** Exchanges a quote and a space, and 0x21 and 0x23; what is below 0x20 stays there. */
    private static final long QUOTE_TO_SPACE = 0x0202020202020202L;

    private static final long ABOVE_SPACES = 0x2121212121212121L;
    private static final long BACKSLASHES = 0x5C5C5C5C5C5C5C5CL;
    /** Times a word with one bit, the lowest of a byte: in the highest byte, how many bytes are below that one. */
    private static final long BYTES_BELOW = 0x0001020304050607L;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final byte ESC = 0x1B;
    // Of UTF-8: bytes from 0x80 on are negative numbers, and all below this one continue a character.
    private static final byte CONTINUATIONS_END = (byte) 0xC0;
    private static final byte FIRST_OF_TWO = (byte) 0xC2;
    private static final byte FIRST_OF_THREE = (byte) 0xE0;
    private static final byte BEFORE_SURROGATES = (byte) 0xED;
    /** In {@link #LETTERS}: the character itself. */
    private static final byte PLAIN = 1;
    /** How JSON has each ASCII character: as it is, behind a backslash as this letter, or (0) in a longer way. */
    private static final byte[] LETTERS = letters();

    private final OutputEvent event;
    private final boolean stripAnsi;
    private final boolean bytesAreRaw;
    private final AnsiScanner sequence = new AnsiScanner();
    private final byte[] character = new byte[6];
    private int characterLength;
    /** How many of its bytes are in an event already, without text. */
    private int characterTold;

    /** In a string that is being taken out and was too long to keep. */
    private boolean inLongString;

    /**
     * @param bytesAreRaw whether the bytes are the target's own; if not, the caller puts those into the event, and the ends of lines
     */
    OutputEncoder(boolean stripAnsi, OutputEvent event, boolean bytesAreRaw) {
        this.event = event;
        this.stripAnsi = stripAnsi;
        this.bytesAreRaw = bytesAreRaw;
    }

    private static byte[] letters() {
        byte[] letters = new byte[128];
        for (int c = 0; c < letters.length; c++) {
            letters[c] = OutputEvent.isPlain((byte) c) ? PLAIN : OutputEvent.shortEscape((byte) c);
        }
        return letters;
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
            int count = Math.min(data.remaining(), scratch.length);
            data.get(scratch, 0, count);
            encode(scratch, 0, count);
        }
    }

    void encode(byte[] src, int from, int to) {
        int i = from;
        while (i < to) {
            if (sequence.length() > 0) {
                i = goOnSequence(src, i, to);
            } else if (inLongString) {
                i = goOnString(src, i, to);
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
        return kept() == 0;
    }

    /** How many bytes of something incomplete are kept. */
    int kept() {
        return characterLength + sequence.length();
    }

    /** Whether bytes of a character are kept that no event has. */
    boolean hasUntoldBytes() {
        return characterLength > characterTold;
    }

    /** Whether what is kept of an escape sequence would be shown by {@link #quiet}. */
    boolean hasTextForQuiet() {
        return sequence.length() > 0 && (!stripAnsi || sequence.textStart() < sequence.textEnd());
    }

    /**
     * Nothing has come for a while: what is kept of an escape sequence becomes text, but for what is known to control something
     * where such is taken out. It may be no sequence at all, and what looks like a part of it a prompt. The bytes of half a character
     * go without their text, which is not torn.
     */
    void quiet() {
        if (!stripAnsi) {
            giveUpSequence();
        } else if (hasTextForQuiet()) {
            int start = sequence.textStart();
            int end = sequence.textEnd();
            boolean escapeFollows = end < sequence.length();
            takeOut(start);
            giveUpSequence(start, end);
            if (escapeFollows) {
                giveUpCharacter();
                sequence.start();
            }
        }
        if (bytesAreRaw && hasUntoldBytes()) {
            event.ensure(0, characterLength);
            raw(character, characterTold, characterLength - characterTold);
            event.lossy();
            characterTold = characterLength;
        }
    }

    /** No more bytes come: what is incomplete becomes text as it is. */
    void end() {
        giveUpSequence();
        giveUpCharacter();
        inLongString = false;
    }

    private void giveUpCharacter() {
        if (characterLength > 0) {
            replace(character, 0, characterLength, characterTold);
            characterLength = 0;
            characterTold = 0;
        }
    }

    /** Gives up what is kept of something incomplete, without a trace, and returns it. */
    byte[] takeBack() {
        byte[] taken = characterLength > 0
                ? Arrays.copyOfRange(character, characterTold, characterLength)
                : Arrays.copyOf(sequence.kept(), sequence.length());
        reset();
        return taken;
    }

    /** As if nothing had come. */
    void reset() {
        characterLength = 0;
        characterTold = 0;
        sequence.clear();
        inLongString = false;
    }

    /**
     * Copies text that needs no escape but a short one, as much as there is room for; returns where it stopped. Nothing is called for a
     * line's end: there may be one after every few bytes.
     */
    private int plain(byte[] src, int from, int to) {
        byte[] out = event.bytes();
        int end = from + Math.min(to - from, event.rawRoom());
        int outEnd = event.position() + event.textRoom();
        // From a byte's index to its place: what was there before, and a byte for each escape.
        int shift = event.position() - from;
        int i = from;
        int lastLine = -1;
        int lastLineOut = 0;
        while (true) {
            int lastWord = Math.min(end, outEnd - shift) - 8;
            while (i <= lastWord) {
                long word = (long) WORD.get(src, i);
                // With its second bit turned, of ASCII only a control or a quote is below 0x21: that borrows the
                // highest bit. The lowest set bit is exact; higher ones may be false, by borrows from it.
                long hits = (((word ^ QUOTE_TO_SPACE) - ABOVE_SPACES) | ((word ^ BACKSLASHES) - ONES) | word) & HIGHS;
                WORD.set(out, i + shift, word);
                if (hits != 0) {
                    i += (int) ((((hits & -hits) >>> 7) * BYTES_BELOW) >>> 56);
                    break;
                }
                i += 8;
            }
            if (i >= end || i + shift + 2 > outEnd) {
                break;
            }
            byte b = src[i];
            int o = i + shift;
            byte letter = b < 0 ? 0 : LETTERS[b];
            if (letter == PLAIN) {
                out[o] = b;
            } else if (letter == 0) {
                break;
            } else {
                out[o] = '\\';
                out[o + 1] = letter;
                shift++;
            }
            i++;
            if (b == '\n') {
                lastLine = i;
                lastLineOut = i + shift;
            }
        }
        int o = i + shift;
        if (lastLine >= 0 && bytesAreRaw) {
            moved(src, from, lastLine, lastLineOut);
            event.endLine();
            return moved(src, lastLine, i, o);
        }
        return moved(src, from, i, o);
    }

    private int moved(byte[] src, int from, int to, int position) {
        event.position(position);
        raw(src, from, to - from);
        return to;
    }

    private int special(byte[] src, int i, int to) {
        byte b = src[i];
        if (b < 0) {
            return characters(src, i, to);
        }
        if (b == ESC) {
            sequence.start();
            return i + 1;
        }
        if (OutputEvent.isPlain(b)) {
            event.cut();
            return i;
        }
        event.ensure(6, 1);
        event.putEscaped(b);
        raw(src, i, 1);
        if (b == '\n' && bytesAreRaw) {
            event.endLine();
        }
        return i + 1;
    }

    /** Text that is not ASCII, and short pieces of ASCII in between, copied as far as it is well formed; then what is not. */
    private int characters(byte[] src, int from, int to) {
        event.ensure(4, 4);
        int end = from + Math.min(to - from, event.room() - 3);
        int i = from;
        int length = 1;
        int lastCharacter = from;
        while (i < end && length > 0 && i - lastCharacter < ASCII_RUN) {
            int first = src[i];
            if (first < 0) {
                // Two or three bytes of which only the first one limits the others: nearly all that is written, and
                // here since
                // a call of Utf8.step for each takes a quarter of the speed.
                if (first >= FIRST_OF_TWO && first < FIRST_OF_THREE && i + 1 < to && src[i + 1] < CONTINUATIONS_END) {
                    i += 2;
                } else if (first > FIRST_OF_THREE
                        && first < BEFORE_SURROGATES
                        && i + 2 < to
                        && src[i + 1] < CONTINUATIONS_END
                        && src[i + 2] < CONTINUATIONS_END) {
                    i += 3;
                } else {
                    length = Utf8.step(src, i, to);
                    i += Math.max(0, length);
                }
                lastCharacter = i;
            } else if (OutputEvent.isPlain(src[i])) {
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
            replace(src, i, -length, 0);
            return i - length;
        }
        characterLength = to - i;
        System.arraycopy(src, i, character, 0, characterLength);
        return to;
    }

    private void copy(byte[] src, int from, int length, int told) {
        event.ensure(length, length);
        event.put(src, from, length);
        raw(src, from + told, length - told);
        if (told > 0) {
            event.lossy();
        }
    }

    private void replace(byte[] src, int from, int length, int told) {
        event.ensure(3, length);
        event.put(0xEF);
        event.put(0xBF);
        event.put(0xBD);
        raw(src, from + told, length - told);
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
        if (length > 0) {
            copy(character, 0, length, characterTold);
        } else {
            replace(character, 0, -length, characterTold);
        }
        characterLength = 0;
        characterTold = 0;
        return from + Math.abs(length) - kept;
    }

    private int goOnSequence(byte[] src, int from, int to) {
        for (int i = from; i < to; i++) {
            if (sequence.length() == SEQUENCE_LIMIT) {
                sequenceIsLong();
                return i;
            }
            AnsiScanner.Step step = sequence.next(src[i]);
            if (step == AnsiScanner.Step.BROKEN) {
                giveUpSequence();
                return i;
            }
            sequence.keep(src[i]);
            if (step == AnsiScanner.Step.COMPLETE) {
                endSequence();
                return i + 1;
            }
        }
        return to;
    }

    private void endSequence() {
        if (stripAnsi) {
            takeOut(sequence.length());
            sequence.clear();
        } else {
            giveUpSequence();
        }
    }

    private void sequenceIsLong() {
        inLongString = stripAnsi && sequence.isString();
        if (inLongString) {
            takeOut(sequence.length());
            sequence.clear();
        } else {
            giveUpSequence();
        }
    }

    /** So much of the sequence kept is not shown. */
    private void takeOut(int length) {
        event.ensure(0, length);
        raw(sequence.kept(), 0, length);
        event.lossy();
    }

    private int goOnString(byte[] src, int from, int to) {
        int end = Math.min(to, from + SEQUENCE_LIMIT);
        int i = from;
        while (i < end && inLongString) {
            AnsiScanner.Step step = sequence.next(src[i]);
            inLongString = step == AnsiScanner.Step.MORE;
            i += step == AnsiScanner.Step.BROKEN ? 0 : 1;
        }
        event.ensure(0, i - from);
        raw(src, from, i - from);
        event.lossy();
        return i;
    }

    private void giveUpSequence() {
        giveUpSequence(0, sequence.length());
    }

    /** A part of the sequence kept, as text, in one event; the rest is forgotten, but for the start of a character. */
    private void giveUpSequence(int from, int to) {
        byte[] bytes = sequence.kept();
        sequence.clear();
        event.ensure(OutputEvent.escapedLength(bytes, from, to), to - from);
        int i = from;
        while (i < to) {
            byte b = bytes[i];
            int length = b < 0 ? Utf8.step(bytes, i, to) : 1;
            if (b >= 0) {
                event.putEscapedIfNeeded(b);
                raw(bytes, i, 1);
            } else if (length > 0) {
                copy(bytes, i, length, 0);
            } else {
                length = illFormed(bytes, i, to, length) - i;
            }
            i += length;
        }
    }

    private void raw(byte[] bytes, int from, int length) {
        if (bytesAreRaw) {
            event.raw(bytes, from, length);
        }
    }
}
