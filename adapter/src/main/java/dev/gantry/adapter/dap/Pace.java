package dev.gantry.adapter.dap;

import java.time.Duration;

/** When held output leaves, if the writer has nothing else to write. Pure. */
sealed interface Pace {
    /** An event that left less than this ago makes the client count as busy. */
    Duration LOAD = Duration.ofMillis(8);
    /**
     * How long a part of a line is held: print() on an unbuffered Python writes the text and the line's end one after the other,
     * and makes one event this way; and a prompt still seems to be there at once.
     */
    Duration PART_OF_LINE = Duration.ofMillis(3);

    /** All of it now. */
    record All() implements Pace {}

    /** The whole lines now. */
    record Lines() implements Pace {}

    /** Nothing before that time, in nanoseconds of the same clock. */
    record Until(long nanos) implements Pace {}

    /**
     * What is held, and how things stand.
     *
     * @param now the time, as all others in nanoseconds
     * @param heldSince when the oldest of it came
     * @param lastLeft when an event left last
     */
    record Held(long now, long heldSince, long lastLeft, boolean hasLine, boolean endsWithLine) {}

    static Pace of(Held held) {
        long calm = held.lastLeft() + LOAD.toNanos();
        if (held.now() - calm < 0) {
            return new Until(calm);
        }
        if (held.endsWithLine()) {
            return new All();
        }
        if (held.hasLine()) {
            return new Lines();
        }
        long patience = held.heldSince() + PART_OF_LINE.toNanos();
        return held.now() - patience < 0 ? new Until(patience) : new All();
    }
}
