package dev.gantry.launcher.linux;

import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Kills whole trees, so that none escapes by forking: everything is stopped, walked until nobody new turns up, then killed. One
 * object for one such killing; not thread-safe; holds nothing.
 *
 * <p>To a tree belong the roots, their descendants, and the members of groups and sessions that one of those leads. Signals are
 * sent to a pid with its start time, never to a number alone.
 */
final class TreeKill {
    /** Walks per round: what still runs after a stop signal is in the middle of a fork, or waits for a processor. */
    private static final int MAX_WALKS = 16;

    private final ProcFs proc;
    private final SignalSender sender;
    private final Consumer<String> trace;
    private final Set<ProcessId> known = new LinkedHashSet<>();
    private final Map<ProcessId, IOException> refusals = new LinkedHashMap<>();

    /**
     * Nothing happens before the first {@link #round}.
     *
     * @param roots what to kill, alive or not: the group and session of a dead one count as well
     * @param trace hears what was killed and what could not be
     */
    TreeKill(ProcFs proc, SignalSender sender, Collection<ProcessId> roots, Consumer<String> trace) {
        this.proc = proc;
        this.sender = sender;
        this.trace = trace;
        known.addAll(roots);
    }

    /**
     * Stops, walks and kills once. Does not wait: killed processes may need a moment to be gone, so that the caller repeats this
     * a little later until it is true.
     *
     * @return whether nothing of the tree was alive any more, apart from what we may not kill ({@link #refusals})
     */
    boolean round() {
        Set<ProcessId> living = settle();
        living.removeAll(refusals.keySet());
        for (ProcessId process : living) {
            if (send(process, Signal.KILL)) {
                trace.accept("killed " + process.pid());
            }
        }
        return living.isEmpty();
    }

    /** What the system did not let us signal, and why; it counts as left over. */
    Map<ProcessId, IOException> refusals() {
        return Map.copyOf(refusals);
    }

    private Set<ProcessId> settle() {
        Set<ProcessId> stopped = new LinkedHashSet<>();
        Set<ProcessId> living = new LinkedHashSet<>();
        boolean settled = false;
        for (int walk = 0; walk < MAX_WALKS && !settled; walk++) {
            List<ProcStat> members = members();
            living.clear();
            settled = true;
            for (ProcStat member : members) {
                living.add(member.id());
                if (stopped.add(member.id())) {
                    send(member.id(), Signal.STOP);
                    settled = false;
                } else if (!member.isHeld() && !refusals.containsKey(member.id())) {
                    settled = false;
                }
            }
        }
        return living;
    }

    /** The living members now; remembers them all, since a dead parent no longer leads to its children. */
    private List<ProcStat> members() {
        for (ProcStat descendant : proc.treeStats(Set.copyOf(known))) {
            known.add(descendant.id());
        }
        List<ProcStat> everybody = proc.all();
        Set<Long> leaders = leaders(everybody);
        for (ProcStat candidate : everybody) {
            if (leaders.contains(candidate.parentPid())
                    || leaders.contains(candidate.groupId())
                    || leaders.contains(candidate.sessionId())) {
                known.add(candidate.id());
            }
        }
        return everybody.stream()
                .filter(process -> known.contains(process.id()) && !process.isDead())
                .toList();
    }

    /** The numbers of known processes, but those that belong to somebody else by now. */
    private Set<Long> leaders(List<ProcStat> everybody) {
        Set<Long> numbers = new LinkedHashSet<>();
        known.forEach(process -> numbers.add(process.pid()));
        for (ProcStat process : everybody) {
            if (!known.contains(process.id())) {
                numbers.remove(process.pid());
            }
        }
        return numbers;
    }

    private boolean send(ProcessId process, Signal signal) {
        try {
            return sender.send(process, signal);
        } catch (IOException refused) {
            if (refusals.put(process, refused) == null) {
                trace.accept("cannot end " + process.pid() + ": " + refused.getMessage());
            }
            return false;
        }
    }
}
