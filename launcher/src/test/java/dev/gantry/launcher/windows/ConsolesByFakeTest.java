package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.UnsupportedCapabilityException;
import dev.gantry.launcher.windows.EndRequests.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * BY A FAKE, at the seam of the system calls: what is sent to which console and window, in which order. CTRL_BREAK is shown nowhere
 * else, since Wine delivers none. On any system.
 */
class ConsolesByFakeTest {
    private static final int OURSELVES = (int) ProcessHandle.current().pid();

    /**
     * Consoles by number, with who is on them. As on Windows, joining and leaving a console take all handlers away, and an event comes
     * some time after it was sent: without a handler, it ends the process.
     */
    private static final class Fake implements ConsoleCalls {
        private final List<String> calls = new ArrayList<>();
        private final Map<Integer, Set<Integer>> consoles = new HashMap<>();
        private final Set<Integer> refusing = new HashSet<>();
        private int at = -1;
        private boolean handler;
        private boolean expecting;
        private boolean onItsWay;
        private boolean prompt = true;
        private List<Long> handles = List.of(10L, 11L, 12L);

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

        /** The event that was sent comes to us. */
        private void arrive() {
            assertThat(handler)
                    .as("a handler when the event comes, else we are dead")
                    .isTrue();
            onItsWay = false;
            expecting = false;
        }

        @Override
        public List<Integer> processes() {
            return List.copyOf(here());
        }

