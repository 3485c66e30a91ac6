package dev.gantry.adapter.dap;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;

/**
 * Whether the bytes of text can be told from the text. They cannot where several bytes stand for one character, where a byte order
 * mark may or may not be there, and where sequences shift between sets of characters. Pure.
 */
final class ExactCharset {
    private ExactCharset() {}

    /** Whether encoding gives back what was decoded, as long as nothing was malformed. Seen by trying; false where that is no proof. */
    static boolean is(Charset charset) {
        if (!charset.canEncode() || charset.newEncoder().maxBytesPerChar() != 1) {
            return false;
        }
        CharsetDecoder decoder = charset.newDecoder();
        CharsetEncoder encoder = charset.newEncoder();
        for (int b = 0; b < 256; b++) {
            if (!isExact((byte) b, decoder, encoder)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isExact(byte b, CharsetDecoder decoder, CharsetEncoder encoder) {
        CharBuffer text;
        try {
            text = decoder.decode(ByteBuffer.wrap(new byte[] {b}));
        } catch (CharacterCodingException malformed) {
            return true;
        }
        try {
            ByteBuffer again = encoder.encode(text);
            return again.remaining() == 1 && again.get(0) == b;
        } catch (CharacterCodingException unmappable) {
            return false;
        }
    }
}
