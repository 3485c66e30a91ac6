package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * BY A FAKE, at the seam of the system calls: what is sent to which console and window, in which order. CTRL_BREAK is shown nowhere
 * else, since Wine delivers none. On any system.
 */
class ConsolesByFakeTest {
    private static final int OURSELVES = (int) ProcessHandle.current().pid();

    /** Consoles by number, with who is on them. */
    private static final class Fake implements ConsoleCalls {
        private final List<String> calls = new ArrayList<>();
        private final Map<Integer, Set<Integer>> consoles = new HashMap<>();
        private final Set<Integer> refusing = new HashSet<>();
        private int at = -1;

        private Fake with(int console, Integer... pids) {
            consoles.put(console, new TreeSet<>(List.of(pids)));
            if (List.of(pids).contains(OURSELVES)) {
                at = console;
            }
            return this;
        }

        private Set<Integer> here() {
            return consoles.getOrDefault(at, new TreeSet<>());
        }

        @Override
        public List<Integer> processes() {
            return List.copyOf(here());
        }

        @Override
        public void free() {
            calls.add("free");
            here().remove(OURSELVES);
            at = -1;
        }

        @Override
        public boolean attach(int pid) throws SystemCallException {
            calls.add("attach " + pid);
            if (refusing.contains(pid)) {
                throw new SystemCallException("AttachConsole(" + pid + ")", WindowsError.ACCESS_DENIED);
            }
            assertThat(at).as("a process has one console at most").isNegative();
            for (Map.Entry<Integer, Set<Integer>> console : consoles.entrySet()) {
                if (console.getValue().contains(pid)) {
                    at = console.getKey();
                    console.getValue().add(OURSELVES);
                    return true;
                }
            }
            return false;
        }

        @Override
        public void shield() {
            assertThat(at).as("on the console that will hear it").isNotNegative();
            calls.add("shield");
        }

        @Override
        public void generate(int event) {
            calls.add((event == CTRL_C ? "ctrl-c to " : "ctrl-break to ") + here());
        }
    }

    private final Fake fake = new Fake();
    private final Map<Integer, Integer> visibleWindows = new HashMap<>();
    private final Map<Integer, Integer> hiddenWindows = new HashMap<>();
    private final EndRequests requests = new EndRequests(new Consoles(fake), (pid, visibleOnly) -> {
        int count = visibleWindows.getOrDefault(pid, 0) + (visibleOnly ? 0 : hiddenWindows.getOrDefault(pid, 0));
        if (count > 0) {
            fake.calls.add("close " + count + " of " + pid);
        }
        return count;
    });

    @Test
    void anInterruptIsCtrlCOnTheProgramsConsole() throws Exception {
        fake.with(1, 100, 101);
        assertThat(requests.ask(Signal.INT, 100)).isTrue();
        assertThat(fake.calls)
                .containsExactly("free", "attach 100", "shield", "ctrl-c to " + sorted(100, 101, OURSELVES), "free");
    }

    @Test
    void terminationIsCtrlBreakOnTheProgramsConsole() throws Exception {
        fake.with(1, 100);
        assertThat(requests.ask(Signal.TERM, 100)).isTrue();
        assertThat(fake.calls)
                .containsExactly("free", "attach 100", "shield", "ctrl-break to " + sorted(100, OURSELVES), "free");
    }

    @Test
    void afterwardsWeAreBackOnOurConsole() throws Exception {
        fake.with(1, 100).with(2, OURSELVES, 50, 51);
        assertThat(requests.ask(Signal.TERM, 100)).isTrue();
        assertThat(fake.consoles.get(2)).contains(OURSELVES);
        assertThat(fake.consoles.get(1)).doesNotContain(OURSELVES);
    }

