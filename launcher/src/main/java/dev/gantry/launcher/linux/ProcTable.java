package dev.gantry.launcher.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everybody who can be of a tree: all processes but those that were there before it. Who is older is looked at once, so that further
 * readings cost by the number of the younger ones alone. Confined to its owner's thread.
 */
final class ProcTable {
    private final ProcFs proc;
    private final long oldest;
    private final Set<Long> older = new HashSet<>();

    /** Of those that started at this time (clock ticks since boot) or later. */
    ProcTable(ProcFs proc, long oldest) {
        this.proc = proc;
        this.oldest = oldest;
    }

    /**
     * Who is there now, zombies included; who cannot be looked at is left out.
     *
     * @throws IOException if the processes cannot be listed: nothing is known then
     */
    List<ProcStat> read() throws IOException {
        ProcFs.Numbers pids = proc.pids();
        if (!pids.complete()) {
            throw new IOException("cannot list the processes in /proc; is this process out of descriptors?");
        }
        List<ProcStat> younger = new ArrayList<>();
        for (long pid : pids.numbers()) {
            if (!older.contains(pid) && proc.sight(pid) instanceof Sight.Found found) {
                if (found.stat().id().startTime() < oldest) {
                    older.add(pid);
                } else {
                    younger.add(found.stat());
                }
            }
        }
        return younger;
    }
}
