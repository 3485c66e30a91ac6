package dev.gantry.launcher;

/**
 * Something that makes data for a {@link Consumer}. The consumer calls it, always on the reactor's thread.
 *
 * <p>A <em>push</em> producer (registered with {@code streaming} true) writes whenever it has something and can be told to
 * hold back. A <em>pull</em> producer (registered with {@code streaming} false) writes once for each call of {@link
 * #resumeProducing()}.
 *
 * <p>After Twisted's IPushProducer and IPullProducer.
 */
public interface Producer {
    /** Hold back: the consumer's buffer is over its mark. A pull producer is never told. */
    default void pauseProducing() {}

    /** A push producer may go on; a pull producer writes one piece, or unregisters. */
    void resumeProducing();

    /** The consumer has died: produce nothing more, ever. Called at most once, and nothing is called after it. */
    void stopProducing();
}
