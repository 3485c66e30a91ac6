package dev.gantry.launcher.linux;

import dev.gantry.launcher.ChildFd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the child does, in order, to turn our descriptors into its own: a pure function of numbers. Numbers of ours and of the
 * child may collide in any way; a descriptor is copied out of the way before its number is overwritten.
 *
 * @param actions in order; afterwards exactly the wanted numbers are open
 */
record FdPlan(List<Action> actions) {
    /** One step in the child. */
    sealed interface Action {}

    /** {@code to} becomes a copy of {@code from} that survives exec, also when they are the same number. */
    record Dup2(int from, int to) implements Action {}

    /** {@code to} becomes the terminal of this name, opened for both ways. */
    record OpenTerminal(String path, int to) implements Action {}

    /** Closes one number, open or not. */
    record Close(int fd) implements Action {}

    /** Closes this number and all above. */
    record CloseFrom(int lowest) implements Action {}

    /** Closes each of these numbers, open or not; {@code end} is the first that is left alone. */
    record CloseEach(int lowest, int end) implements Action {}

    /** Where a child's descriptor comes from. */
    sealed interface Source {}

    /** A descriptor that we have open. */
    record Ours(int fd) implements Source {}

    /** A terminal that the child opens itself: the first to do so in a new session gets it as its controlling terminal. */
    record Terminal(String path) implements Source {}

    /** How everything else is closed. */
    sealed interface Closing {}

    /** By one call for all numbers above the highest. */
    record ByRange() implements Closing {}

    /** One by one, every number below this one: more may be opened here before the child is there. */
    record OneByOne(int end) implements Closing {}

    static FdPlan of(SortedMap<Integer, Source> wanted, Closing closing) {
        List<Action> actions = new ArrayList<>();
        Map<Integer, Integer> moved = saveOverwritten(wanted, actions);
        Map<String, Integer> terminals = new HashMap<>();
        wanted.forEach((childFd, source) -> {
            if (source instanceof Ours ours) {
                actions.add(new Dup2(moved.getOrDefault(ours.fd(), ours.fd()), childFd));
            } else if (source instanceof Terminal terminal) {
                Integer opened = terminals.putIfAbsent(terminal.path(), childFd);
                actions.add(opened == null ? new OpenTerminal(terminal.path(), childFd) : new Dup2(opened, childFd));
            }
        });
        int end = wanted.isEmpty() ? 0 : wanted.lastKey() + 1;
        for (int gap = 0; gap < end; gap++) {
            if (!wanted.containsKey(gap)) {
                actions.add(new Close(gap));
            }
        }
        if (closing instanceof OneByOne oneByOne) {
            int last = moved.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
            actions.add(new CloseEach(end, Math.max(oneByOne.end(), last + 1)));
        } else {
            actions.add(new CloseFrom(end));
        }
        return new FdPlan(List.copyOf(actions));
    }

    /** Copies those of ours whose number another descriptor of the child will take to numbers above all that are involved. */
    private static Map<Integer, Integer> saveOverwritten(SortedMap<Integer, Source> wanted, List<Action> actions) {
        int next = 1 + highest(wanted);
        Map<Integer, Integer> moved = new TreeMap<>();
        for (Source source : wanted.values()) {
            if (source instanceof Ours ours && isOverwritten(ours, wanted) && !moved.containsKey(ours.fd())) {
                actions.add(new Dup2(ours.fd(), next));
                moved.put(ours.fd(), next);
                next++;
            }
        }
        return moved;
    }

    private static boolean isOverwritten(Ours ours, SortedMap<Integer, Source> wanted) {
        Source taker = wanted.get(ours.fd());
        return taker != null && !(taker instanceof Ours itself && itself.fd() == ours.fd());
    }

    private static int highest(SortedMap<Integer, Source> wanted) {
        int highest = wanted.isEmpty() ? -1 : wanted.lastKey();
        for (Source source : wanted.values()) {
            if (source instanceof Ours ours) {
                highest = Math.max(highest, ours.fd());
            }
        }
        return highest;
    }

    /**
     * Which descriptor another is the same as, in the end: itself, unless it is {@link ChildFd.SameAs}.
     *
     * @return empty if it leads in a circle or to a number that is not mapped
     */
    static Optional<Integer> root(Map<Integer, ChildFd> childFds, int childFd) {
        int current = childFd;
        for (int steps = 0; steps <= childFds.size(); steps++) {
            ChildFd target = childFds.get(current);
            if (target == null) {
                return Optional.empty();
            }
            if (!(target instanceof ChildFd.SameAs same)) {
                return Optional.of(current);
            }
            current = same.childFd();
        }
        return Optional.empty();
    }
}
