package dev.gantry.launcher.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who is whose child, from one look at all processes: for kernels that keep no lists of children. */
final class ChildrenByParent {
    private ChildrenByParent() {}

    /**
     * All processes that could be looked at.
     *
     * @param complete false if somebody may be missing for another reason than his end
     */
    record Everybody(List<ProcStat> processes, boolean complete) {}

    static Everybody everybody(ProcFs proc) {
        ProcFs.Numbers pids = proc.pids();
        boolean complete = pids.complete();
        List<ProcStat> processes = new ArrayList<>();
        for (long pid : pids.numbers()) {
            Sight sight = proc.sight(pid);
            if (sight instanceof Sight.Found found) {
                processes.add(found.stat());
            }
            complete &= !(sight instanceof Sight.Unclear);
        }
        return new Everybody(processes, complete);
    }

    static ChildLookup of(ProcFs proc) {
        Everybody everybody = everybody(proc);
        Map<Long, List<Long>> children = new HashMap<>();
        for (ProcStat process : everybody.processes()) {
            children.computeIfAbsent(process.parentPid(), parent -> new ArrayList<>())
                    .add(process.pid());
        }
        return parent -> new ChildLookup.Children(children.getOrDefault(parent.pid(), List.of()), everybody.complete());
    }
}
