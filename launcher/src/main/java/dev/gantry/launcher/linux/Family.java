package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A process, the orphans that came of it, and whom of its descendants the last two looks saw alive. Those are known by themselves from
 * then on, whatever becomes of their parents, and the guardian is told of those that it could lose sight of. Who could not be looked at
 * counts as being what he was.
 *
 * <p>Confined to the reactor's thread.
 */
final class Family {
    /** A killed process cannot fork, so few rounds are needed; the bound is for those that cannot be killed. */
    private static final int MOST_ROUNDS = 5;
    /** Somebody may come to us between the look for orphans and the look at the rest: the first look that sees nobody is not the last. */
    static final int QUIET_LOOKS = 2;

    private final ProcessId root;
    private final ProcFs proc;
    /** Numbers of the sessions and groups that it shares with others: being in one of those proves nothing. */
    private final Set<Long> shared;

    private final boolean inSharedGroup;
    private final Set<ProcessId> orphans = new LinkedHashSet<>();
    private Optional<Guardian.Ward> ward;
    private Map<ProcessId, ProcStat> seen = Map.of();
    private Map<ProcessId, ProcStat> seenBefore = Map.of();
    /** Numbers of the processes, sessions and groups of those: whoever is in a session or group of such a number is of the family. */
    private Set<Long> numbers;

    private Set<Long> numbersBefore = Set.of();
    private boolean watched;
    private boolean rootEnded;
    private int quietLooks;

    /**
     * A family that was not looked at yet.
     *
     * @param shared numbers of the sessions and groups that others are in, too: ours, those of the root's terminal
     * @param inSharedGroup whether the root was born into one of those groups
     * @param ward what tells the guardian; empty if it may outlive us
     */
    Family(ProcessId root, ProcFs proc, Set<Long> shared, boolean inSharedGroup, Optional<Guardian.Ward> ward) {
        this.root = root;
        this.proc = proc;
        this.shared = shared;
        this.inSharedGroup = inSharedGroup;
        this.ward = ward;
        this.numbers = new HashSet<>(Set.of(root.pid()));
    }

    ProcessId root() {
        return root;
    }

    Optional<Guardian.Ward> ward() {
        return ward;
    }

    /** Whether it is asked to end when we are gone, as a program in a terminal. */
    boolean isGentle() {
        return ward.isPresent() && ward.get().isGentle();
    }

    /** It is looked at often until it is released: who was not seen while his parent lived is lost, since its orphans do not come to us. */
    void watch() {
        watched = true;
    }

    boolean isWatched() {
        return watched || ward.isPresent();
    }

    /** It may outlive us, and nobody asks for it any more. */
    void release() throws IOException {
        watched = false;
        Optional<Guardian.Ward> before = ward;
        ward = Optional.empty();
        if (before.isPresent()) {
            before.get().release();
        }
    }

    /** The root was reaped, or is nobody whom we could reap: when nobody is seen any more, that is the end. */
    void rootEnded() {
        rootEnded = true;
    }

    boolean hasRootEnded() {
        return rootEnded;
    }

    /** Whether nobody was alive in the last looks, and nobody can have been overlooked. */
    boolean isOver() {
        return rootEnded && quietLooks >= QUIET_LOOKS;
    }

    /**
     * Whether it surely is a descendant: it was seen as one, or is in a session or group that one made, since nobody else can join
     * those; or it holds a pipe or terminal that only this tree was given.
     */
    boolean claims(ProcStat stranger) {
        return orphans.contains(stranger.id())
                || seen.containsKey(stranger.id())
                || seenBefore.containsKey(stranger.id())
                || isOurs(stranger.sessionId())
                || isOurs(stranger.groupId())
                || (ward.isPresent()
                        && !ward.get().links().isEmpty()
                        && proc.holds(stranger.pid(), ward.get().links()));
    }

    private boolean isOurs(long sessionOrGroup) {
        return !shared.contains(sessionOrGroup)
                && (numbers.contains(sessionOrGroup) || numbersBefore.contains(sessionOrGroup));
    }

    /** Whether it can be a descendant, as far as one can see: who has left a group does not come back to it. */
    boolean mayHave(ProcStat stranger) {
        return root.startTime() <= stranger.id().startTime() && (inSharedGroup || !shared.contains(stranger.groupId()));
    }

    /** It came to us. */
    void adopt(ProcStat orphan) throws IOException {
        addNumbers(orphan, numbers);
        if (orphans.add(orphan.id()) && ward.isPresent()) {
            ward.get().member(orphan.id());
        }
    }

    /** One that came to us is gone; the guardian hears of it after the next look. */
    void orphanReaped(ProcessId orphan) {
        orphans.remove(orphan);
    }

