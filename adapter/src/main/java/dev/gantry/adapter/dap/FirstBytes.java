package dev.gantry.adapter.dap;

/** What was read of the client's stream before the connection was made. The connection reads it again, as if it came then. */
public final class FirstBytes {
    private final byte[] bytes;
    private final boolean answered;

    /**
     * @param bytes all of them: the first message, and whatever came in the same read
     * @param answered whether the first message was an initialize request and has its response, number 1, already
     */
    FirstBytes(byte[] bytes, boolean answered) {
        this.bytes = bytes;
        this.answered = answered;
    }

    /** Nothing was read. */
    public static FirstBytes none() {
        return new FirstBytes(new byte[0], false);
    }

    byte[] bytes() {
        return bytes;
    }

    /** Whether the first message has its response, number 1, already. */
    public boolean answered() {
        return answered;
    }
}
