package dev.gantry.adapter.dap;

import dev.gantry.adapter.session.OutputFormat;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * From bytes in another charset than UTF-8 to what {@link OutputEncoder} takes. Characters that are cut by the end of a piece are
 * kept for the next. Confined to the reactor; one for each channel.
 *
 * <p>It goes by runs that end at a line's end or before an escape sequence, and byte by byte through what is incomplete, so that
 * bytes go with their text into the same event, and that those which have not become text can be given back.
 */
final class Transcoder {
    private static final int RUN = 1024;

    /**
     * So many bytes wait for their text at most, four for each byte of the longest sequence and one run; then they go without: there
     * may be nothing but shift sequences.
     */
    private static final int WAITING_LIMIT = 4 * OutputEncoder.SEQUENCE_LIMIT + RUN;

    private static final int ESCAPED = 6;
    /** Where the first half of a surrogate pair begins in CESU-8, which alone makes one character of two that are whole. */
    private static final byte CESU_HALF = (byte) 0xED;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final CharsetDecoder decoder;
    private final OutputEncoder encoder;
    private final OutputEvent event;
    private final boolean keepsRaw;
    /** Whether the client gets the bytes with every event, since it cannot make them from the text. */
    private final boolean alwaysLossy;

    private final byte lineEnd;
    private final byte escape;
    private final byte halfStart;

    private final CharBuffer chars = CharBuffer.allocate(2 * RUN);
    private final byte[] text = new byte[Utf8.MOST_FOR_CHAR * (2 * RUN + 1)];
    /** The first half of a surrogate pair, or 0. */
    private char half;
    /** Bytes that are not yet a character; not consumed by the decoder. */
    private ByteBuffer kept = NOTHING;
    /** How many of these are in an event already, without text. */
    private int keptTold;

    /** Bytes of text that waits in the encoder. */
    private byte[] waiting = new byte[64];

    private int waitingLength;
    /** How many of these came last, at once. */
    private int newest;

    private boolean waitingLossy;
    /** Whether what is decoded is more than one byte: it ends before what would be kept, but for faulty text. */
    private boolean inRun;

    Transcoder(OutputFormat format, OutputEncoder encoder, OutputEvent event) {
        Charset charset = format.charset();
        this.decoder = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.encoder = encoder;
        this.event = event;
        this.keepsRaw = format.rawBytes();
        this.alwaysLossy = keepsRaw && !ExactCharset.is(charset);
        this.lineEnd = byteOf("\n", charset);
        this.escape = byteOf("\u001b", charset);
        this.halfStart = charset.name().equals("CESU-8") ? CESU_HALF : escape;
    }

    /** The byte that tells the character's code from others: in most encodings there is one, with zeros around it at most. */
    private static byte byteOf(String character, Charset charset) {
        byte[] bytes = character.getBytes(charset);
        int last = bytes.length - 1;
        while (last > 0 && bytes[last] == 0) {
            last--;
        }
        return bytes[last];
    }

    /** Takes all of {@code data}. */
    void decode(ByteBuffer data) {
        while (data.hasRemaining()) {
            int from = data.position();
            int length = waitingLength == 0 && !kept.hasRemaining() ? run(data) : 1;
            data.position(from + length);
            inRun = length > 1;
            piece(data.slice(from, length), false);
        }
    }

    /** Nothing has come for a while: see {@link OutputEncoder#quiet}. */
    void quiet() {
        inRun = false;
        makeRoom(0);
        encoder.quiet();
        settle(true);
        if (keepsRaw && hasUntoldBytes()) {
            byte[] untold = untold();
            event.ensure(0, untold.length);
            event.raw(untold, 0, untold.length);
            event.lossy();
            keptTold = kept.remaining();
        }
    }

    /** Whether bytes are kept that no event has, and none before them. */
    boolean hasUntoldBytes() {
        return waitingLength == 0 && kept.remaining() > keptTold;
    }

    /** No more bytes come. */
    void end() {
        inRun = false;
        piece(NOTHING, true);
        chars.clear();
        decoder.flush(chars);
        give();
        if (half != 0) {
            half = 0;
            waitingLossy = true;
            give("\uFFFD");
        }
        makeRoom(0);
        encoder.end();
        settle(true);
        reset();
    }

    /** Gives up what has not become text, without a trace, and returns it. */
    byte[] takeBack() {
        byte[] untold = untold();
        byte[] taken = Arrays.copyOf(waiting, waitingLength + untold.length);
        System.arraycopy(untold, 0, taken, waitingLength, untold.length);
        reset();
        return taken;
    }

