package dev.gantry.adapter.dap;

/** What a {@link FrameReader} found in the client's stream. */
sealed interface Frame {
    /** A whole message body, as it came. */
    final class Body implements Frame {
        private final byte[] bytes;

        Body(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    /** A body over the limit: it was streamed past, and only its envelope was kept. */
    record TooLong(long length, Envelope envelope) implements Frame {}

    /** The stream cannot be read any further: where the next message would start is unknown. Nothing follows. */
    record Fatal(String reason) implements Frame {}
}
