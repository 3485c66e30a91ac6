package dev.gantry.launcher.linux;

/** Something that is looked at a little at a time, so that others get their turn in between. Confined to one thread. */
interface Look {
    /**
     * Looks at a little more, some ten microseconds' worth.
     *
     * @return false if there was nothing more to look at; the look is over then
     */
    boolean step();

    /** All that is left of it at once. */
    default void finish() {
        boolean more = true;
        while (more) {
            more = step();
        }
    }
}
