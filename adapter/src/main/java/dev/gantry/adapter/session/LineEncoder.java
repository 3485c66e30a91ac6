package dev.gantry.adapter.session;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.util.Optional;

/**
 * Lines that are typed, as one stream of bytes: a byte order mark comes before the first one only, and a shift to other characters
 * holds until the next. Confined to the reactor; one for each run of a program.
 */
final class LineEncoder {
    /** Marks and shift sequences that no character accounts for. */
    private static final int SLACK = 16;

    private final Charset charset;
    private final CharsetEncoder encoder;

    LineEncoder(Charset charset) {
        this.charset = charset;
        this.encoder = charset.newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
    }

    /** The first character that the encoding does not have; empty if it has them all. */
    Optional<String> unknownIn(String line) {
        CharsetEncoder probe = charset.newEncoder();
        if (probe.canEncode(line)) {
            return Optional.empty();
        }
        return line.codePoints()
                .mapToObj(Character::toString)
                .filter(character -> !probe.canEncode(character))
                .findFirst();
    }

    /** The line's bytes, and its end's. What is {@link #unknownIn unknown} is replaced. */
    ByteBuffer encode(String line) {
        CharBuffer in = CharBuffer.wrap(line + "\n");
        ByteBuffer out = ByteBuffer.allocate(in.remaining() + SLACK);
        while (encoder.encode(in, out, false).isOverflow()) {
            out = ByteBuffer.allocate(2 * out.capacity()).put(out.flip());
        }
        return out.flip();
    }
}