    /** A look at who is there now, for {@link #looked}. */
    TreeWalk walk(ChildLookup children) {
        return new TreeWalk(proc, children, known());
    }

    private Set<ProcessId> known() {
        Set<ProcessId> known = new LinkedHashSet<>();
        known.add(root);
        known.addAll(orphans);
        known.addAll(seen.keySet());
        return known;
    }

    /** Takes what a walk has found; {@link #report} tells the guardian. */
    void looked(TreeWalk walk) {
        Map<ProcessId, ProcStat> living = new LinkedHashMap<>();
        for (ProcStat found : walk.found().values()) {
            if (!found.isDead()) {
                living.put(found.id(), found);
            }
        }
        for (ProcessId unclear : walk.unclear()) {
            ProcStat last = seen.get(unclear);
            if (last != null) {
                living.put(unclear, last);
            }
        }
        seenBefore = seen;
        seen = living;
        numbersBefore = numbers;
        numbers = numbersOf(living);
        quietLooks = living.isEmpty() && walk.isComplete() ? quietLooks + 1 : 0;
    }

    private Set<Long> numbersOf(Map<ProcessId, ProcStat> processes) {
        Set<Long> found = new HashSet<>();
        if (!rootEnded) {
            found.add(root.pid());
        }
        for (ProcStat process : processes.values()) {
            addNumbers(process, found);
        }
        return found;
    }

    private static void addNumbers(ProcStat process, Set<Long> to) {
        to.add(process.pid());
        to.add(process.sessionId());
        to.add(process.groupId());
    }

    /**
     * Tells the guardian who is a member and who is not any more. It finds for itself who hangs on the root, and the sessions and groups
     * that the root or a member leads; of the others it must know while their parents live, since nothing leads to them afterwards.
     *
     * @throws IOException if no guardian could be told; it is in force all the same
     */
    void report() throws IOException {
        if (ward.isEmpty()) {
            return;
        }
        Guardian.Ward told = ward.get();
        Set<Long> leaders = new HashSet<>();
        leaders.add(root.pid());
        List<ProcessId> gone = new ArrayList<>();
        for (ProcessId member : told.members()) {
            if (seen.containsKey(member) || orphans.contains(member)) {
                leaders.add(member.pid());
            } else {
                gone.add(member);
            }
        }
        Refusals refusals = new Refusals();
        for (ProcStat process : seen.values()) {
            if (!leaders.contains(process.sessionId())
                    && !leaders.contains(process.groupId())
                    && leaders.add(process.pid())) {
                refusals.collect(() -> told.member(process.id()));
            }
        }
        gone.forEach(member -> refusals.collect(() -> told.gone(member)));
        refusals.throwIfAny();
    }

    /** Itself first, zombies left out. */
    List<ProcessInfo> living() {
        look();
        List<ProcessInfo> living = new ArrayList<>();
        for (ProcStat process : seen.values()) {
            living.add(proc.info(process));
        }
        return living;
    }

    /** Whether somebody lives. */
    boolean lives() {
        look();
        return !seen.isEmpty();
    }

    private void look() {
        looked(proc.settledWalk(known()));
    }

    /**
     * Signals everybody, whoever refuses; kills them so that none escapes, if it is KILL.
     *
     * @return whether anybody was there to be signalled
     * @throws IOException if somebody could not be signalled; the others were
     */
    boolean signal(Signal signal, SignalSender sender, Consumer<String> trace) throws IOException {
        if (signal == Signal.KILL) {
            return kill(sender, trace);
        }
        look();
        Refusals refusals = new Refusals();
        boolean anybody = false;
        for (ProcessId process : seen.keySet()) {
            anybody |= refusals.answer(() -> sender.send(process, signal)).orElse(false);
        }
        refusals.throwIfAny();
        return anybody;
    }

    /** @throws ProcessExitedAlreadyException if nobody of that number belongs to it now */
    void signalOne(long pid, Signal signal, SignalSender sender) throws IOException {
        look();
        for (ProcessId process : seen.keySet()) {
            if (process.pid() == pid && sender.send(process, signal)) {
                return;
            }
        }
        throw new ProcessExitedAlreadyException("the program has no process " + pid + " now: " + signal + " not sent");
    }

    private boolean kill(SignalSender sender, Consumer<String> trace) throws IOException {
        Set<ProcessId> everybody = known();
        everybody.addAll(seenBefore.keySet());
        TreeKill kill = new TreeKill(proc, sender, everybody, trace);
        boolean over = false;
        for (int round = 0; round < MOST_ROUNDS && !over; round++) {
            over = kill.round() || kill.isSettled();
        }
        kill.lingerOverDying();
        Refusals refusals = new Refusals();
        kill.refusals().values().forEach(refusals::add);
        refusals.throwIfAny();
        return kill.hasFound();
    }
}
