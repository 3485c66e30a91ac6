package dev.gantry.adapter.dap;

/** The numbers of our messages, in the order in which they are queued. Confined to the reactor. */
final class Sequence {
    private int last;

    /** @param last the number that was used last; 0 if none was */
    Sequence(int last) {
        this.last = last;
    }

    int next() {
        return ++last;
    }
}