    @Test
    void whoIsGoneOrRefusesDoesNotKeepUsFromOurConsole() throws Exception {
        fake.with(2, OURSELVES, 50, 51, 52);
        fake.refusing.add(50);
        assertThat(requests.ask(Signal.INT, 100)).isFalse();
        assertThat(fake.consoles.get(2)).contains(OURSELVES);
        assertThat(fake.calls).containsSubsequence("attach 50", "attach 51").doesNotContain("attach 52");
    }

    @Test
    void aRefusalIsToldAndWeGoBack() {
        fake.with(1, 100).with(2, OURSELVES, 50);
        fake.refusing.add(100);
        assertThatThrownBy(() -> requests.ask(Signal.INT, 100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("AttachConsole(100)");
        assertThat(fake.consoles.get(2)).contains(OURSELVES);
    }

    @Test
    void aProgramWithWindowsIsAskedToCloseThem() throws Exception {
        fake.with(1, 100);
        visibleWindows.put(100, 2);
        assertThat(requests.ask(Signal.TERM, 100)).isTrue();
        assertThat(fake.calls).containsExactly("close 2 of 100");
    }

    @Test
    void windowsThatNobodySeesCountOnlyWithoutAConsole() throws Exception {
        fake.with(1, 100);
        hiddenWindows.put(100, 1);
        hiddenWindows.put(200, 1);
        assertThat(requests.ask(Signal.TERM, 100)).isTrue();
        assertThat(fake.calls)
                .contains("ctrl-break to " + sorted(100, OURSELVES))
                .doesNotContain("close 1 of 100");
        assertThat(requests.ask(Signal.TERM, 200)).isTrue();
        assertThat(fake.calls).endsWith("close 1 of 200");
    }

    @Test
    void anInterruptIsNoMatterOfWindows() throws Exception {
        visibleWindows.put(200, 1);
        assertThat(requests.ask(Signal.INT, 200)).isFalse();
        assertThat(fake.calls).doesNotContain("close 1 of 200");
    }

    @Test
    void eachConsoleOfATreeHearsItOnce() throws Exception {
        fake.with(1, 100, 101).with(2, 102);
        visibleWindows.put(103, 1);
        assertThat(requests.askAll(Signal.TERM, List.of(100L, 101L, 102L, 103L)))
                .isTrue();
        assertThat(fake.calls)
                .filteredOn(call -> call.startsWith("ctrl") || call.startsWith("close"))
                .containsExactly(
                        "ctrl-break to " + sorted(100, 101, OURSELVES),
                        "ctrl-break to " + sorted(102, OURSELVES),
                        "close 1 of 103");
    }

    @Test
    void oneWhoRefusesKeepsNobodyElseFromBeingAsked() throws Exception {
        fake.with(1, 100).with(2, 102);
        fake.refusing.add(100);
        assertThat(requests.askAll(Signal.INT, List.of(100L, 102L))).isTrue();
        assertThat(fake.calls).contains("ctrl-c to " + sorted(102, OURSELVES));
    }

    @Test
    void ifAllRefuseTheFirstRefusalIsTold() {
        fake.refusing.addAll(List.of(100, 102));
        assertThatThrownBy(() -> requests.askAll(Signal.INT, List.of(100L, 102L)))
                .hasMessageContaining("AttachConsole(100)")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .singleElement()
                        .satisfies(second -> assertThat(second).hasMessageContaining("AttachConsole(102)")));
    }

    @Test
    void nobodyIsNoRefusal() throws Exception {
        assertThat(requests.askAll(Signal.TERM, List.of())).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            names = {"KILL", "TERM", "INT"},
            mode = EnumSource.Mode.EXCLUDE)
    void thereAreNoOtherSignals(Signal signal) {
        assertThatThrownBy(() -> requests.refuseOthers(signal))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        refusal -> assertThat(refusal.capability()).isEqualTo(Capability.ALL_SIGNALS))
                .hasMessageContaining(signal.sigName());
    }

    private static String sorted(Integer... pids) {
        return new TreeSet<>(List.of(pids)).toString();
    }
}
