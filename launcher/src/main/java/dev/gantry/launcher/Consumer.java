package dev.gantry.launcher;

import java.nio.ByteBuffer;

/**
 * Something that takes bytes in order, without blocking, and can hold back whoever feeds it. Confined to the reactor's
 * thread.
 *
 * <p>After Twisted's IConsumer.
 */
public interface Consumer {
    /**
     * Takes all remaining bytes of {@code data}: they are copied or written before this returns, so the caller may use the
     * buffer again. Never blocks; any size. After the consumer has closed, a no-op.
     */
    void write(ByteBuffer data);

    /**
     * Makes {@code producer} the one that this consumer paces.
     *
     * <p>A push producer ({@code streaming}) is told {@link Producer#pauseProducing()} when the buffer goes over its mark and
     * {@link Producer#resumeProducing()} when it has become empty. A pull producer is told {@code resumeProducing} once for
     * each piece wanted, the first time right away. On a consumer that is already closed, {@link Producer#stopProducing()}
     * is called at once and the producer is not registered.
     *
     * @throws IllegalStateException if a producer is registered already
     */
    void registerProducer(Producer producer, boolean streaming);

    /** Forgets the producer without telling it; a close that waited for it goes on. A no-op without one. */
    void unregisterProducer();
}
