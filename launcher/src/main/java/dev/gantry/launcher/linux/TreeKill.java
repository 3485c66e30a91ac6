package dev.gantry.launcher.linux;

import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
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
    /** Looks at everybody per round: each finds those who were in the middle of a fork at the one before. */
    private static final int MAX_LOOKS = 8;
    /** Times that those are looked at again who do not stand still yet: they are in the middle of a call, or wait for a processor. */
    private static final int MAX_PASSES = 4;
    /** Looks at the dying: enough for a small tree to be gone, and not worth a word for a big one. */
    private static final int MAX_LAST_LOOKS = 200;

    private final ProcFs proc;
    private final SignalSender sender;
    private final Consumer<String> trace;
    private final ProcTable table;
    private final Set<ProcessId> known = new LinkedHashSet<>();
    /** They execute no more code: nobody new can come of them. */
    private final Set<ProcessId> killed = new LinkedHashSet<>();

    private final Map<ProcessId, IOException> refusals = new LinkedHashMap<>();
    private boolean settled;

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
        this.table = new ProcTable(
                proc, roots.stream().mapToLong(ProcessId::startTime).min().orElse(0));
    }

    /**
     * Stops, walks and kills once. Does not wait: killed processes may need a moment to be gone, so that the caller repeats this
     * a little later until it is true.
     *
     * @return whether nothing of the tree was alive any more, apart from what we may not kill ({@link #refusals})
     * @throws IOException if nobody can be looked at
     */
    boolean round() throws IOException {
        Set<ProcessId> living = settle();
        living.removeAll(refusals.keySet());
        for (ProcessId process : living) {
            if (!killed.contains(process) && send(process, Signal.KILL) && killed.add(process)) {
                trace.accept("killed " + process.pid());
            }
        }
        return living.isEmpty();
    }

    /** What the system did not let us signal, and why; it counts as left over. */
    Map<ProcessId, IOException> refusals() {
        return Map.copyOf(refusals);
    }

    /** Whether there was anybody to be killed. */
    boolean hasFound() {
        return !killed.isEmpty() || !refusals.isEmpty();
    }

    /** Whether the last round has seen everybody stand still before it killed, so that nobody can have escaped it. */
    boolean isSettled() {
        return settled && refusals.isEmpty();
    }

    /** Looks after the killed for a moment: until all are dead, or for a number of looks. */
    void lingerOverDying() {
        Deque<ProcessId> dying = new ArrayDeque<>(killed);
        for (int looks = 0; looks < MAX_LAST_LOOKS && !dying.isEmpty(); looks++) {
            ProcessId next = dying.remove();
            if (proc.isAlive(next)) {
                dying.add(next);
            }
        }
    }

    /** Stops everybody, until a look finds nobody new and nobody who moves. */
    private Set<ProcessId> settle() throws IOException {
        Set<ProcessId> stopped = new LinkedHashSet<>(killed);
        Set<ProcessId> living = new LinkedHashSet<>();
        settled = false;
        for (int look = 0; look < MAX_LOOKS && !settled; look++) {
            living.clear();
            settled = true;
            List<ProcStat> moving = new ArrayList<>();
            for (ProcStat member : members()) {
                living.add(member.id());
                if (stopped.add(member.id())) {
                    send(member.id(), Signal.STOP);
                    moving.add(member);
                } else if (isMoving(member)) {
                    moving.add(member);
                }
            }
            if (!moving.isEmpty()) {
                settled = false;
                awaitStandstill(moving);
            }
        }
        return living;
    }

    /** A stop signal takes effect when the process gets a processor; only those who have not stopped yet are looked at again. */
    // Nothing rests on the yield: it only gives those the processor who need it in order to stop.
    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitStandstill(List<ProcStat> moving) {
        List<ProcStat> left = moving;
        for (int pass = 0; pass < MAX_PASSES && !left.isEmpty(); pass++) {
            Thread.yield();
            List<ProcStat> still = new ArrayList<>();
            for (ProcStat process : left) {
                if (proc.sight(process.pid()) instanceof Sight.Found found
                        && found.stat().id().equals(process.id())
                        && isMoving(found.stat())) {
                    still.add(found.stat());
                }
            }
            left = still;
        }
    }

    private boolean isMoving(ProcStat process) {
        return !process.isHeld() && !killed.contains(process.id()) && !refusals.containsKey(process.id());
    }

    /** The living members now; remembers them all, since a dead parent no longer leads to its children. */
    private List<ProcStat> members() throws IOException {
        List<ProcStat> everybody = table.read();
        Set<Long> leaders = leaders(everybody);
        boolean grew = true;
        while (grew) {
            grew = false;
            for (ProcStat candidate : everybody) {
                if (!known.contains(candidate.id())
                        && (leaders.contains(candidate.parentPid())
                                || leaders.contains(candidate.groupId())
                                || leaders.contains(candidate.sessionId()))) {
                    known.add(candidate.id());
                    leaders.add(candidate.pid());
                    grew = true;
                }
            }
        }
        List<ProcStat> living = new ArrayList<>();
        for (ProcStat process : everybody) {
            if (known.contains(process.id()) && !process.isDead()) {
                living.add(process);
            }
        }
        return living;
    }

    /** The numbers of known processes, but those that belong to somebody else by now. */
    private Set<Long> leaders(List<ProcStat> everybody) {
        Set<Long> numbers = new HashSet<>();
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
