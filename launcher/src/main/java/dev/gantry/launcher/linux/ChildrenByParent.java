package dev.gantry.launcher.linux;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** Who is whose child, from one look at all processes: for kernels that keep no lists of children. */
final class ChildrenByParent {
    private ChildrenByParent() {}

    static LongFunction<List<Long>> of(List<ProcStat> processes) {
        Map<Long, List<Long>> children = new HashMap<>();
        for (ProcStat process : processes) {
            children.computeIfAbsent(process.parentPid(), parent -> new ArrayList<>())
                    .add(process.pid());
        }
        return pid -> children.getOrDefault(pid, List.of());
    }
}
