package dev.gantry.launcher.linux;

/** What came of looking at a process number. */
sealed interface Sight {
    /** Somebody has it, a zombie perhaps. */
    record Found(ProcStat stat) implements Sight {}

    /** Nobody has it. */
    record Gone() implements Sight {}

    /** It could not be looked at, which says nothing about the process: it counts as being what it was. */
    record Unclear(SystemCallException why) implements Sight {}

    /** Whether it proves that this very process is no more, neither alive nor a zombie. */
    default boolean provesGone(ProcessId id) {
        return this instanceof Gone
                || (this instanceof Found found && !found.stat().id().equals(id));
    }
}
