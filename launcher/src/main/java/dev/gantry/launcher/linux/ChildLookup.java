package dev.gantry.launcher.linux;

import java.util.List;

/** Finds the children of processes. For one walk: what it looks at may be as old as itself. */
@FunctionalInterface
interface ChildLookup {
    /**
     * Some process's children, zombies included. The kernel may leave out a child while a sister of it ends: what is not in the list
     * is not gone for that.
     *
     * @param complete false if a part of the list could not be read
     */
    record Children(List<Long> pids, boolean complete) {}

    Children of(ProcStat parent);
}
