package dev.gantry.adapter.dap;

import dev.gantry.adapter.model.Failure;

/** The failures that the wire itself answers with: ids 9001 to 9099. */
final class WireFailures {
    private WireFailures() {}

    static Failure notUnderstood(String why) {
        return new Failure(9001, Failure.Blame.PEER, why);
    }

    static Failure internal(String command, Throwable error, String reference) {
        return new Failure(
                9002,
                Failure.Blame.BUG,
                "internal error in '" + command + "': " + error + " (" + reference + "). The session goes on.");
    }
}