    private byte[] untold() {
        byte[] bytes = new byte[kept.remaining() - keptTold];
        kept.get(keptTold, bytes);
        return bytes;
    }

    /** As if nothing had come. */
    void reset() {
        decoder.reset();
        encoder.reset();
        half = 0;
        kept = NOTHING;
        keptTold = 0;
        waitingLength = 0;
        waitingLossy = false;
    }

    /** How much can be decoded at once. */
    private int run(ByteBuffer data) {
        int from = data.position();
        int most = Math.min(data.remaining(), RUN);
        for (int i = 0; i < most; i++) {
            byte b = data.get(from + i);
            if (b == lineEnd) {
                return i + 1;
            }
            if (b == escape || b == halfStart) {
                return Math.max(i, 1);
            }
        }
        return most;
    }

    private void piece(ByteBuffer data, boolean atEnd) {
        ByteBuffer in = joined(data);
        while (true) {
            int from = in.position();
            chars.clear();
            CoderResult result = decoder.decode(in, chars, atEnd);
            wait(in, from, in.position());
            give();
            if (result.isError()) {
                int bad = in.position();
                in.position(bad + result.length());
                wait(in, bad, in.position());
                waitingLossy = true;
                give("\uFFFD");
            } else if (result.isUnderflow()) {
                break;
            }
        }
        kept = in.hasRemaining() ? copyOfRest(in) : NOTHING;
    }

    private ByteBuffer joined(ByteBuffer data) {
        if (!kept.hasRemaining()) {
            return data;
        }
        ByteBuffer both = ByteBuffer.allocate(kept.remaining() + data.remaining());
        return both.put(kept).put(data).flip();
    }

    /** The caller's buffer is used again, so what is left of it is copied, and it is all taken. */
    private static ByteBuffer copyOfRest(ByteBuffer in) {
        return ByteBuffer.allocate(in.remaining()).put(in).flip();
    }

    private void give(String replacement) {
        chars.clear();
        chars.put(replacement);
        give();
    }

    /** Gives the characters to the encoder, and their bytes to the event once all of their text is there. */
    private void give() {
        chars.flip();
        makeRoom(chars.remaining() + 1);
        int length = utf8();
        encoder.encode(text, 0, length);
        if (length > 0 && alwaysLossy) {
            event.lossy();
        }
        settle(length > 0);
        if (keepsRaw && length > 0 && text[length - 1] == '\n') {
            event.endLine();
        }
    }

    /** So that no text of so many characters, and of what the encoder keeps, is in another event than its bytes. */
    private void makeRoom(int characters) {
        event.ensure(ESCAPED * (characters + encoder.kept()), waitingLength);
    }

    private int utf8() {
        int length = 0;
        while (chars.hasRemaining()) {
            char c = chars.get();
            if (half != 0) {
                boolean pair = Character.isLowSurrogate(c);
                length = Utf8.put(pair ? Character.toCodePoint(half, c) : half, text, length);
                waitingLossy |= !pair;
                half = 0;
                if (pair) {
                    continue;
                }
            }
            if (Character.isHighSurrogate(c)) {
                half = c;
            } else {
                waitingLossy |= Character.isLowSurrogate(c);
                length = Utf8.put(c, text, length);
            }
        }
        return length;
    }

    private void wait(ByteBuffer in, int from, int to) {
        int told = Math.min(keptTold, to - from);
        keptTold -= told;
        int length = to - from - told;
        if (waitingLength + length > WAITING_LIMIT) {
            commit(waitingLength);
        }
        if (waitingLength + length > waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * (waitingLength + length));
        }
        in.get(from + told, waiting, waitingLength, length);
        waitingLength += length;
        newest = length;
    }

    /** Once the encoder has put all its text, the bytes of that text go into the event too. */
    private void settle(boolean newText) {
        if ((encoder.isComplete() && half == 0) || (newText && inRun)) {
            commit(waitingLength);
        } else if (newText && encoder.kept() == 1) {
            // The ESC that has just come broke off what was before it.
            commit(waitingLength - newest);
        }
    }

    private void commit(int length) {
        if (length > 0) {
            event.ensure(0, length);
            event.raw(waiting, 0, length);
            if (alwaysLossy || waitingLossy) {
                event.lossy();
            }
            waitingLossy = false;
            waitingLength -= length;
            System.arraycopy(waiting, length, waiting, 0, waitingLength);
        }
    }
}
