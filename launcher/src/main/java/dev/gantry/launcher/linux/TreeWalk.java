package dev.gantry.launcher.linux;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * One walk down from known processes, a process at each step, so that whoever makes it can pause. The known are looked at
 * themselves: nobody is lost with his parent, or because the kernel left him out of a list. Reads what makes a process itself and
 * nothing more. Confined to its owner's thread; holds nothing.
 */
final class TreeWalk implements Look {
    private final ProcFs proc;
    private final ChildLookup children;
    private final Deque<ProcessId> known;
    private final Deque<Long> newcomers = new ArrayDeque<>();
    private final Map<ProcessId, ProcStat> found = new LinkedHashMap<>();
    /** The numbers of those: a child that was known is not looked at twice. */
    private final Set<Long> met = new HashSet<>();

    private final Set<ProcessId> unclear = new LinkedHashSet<>();
    private boolean complete = true;

    TreeWalk(ProcFs proc, ChildLookup children, Collection<ProcessId> known) {
        this.proc = proc;
        this.children = children;
        this.known = new ArrayDeque<>(known);
    }

    /** One that is over. */
    static TreeWalk whole(ProcFs proc, Collection<ProcessId> known) {
        TreeWalk walk = new TreeWalk(proc, proc.childLookup(), known);
        walk.finish();
        return walk;
    }

    @Override
    public boolean step() {
        ProcessId id = known.poll();
        if (id != null) {
            lookAgain(id);
            return true;
        }
        Long pid = newcomers.poll();
        while (pid != null && met.contains(pid)) {
            pid = newcomers.poll();
        }
        if (pid == null) {
            return false;
        }
        Sight sight = proc.sight(pid);
        complete &= !(sight instanceof Sight.Unclear);
        if (sight instanceof Sight.Found newcomer) {
            meet(newcomer.stat());
        }
        return true;
    }

    private void lookAgain(ProcessId id) {
        Sight sight = proc.sight(id.pid());
        if (sight instanceof Sight.Unclear) {
            complete = false;
            unclear.add(id);
        } else if (sight instanceof Sight.Found same && same.stat().id().equals(id)) {
            meet(same.stat());
        }
    }

    private void meet(ProcStat process) {
        if (found.putIfAbsent(process.id(), process) == null && met.add(process.pid()) && !process.isDead()) {
            ChildLookup.Children theirs = children.of(process);
            newcomers.addAll(theirs.pids());
            complete &= theirs.complete();
        }
    }

    /** Who is there, zombies included: the known first, then their descendants, parents first. */
    Map<ProcessId, ProcStat> found() {
        return found;
    }

    /** Those of the known that could not be looked at: they are what they were. */
    Set<ProcessId> unclear() {
        return unclear;
    }

    /** Whom a further walk must know. */
    Set<ProcessId> everybody() {
        Set<ProcessId> all = new LinkedHashSet<>(found.keySet());
        all.addAll(unclear);
        return all;
    }

    /** Whether everything could be looked at. If not, somebody may be missing. */
    boolean isComplete() {
        return complete;
    }
}
