package dev.gantry.adapter.dap;

import dev.gantry.adapter.session.OutputFormat;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * From bytes in another charset than UTF-8 to what {@link OutputEncoder} takes. Characters that are cut by the end of a piece are
 * kept for the next. Confined to the reactor; one for each channel.
 *
 * <p>When raw bytes are wanted it goes byte by byte, so that each character's own bytes go with it into the same event.
 */
final class Transcoder {
    private static final int CHARS = 8 * 1024;

    private final CharsetDecoder decoder;
    private final OutputEncoder encoder;
    private final OutputEvent event;
    private final boolean keepsRaw;
    private final CharBuffer chars = CharBuffer.allocate(CHARS);
    /** Bytes that are not yet a character; not consumed by the decoder. */
    private ByteBuffer kept = ByteBuffer.allocate(0);
    /** Bytes of text that waits in the encoder, for {@code keepsRaw}. */
    private byte[] waiting = new byte[64];

    private int waitingLength;
    private boolean waitingLossy;

    Transcoder(OutputFormat format, OutputEncoder encoder, OutputEvent event) {
        this.decoder = format.charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        this.encoder = encoder;
        this.event = event;
        this.keepsRaw = format.rawBytes();
    }

    /** Takes all of {@code data}. */
    void decode(ByteBuffer data) {
        if (!keepsRaw) {
            piece(data, false);
            return;
        }
        ByteBuffer one = ByteBuffer.allocate(1);
        while (data.hasRemaining()) {
            one.clear().put(data.get()).flip();
            piece(one, false);
        }
    }

    /** No more bytes come. */
    void end() {
        piece(ByteBuffer.allocate(0), true);
        chars.clear();
        decoder.flush(chars);
        give();
        decoder.reset();
        encoder.end();
        settle();
    }

    private void piece(ByteBuffer data, boolean atEnd) {
        ByteBuffer in = joined(data);
        while (true) {
            int from = in.position();
            chars.clear();
            CoderResult result = decoder.decode(in, chars, atEnd);
            boolean replaced = result.isError();
            wait(in, from, in.position());
            give();
            if (replaced) {
                int bad = in.position();
                in.position(bad + result.length());
                wait(in, bad, in.position());
                waitingLossy = true;
                chars.clear();
                chars.put('\uFFFD');
                give();
            } else if (result.isUnderflow()) {
                break;
            }
        }
        kept = in.hasRemaining() ? copyOfRest(in) : ByteBuffer.allocate(0);
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

    private void give() {
        chars.flip();
        if (!chars.hasRemaining()) {
            return;
        }
        byte[] text = chars.toString().getBytes(StandardCharsets.UTF_8);
        if (keepsRaw) {
            event.ensure(0, waitingLength);
        }
        encoder.encode(text, 0, text.length);
        settle();
        if (keepsRaw && text[text.length - 1] == '\n') {
            event.endLine();
        }
    }

    private void wait(ByteBuffer in, int from, int to) {
        if (!keepsRaw) {
            return;
        }
        int length = to - from;
        if (waitingLength + length > waiting.length) {
            waiting = Arrays.copyOf(waiting, 2 * (waitingLength + length));
        }
        in.get(from, waiting, waitingLength, length);
        waitingLength += length;
    }

    /** Once the encoder has put all its text, the bytes of that text go into the event too. */
    private void settle() {
        if (keepsRaw && encoder.isComplete()) {
            event.raw(waiting, 0, waitingLength);
            waitingLength = 0;
            if (waitingLossy) {
                event.lossy();
                waitingLossy = false;
            }
        }
    }
}
