package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ChildFd;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans are carried out on a table of descriptors as the kernel would, and must end at the wanted one. */
class FdPlanTest {
    private static final String TERMINAL = "/dev/pts/7";

    static Stream<Arguments> plans() {
        return Stream.of(
                Arguments.of("pipes above", Map.of(0, 10, 1, 11, 2, 12), Set.of()),
                Arguments.of("already in place", Map.of(0, 0, 1, 1, 2, 2), Set.of()),
                Arguments.of("two exchanged", Map.of(0, 1, 1, 0), Set.of()),
                Arguments.of("a circle of three", Map.of(0, 1, 1, 2, 2, 0), Set.of()),
                Arguments.of("a chain", Map.of(3, 4, 4, 5, 5, 6), Set.of()),
                Arguments.of("a chain the other way", Map.of(4, 3, 5, 4, 6, 5), Set.of()),
                Arguments.of("one for all", Map.of(0, 2, 1, 2, 2, 2), Set.of()),
                Arguments.of("one for others, its own number taken", Map.of(0, 2, 1, 2, 2, 9), Set.of()),
                Arguments.of("gaps are closed", Map.of(1, 20, 7, 21), Set.of()),
                Arguments.of("a source in a gap", Map.of(0, 3, 5, 4), Set.of()),
                Arguments.of("nothing at all", Map.of(), Set.of()),
                Arguments.of("a terminal", Map.of(), Set.of(0, 1, 2)),
                Arguments.of("a terminal over sources", Map.of(3, 0, 4, 1), Set.of(0, 1, 2)),
                Arguments.of("a terminal in between", Map.of(0, 2, 2, 1), Set.of(1, 3)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void thePlanLeadsToExactlyTheWantedTable(String name, Map<Integer, Integer> ours, Set<Integer> terminals) {
        check(ours, terminals, true);
        check(ours, terminals, false);
    }

    @Test
    void soDoesAnyOther() {
        Random random = new Random(20);
        for (int round = 0; round < 5_000; round++) {
            Map<Integer, Integer> ours = new TreeMap<>();
            for (int fd = 0; fd < 8; fd++) {
                if (random.nextInt(3) > 0) {
                    ours.put(fd, random.nextInt(12));
                }
            }
            Set<Integer> terminals = new java.util.TreeSet<>();
            for (int fd = 0; fd < 8; fd++) {
                if (!ours.containsKey(fd) && random.nextInt(4) == 0) {
                    terminals.add(fd);
                }
            }
            check(ours, terminals, random.nextBoolean());
        }
    }

    @Test
    void whatNeedsNoCopyIsNotCopied() {
        FdPlan plan = plan(Map.of(0, 10, 1, 11), Set.of(), true);
        assertThat(plan.actions())
                .containsExactly(new FdPlan.Dup2(10, 0), new FdPlan.Dup2(11, 1), new FdPlan.CloseFrom(2));
    }

    @Test
    void theTerminalIsOpenedOnceSoThatAllAreTheSame() {
        FdPlan plan = plan(Map.of(), Set.of(0, 1, 2), true);
        assertThat(plan.actions())
                .containsExactly(
                        new FdPlan.OpenTerminal(TERMINAL, 0),
                        new FdPlan.Dup2(0, 1),
                        new FdPlan.Dup2(0, 2),
                        new FdPlan.CloseFrom(3));
    }

    private static FdPlan plan(Map<Integer, Integer> ours, Set<Integer> terminals, boolean byRange) {
        SortedMap<Integer, FdPlan.Source> wanted = new TreeMap<>();
        ours.forEach((to, from) -> wanted.put(to, new FdPlan.Ours(from)));
        terminals.forEach(fd -> wanted.put(fd, new FdPlan.Terminal(TERMINAL)));
        return FdPlan.of(wanted, byRange ? new FdPlan.ByRange() : new FdPlan.OneByOne(25));
    }

    private static void check(Map<Integer, Integer> ours, Set<Integer> terminals, boolean byRange) {
        NavigableMap<Integer, String> table = openHere();
        // Every other one survives exec, as the JVM's own do.
        Set<Integer> closeOnExec = new java.util.TreeSet<>(table.keySet());
        closeOnExec.removeIf(fd -> fd % 2 == 0);
        for (FdPlan.Action action : plan(ours, terminals, byRange).actions()) {
            carryOut(action, table, closeOnExec);
        }
        table.keySet().removeAll(closeOnExec);
        Map<Integer, String> wanted = new TreeMap<>();
        ours.forEach((to, from) -> wanted.put(to, "file " + from));
        terminals.forEach(fd -> wanted.put(fd, TERMINAL));
        assertThat(table).isEqualTo(wanted);
    }

    /** 0 to 24 are open here. */
    private static NavigableMap<Integer, String> openHere() {
        NavigableMap<Integer, String> table = new TreeMap<>();
        IntStream.range(0, 25).forEach(fd -> table.put(fd, "file " + fd));
        return table;
    }

    private static void carryOut(FdPlan.Action action, NavigableMap<Integer, String> table, Set<Integer> closeOnExec) {
        if (action instanceof FdPlan.Dup2 dup) {
            String file = table.get(dup.from());
            assertThat(file).as("source of " + dup).isNotNull();
            table.put(dup.to(), file);
            closeOnExec.remove(dup.to());
        } else if (action instanceof FdPlan.OpenTerminal open) {
            table.put(open.to(), open.path());
            closeOnExec.remove(open.to());
        } else if (action instanceof FdPlan.Close close) {
            table.remove(close.fd());
        } else if (action instanceof FdPlan.CloseFrom from) {
            table.tailMap(from.lowest()).clear();
        } else if (action instanceof FdPlan.CloseEach each && each.lowest() < each.end()) {
            table.subMap(each.lowest(), each.end()).clear();
        }
    }

    @Test
    void sameAsLeadsToItsRootOrNowhere() {
        Map<Integer, ChildFd> fds = Map.of(
                1,
                ChildFd.read(),
                2,
                ChildFd.sameAs(1),
                3,
                ChildFd.sameAs(2),
                4,
                ChildFd.sameAs(5),
                5,
                ChildFd.sameAs(4),
                6,
                ChildFd.sameAs(99),
                7,
                ChildFd.sameAs(7));
        assertThat(FdPlan.root(fds, 1)).contains(1);
        assertThat(FdPlan.root(fds, 3)).contains(1);
        for (int lost : List.of(4, 5, 6, 7)) {
            assertThat(FdPlan.root(fds, lost)).isEmpty();
        }
    }
}
