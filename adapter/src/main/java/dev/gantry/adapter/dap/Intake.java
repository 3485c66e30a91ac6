package dev.gantry.adapter.dap;

import java.util.concurrent.Semaphore;
import java.util.function.IntSupplier;

/**
 * How much of clients' messages may be in memory at once. A message that is parsed takes many times the room of its text, so it
 * pays for its values too. One budget serves all connections of a process: each takes its share before a message is parsed, and
 * gives it back when the reactor has taken the message. Any thread may use it.
 */
public final class Intake {
    /** The longest message that anybody may send, in bytes. */
    public static final int LONGEST = FrameReader.BODY_LIMIT;

    /** What one message may take, and what all together may. */
    private static final int BUDGET = LONGEST;

    private static final int BYTES_PER_VALUE = 64;

    private final Semaphore budget;
    private final IntSupplier bodyLimit;

    private Intake(Semaphore budget, IntSupplier bodyLimit) {
        this.budget = budget;
        this.bodyLimit = bodyLimit;
    }

    /** For the one connection of a process. */
    public static Intake forOne() {
        return new Intake(new Semaphore(BUDGET), () -> LONGEST);
    }

    /**
     * For another connection, out of the same budget.
     *
     * @param most the longest message in bytes that this one may send now; called on its reader's thread
     */
    public Intake sharedWith(IntSupplier most) {
        return new Intake(budget, most);
    }

    /** The longest message in bytes that may come now. */
    int bodyLimit() {
        return bodyLimit.getAsInt();
    }

    /** Waits until there is room for this message, and returns what it takes. */
    int take(byte[] body) throws InterruptedException {
        int share = share(body);
        budget.acquire(share);
        return share;
    }

    void giveBack(int share) {
        budget.release(share);
    }

    /** Every value but the first of its container comes after a comma; commas within strings cost nothing but a wait. */
    private static int share(byte[] body) {
        long share = body.length;
        for (byte b : body) {
            if (b == ',' || b == '[') {
                share += BYTES_PER_VALUE;
            }
        }
        return (int) Math.min(share, BUDGET);
    }
}
