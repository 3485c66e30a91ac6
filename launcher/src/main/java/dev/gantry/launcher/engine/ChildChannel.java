package dev.gantry.launcher.engine;

import java.nio.ByteBuffer;

/**
 * Our end of one of the child's descriptors, as a {@link ChannelTransport} uses it. Owns the system's object; ends once, by the other
 * side, by an error or by us. Confined to the loop's thread.
 */
public interface ChildChannel {
    /** What a channel tells its transport. */
    interface Listener {
        /** Data; the buffer is valid during the call only. */
        void received(ChildChannel channel, ByteBuffer data);

        /** The end, once; the descriptor is closed already. */
        void lost(ChildChannel channel, String why);
    }

    int childFd();

    boolean isOpen();

    /** Whether the child and we talk on it, so that it is read however much output the child has. */
    default boolean isConversation() {
        return false;
    }

    /** Whether it is mapped for writing. */
    boolean isWritable();

    /** What is to be written; only of one that is {@link #isWritable}. */
    WriteBuffer output();

    /** Bytes that wait to be written: in the buffer, or in the system's hands. */
    long queuedBytes();

    /** Reads from now on, or no more: then the child feels it. */
    void setReading(boolean on);

    /**
     * Reads what is there at this moment, whether reading is on or not; a conversation that is left unread is left. The end of data is left for a turn of the loop. Within a
     * callback that this makes, it does nothing: the rest comes when that callback has returned.
     */
    void drain();

    /** Closes: what we write to, after what is queued; what we only read, at once. */
    void close();

    /** Closes at once. Idempotent. */
    void abort(String why);

    /** Closes without telling anybody, when the transport is detached or the reactor ends. True the first time. */
    boolean release();

    /** The process was reaped: nobody that we know reads what we write. What can be read still comes. */
    void processGone();
}