        @Override
        public void free() {
            assertThat(onItsWay).as("an event that will meet no handler").isFalse();
            calls.add("free");
            here().remove(OURSELVES);
            at = -1;
            handler = false;
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
                    handler = false;
                    handles = List.of(20L, 21L, 22L);
                    return true;
                }
            }
            return false;
        }

        @Override
        public void expectEvent() {
            assertThat(at).as("on the console that will hear it").isNotNegative();
            handler = true;
            expecting = true;
        }

        @Override
        public void generate(int event) {
            calls.add((event == CTRL_C ? "ctrl-c to " : "ctrl-break to ") + here());
            onItsWay = true;
        }

        @Override
        public boolean hasHeard(Duration patience) {
            if (onItsWay && (prompt || !patience.isZero())) {
                arrive();
            }
            return !expecting;
        }

        @Override
        public void expectNothing() {
            handler = true;
            expecting = false;
        }

        @Override
        public List<Long> standardHandles() {
            return handles;
        }

        @Override
        public void restoreHandles(List<Long> restored) {
            handles = restored;
        }
    }

    private final Fake fake = new Fake();
    private final Map<Integer, Integer> visibleWindows = new HashMap<>();
    private final Map<Integer, Integer> hiddenWindows = new HashMap<>();
    private final Consoles consoles = new Consoles(fake);
    private final EndRequests requests = new EndRequests(consoles, (pid, visibleOnly) -> {
        int count = visibleWindows.getOrDefault(pid, 0) + (visibleOnly ? 0 : hiddenWindows.getOrDefault(pid, 0));
        if (count > 0) {
            fake.calls.add("close " + count + " of " + pid);
        }
        return count;
    });
    private final Set<Long> held = new HashSet<>();
    private final Set<Long> strangers = new HashSet<>();

    private EndRequests.Request request(Signal signal, Long... pids) {
        return requests.request(signal, new EndRequests.Members() {
            @Override
            public List<Long> pids() {
                return List.of(pids);
            }

            @Override
            public EndRequests.Held hold(long pid) {
                held.add(pid);
                return new EndRequests.Held() {
                    @Override
                    public boolean isMember() {
                        return !strangers.contains(pid);
                    }

                    @Override
                    public void close() {
                        held.remove(pid);
                    }
                };
            }
        });
    }

    @AfterEach
    void weAreBackAndHoldNobody() {
        consoles.settleWithin(Duration.ofSeconds(1));
        assertThat(held).isEmpty();
        assertThat(fake.handles).containsExactly(10L, 11L, 12L);
        assertThat(fake.consoles).allSatisfy((console, pids) -> {
            if (console != 2) {
                assertThat(pids).doesNotContain(OURSELVES);
            }
        });
    }

    @Test
    void anInterruptIsCtrlCOnTheProgramsConsole() throws Exception {
        fake.with(1, 100, 101);
        assertThat(request(Signal.INT, 100L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(consoles.settle()).isFalse();
        assertThat(fake.calls)
                .containsExactly("free", "attach 100", "ctrl-c to " + sorted(100, 101, OURSELVES), "free");
    }

    @Test
    void terminationIsCtrlBreakOnTheProgramsConsole() throws Exception {
        fake.with(1, 100);
        assertThat(request(Signal.TERM, 100L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls).containsExactly("free", "attach 100", "ctrl-break to " + sorted(100, OURSELVES));
    }

    @Test
    void weStayUntilWeHaveHeardTheEventOurselves() throws Exception {
        fake.with(1, 100).with(2, OURSELVES, 50);
        fake.prompt = false;
        assertThat(request(Signal.TERM, 100L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(consoles.settle()).isTrue();
        assertThat(fake.consoles.get(1)).contains(OURSELVES);
        fake.arrive();
        assertThat(consoles.settle()).isFalse();
        assertThat(fake.consoles.get(2)).contains(OURSELVES);
        assertThat(fake.handler).as("one that stands in for the JVM's").isTrue();
    }

    @Test
    void whileWeAreAwayAnotherRequestWaits() throws Exception {
        fake.with(1, 100).with(3, 102);
        fake.prompt = false;
        EndRequests.Request both = request(Signal.INT, 100L, 102L);
        assertThat(both.goOn()).isEqualTo(Progress.UNDER_WAY);
        assertThat(both.goOn()).isEqualTo(Progress.UNDER_WAY);
        fake.arrive();
        assertThat(both.goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls)
                .filteredOn(call -> call.startsWith("ctrl"))
                .containsExactly("ctrl-c to " + sorted(100, OURSELVES), "ctrl-c to " + sorted(102, OURSELVES));
    }

    @Test
    void whoIsGoneOrRefusesDoesNotKeepUsFromOurConsole() throws Exception {
        fake.with(2, OURSELVES, 50, 51, 52);
        fake.refusing.add(50);
        assertThat(request(Signal.INT, 100L).goOn()).isEqualTo(Progress.NOBODY);
        assertThat(fake.consoles.get(2)).contains(OURSELVES);
        assertThat(fake.calls).containsSubsequence("attach 50", "attach 51").doesNotContain("attach 52");
    }

    @Test
    void aRefusalIsToldAndWeGoBack() {
        fake.with(1, 100).with(2, OURSELVES, 50);
        fake.refusing.add(100);
        assertThatThrownBy(() -> request(Signal.INT, 100L).goOn())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("AttachConsole(100)");
        assertThat(fake.consoles.get(2)).contains(OURSELVES);
    }

    @Test
    void aProgramWithWindowsIsAskedToCloseThem() throws Exception {
        fake.with(1, 100);
        visibleWindows.put(100, 2);
        assertThat(request(Signal.TERM, 100L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls).containsExactly("close 2 of 100");
    }

    @Test
    void windowsThatNobodySeesCountOnlyWithoutAConsole() throws Exception {
        fake.with(1, 100);
        hiddenWindows.put(100, 1);
        hiddenWindows.put(200, 1);
        assertThat(request(Signal.TERM, 100L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls)
                .contains("ctrl-break to " + sorted(100, OURSELVES))
                .doesNotContain("close 1 of 100");
        assertThat(request(Signal.TERM, 200L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls).endsWith("close 1 of 200");
    }

    @Test
    void anInterruptIsNoMatterOfWindows() throws Exception {
        visibleWindows.put(200, 1);
        assertThat(request(Signal.INT, 200L).goOn()).isEqualTo(Progress.NOBODY);
        assertThat(fake.calls).doesNotContain("close 1 of 200");
    }

    @Test
    void eachConsoleOfATreeHearsItOnce() throws Exception {
        fake.with(1, 100, 101).with(3, 102);
        visibleWindows.put(103, 1);
        assertThat(request(Signal.TERM, 100L, 101L, 102L, 103L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls)
                .filteredOn(call -> call.startsWith("ctrl") || call.startsWith("close"))
                .containsExactly(
                        "ctrl-break to " + sorted(100, 101, OURSELVES),
                        "ctrl-break to " + sorted(102, OURSELVES),
                        "close 1 of 103");
    }

    @Test
    void whoHasGotAMembersNumberIsNotAsked() throws Exception {
        fake.with(1, 100);
        strangers.add(100L);
        assertThat(request(Signal.INT, 100L).goOn()).isEqualTo(Progress.NOBODY);
        assertThat(fake.calls).isEmpty();
    }

    @Test
    void oneWhoRefusesKeepsNobodyElseFromBeingAsked() throws Exception {
        fake.with(1, 100).with(3, 102);
        fake.refusing.add(100);
        assertThat(request(Signal.INT, 100L, 102L).goOn()).isEqualTo(Progress.ASKED);
        assertThat(fake.calls).contains("ctrl-c to " + sorted(102, OURSELVES));
    }

    @Test
    void ifAllRefuseTheFirstRefusalIsTold() {
        fake.refusing.addAll(List.of(100, 102));
        assertThatThrownBy(() -> request(Signal.INT, 100L, 102L).goOn())
                .hasMessageContaining("AttachConsole(100)")
                .satisfies(first -> assertThat(first.getSuppressed())
                        .singleElement()
                        .satisfies(second -> assertThat(second).hasMessageContaining("AttachConsole(102)")));
    }

    @Test
    void nobodyIsNoRefusal() throws Exception {
        assertThat(request(Signal.TERM).goOn()).isEqualTo(Progress.NOBODY);
    }

    @ParameterizedTest
    @EnumSource(
            names = {"KILL", "TERM", "INT"},
            mode = EnumSource.Mode.EXCLUDE)
    void thereAreNoOtherSignals(Signal signal) {
        assertThatThrownBy(() -> EndRequests.refuseOthers(signal))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        refusal -> assertThat(refusal.capability()).isEqualTo(Capability.ALL_SIGNALS))
                .hasMessageContaining(signal.sigName());
    }

    private static String sorted(Integer... pids) {
        return new TreeSet<>(List.of(pids)).toString();
    }
}
