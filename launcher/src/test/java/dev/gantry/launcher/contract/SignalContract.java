package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Described;
import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to the process, its group and its tree. */
abstract class SignalContract extends BackendContract {
    private Child ready(List<String> command) throws Exception {
        Child child = spawn(command);
        child.heard().awaitText(1, "ready");
        return child;
    }

    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void awaitDead(long pid) {
        Awaitility.await("death of " + pid).atMost(Recorder.DEADLINE).until(() -> !alive(pid));
    }

    @ParameterizedTest
    @EnumSource(names = {"KILL", "TERM", "INT"})
    @Shows(Row.SIGNAL_PROCESS)
    void theThreePortableSignalsEndAProcess(Signal signal) throws Exception {
        Platform.requireDelivery(signal);
        Child child = ready(Programs.READY_SLEEP.command());
        child.getsSignal(signal);
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(Platform.shellCodeAfter(signal));
    }

    @ParameterizedTest
    @CsvSource({"KILL,KILL", "SIGTERM,TERM", "int,INT", "sigkill,KILL"})
    @Shows(Row.SIGNAL_PROCESS)
    void signalsHaveNames(String name, Signal signal) throws Exception {
        Platform.requireDelivery(signal);
        Child child = ready(Programs.READY_SLEEP.command());
        child.does(process -> process.signalProcess(name));
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(Platform.shellCodeAfter(signal));
    }

    @ParameterizedTest
    @CsvSource({"2,INT", "9,KILL", "15,TERM"})
    @Shows(Row.SIGNAL_PROCESS)
    void signalsHaveNumbers(int number, Signal signal) throws Exception {
        Platform.requireDelivery(signal);
        Child child = ready(Programs.READY_SLEEP.command());
        child.does(process -> process.signalProcess(number));
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(Platform.shellCodeAfter(signal));
    }

    @Test
    @Shows(Row.SIGNAL_PROCESS)
    void anInterruptReachesAHandlerThatEndsGracefully(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("file");
        Child child = ready(Programs.GRACEFUL_INT.command(file.toString()));
        child.getsSignal(Signal.INT);
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(1)).isEqualTo("ready\ninterrupted\n");
        assertThat(file).hasContent("stopped");
    }

    @Test
    @Shows(Row.SIGNAL_PROCESS)
    void aChildThatIgnoresTermStillEndsByKill() throws Exception {
        Platform.requireDelivery(Signal.TERM);
        Child child = ready(Programs.IGNORE_TERM.command());
        child.getsSignal(Signal.TERM);
        child.getsSignal(Signal.TERM);
        // The signal was delivered when the call returned or soon after; what is proved is that only KILL ended it.
        assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        assertThat(child.isKilled().shellCode()).isEqualTo(Platform.shellCodeAfter(Signal.KILL));
    }

    @ParameterizedTest
    @EnumSource(names = {"USR1", "HUP", "QUIT", "ALRM"})
    @Shows(Row.SIGNAL_PROCESS)
    void otherSignalsReachItWhereThereAreSignals(Signal signal) throws Exception {
        Child child = ready(Programs.READY_SLEEP.command());
        Child.Act act = process -> process.signalProcess(signal.number());
        if (!ableElseRefuses(Capability.ALL_SIGNALS, child, act)) {
            child.isKilled();
            return;
        }
        child.does(act);
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(128 + signal.number());
    }

    @Test
    @Shows(Row.SIGNAL_PROCESS)
    void stopAndContinueHoldAProcess() throws Exception {
        Child child = ready(Steps.of().out("ready\n").copyInput().command());
        Child.Act stop = process -> process.signalProcess(Signal.STOP);
        if (ableElseRefuses(Capability.ALL_SIGNALS, child, stop)) {
            child.does(stop);
            child.writes("held\n");
            assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
            child.getsSignal(Signal.CONT);
            child.heard().awaitText(1, "held");
        }
        child.closesStdin();
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "NOPE", "SIG", "9", "TERM KILL"})
    @Shows(Row.SIGNAL_PROCESS)
    void anUnknownNameIsRefused(String name) throws Exception {
        Child child = ready(Programs.READY_SLEEP.command());
        assertThatThrownBy(() -> child.does(process -> process.signalProcess(name)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(child.isKilled().shellCode()).isEqualTo(Platform.shellCodeAfter(Signal.KILL));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, -9, 65, 1000, Integer.MIN_VALUE})
    @Shows(Row.SIGNAL_PROCESS)
    void anUnknownNumberIsRefused(int number) throws Exception {
        Child child = ready(Programs.READY_SLEEP.command());
        assertThatThrownBy(() -> child.does(process -> process.signalProcess(number)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(child.isKilled().shellCode()).isEqualTo(Platform.shellCodeAfter(Signal.KILL));
    }

    @Test
    @Shows(Row.SIGNAL_PROCESS)
    void afterTheExitASignalFailsAndReachesNobody() throws Exception {
        Child child = spawn(Programs.HOLD_STDOUT.command("60", "wait"));
        long holder = Long.parseLong(child.heard().awaitLine(1));
        child.closesStdin();
        child.heard().awaitExited();
        for (String name : List.of("KILL", "TERM", "INT")) {
            assertThatThrownBy(() -> child.does(process -> process.signalProcess(name)))
                    .isInstanceOf(ProcessExitedAlreadyException.class);
        }
        assertThat(alive(holder)).isTrue();
        ProcessHandle.of(holder).orElseThrow().destroyForcibly();
        child.heard().awaitEnded();
        assertThatThrownBy(() -> child.does(process -> process.signalProcess(9)))
                .isInstanceOf(ProcessExitedAlreadyException.class);
    }

    @ParameterizedTest
    @MethodSource("racingSignals")
    @Shows(Row.SIGNAL_PROCESS)
    void aSignalRacingTheExitEitherArrivesOrFailsByName(Signal signal) throws Exception {
        Platform.requireRaces(signal);
        for (int i = 0; i < Platform.times(50); i++) {
            Child child = spawn(Programs.EXIT.command("3"));
            try {
                child.getsSignal(signal);
            } catch (ProcessExitedAlreadyException tooLate) {
                assertThat(child.heard().awaitExited().shellCode()).isEqualTo(3);
            }
            ExitReason reason = child.heard().awaitEnded();
            if (reason.shellCode() != 3) {
                assertThat(reason.shellCode()).isIn(Platform.shellCodesAnyTimeAfter(signal));
            }
        }
    }

    static List<Signal> racingSignals() {
        return List.of(Platform.politeSignal(), Signal.KILL);
    }

    @Test
    @Shows(Row.GROUP)
    void aGroupOfItsOwnIsSignalledWhole() throws Exception {
        Child child =
                ready(Steps.of().startSleeper(60).out("ready\n").awaitChildren().command());
        long member = Long.parseLong(child.heard().awaitLine(1));
        Child.Act act = process -> process.signalGroup(Signal.TERM);
        if (ableElseRefuses(Capability.PROCESS_GROUP, child, act)) {
            child.does(act);
            assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(143);
            awaitDead(member);
            assertThatThrownBy(() -> child.does(act)).isInstanceOf(ProcessExitedAlreadyException.class);
        } else {
            ProcessHandle.of(member).orElseThrow().destroyForcibly();
            child.heard().awaitEnded();
        }
    }

    @Test
    @Shows(Row.GROUP)
    void inOurOwnGroupTheSignalGoesToTheProcessAlone() throws Exception {
        Child child = spawn(SpawnRequest.of(Programs.READY_SLEEP.command()).withGroup(ProcessGroup.INHERIT));
        child.heard().awaitText(1, "ready");
        Child.Act act = process -> process.signalGroup(Signal.TERM);
        if (ableElseRefuses(Capability.PROCESS_GROUP, child, act)) {
            child.does(act);
            assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(143);
        } else {
            child.isKilled();
        }
    }

    @Test
    @Shows(Row.GROUP)
    void aGroupAndASessionAreWhatWasAskedFor() throws Exception {
        SpawnRequest request = SpawnRequest.of(Programs.DESCRIBE.command());
        long ours = group(ids(spawn(request.withGroup(ProcessGroup.INHERIT))));
        Optional<Child> session = spawnIfAble(Capability.PROCESS_GROUP, request.withGroup(ProcessGroup.NEW_SESSION));
        if (session.isPresent()) {
            Map<String, Long> inSession = ids(session.get());
            assertThat(inSession.get("session")).isEqualTo(inSession.get("pid")).isEqualTo(group(inSession));
            Map<String, Long> inGroup = ids(spawn(request));
            assertThat(group(inGroup)).isEqualTo(inGroup.get("pid")).isNotEqualTo(ours);
            assertThat(inGroup.get("session")).isNotEqualTo(inGroup.get("pid"));
        }
    }

    private static Map<String, Long> ids(Child child) {
        child.heard().awaitEnded();
        return Described.parse(child.heard().text(1)).ids();
    }

    private static long group(Map<String, Long> ids) {
        return ids.getOrDefault("group", 0L);
    }

    private static void assertTree(Child child, long grandchild) throws Exception {
        List<ProcessInfo> tree = child.asked(ProcessTransport::tree);
        assertThat(tree).extracting(ProcessInfo::pid).hasSize(3).contains(grandchild);
        assertThat(tree.get(0).pid()).isEqualTo(child.asked(ProcessTransport::pid));
        assertThat(tree)
                .filteredOn(info -> info.pid() == grandchild)
                .singleElement()
                .satisfies(info -> {
                    assertThat(info.command()).contains(Os.isWindows() ? "fixture" : "sleep 61");
                    assertThat(info.residentBytes()).isPositive();
                });
    }

    @Test
    @Shows(Row.TREE)
    void theTreeIsTheProcessAndItsDescendants() throws Exception {
        Child child = ready(Steps.of()
                .inChild(Steps.of().startSleeper(61).out("ready\n").awaitChildren())
                .awaitChildren()
                .command());
        long grandchild = Long.parseLong(child.heard().awaitLine(1));
        if (ableElseRefuses(Capability.PROCESS_TREE, child, ProcessTransport::tree)) {
            // It is a shell until it has executed what it is to be.
            Awaitility.await().atMost(Recorder.DEADLINE).untilAsserted(() -> assertTree(child, grandchild));
            child.does(process -> process.signalTree(Signal.KILL));
            child.heard().awaitEnded();
            awaitDead(grandchild);
            assertThat(child.asked(ProcessTransport::tree)).isEmpty();
            child.does(process -> process.signalTree(Signal.KILL));
        } else {
            ProcessHandle.of(grandchild).orElseThrow().destroyForcibly();
            child.heard().awaitEnded();
        }
    }

    @Test
    @Shows({Row.TREE, Row.SIGNAL_PROCESS})
    void oneOfTheTreeIsSignalledAndNobodyElse() throws Exception {
        Child child = ready(Steps.of()
                .startSleeper(61)
                .startSleeper(62)
                .out("ready\n")
                .awaitChildren()
                .command());
        List<String> told = child.heard().text(1).lines().toList();
        long one = Long.parseLong(told.get(0));
        long other = Long.parseLong(told.get(1));
        Child.Act act = process -> process.signalDescendant(one, Signal.KILL);
        if (ableElseRefuses(Capability.ALL_SIGNALS, child, act)) {
            child.does(act);
            awaitDead(one);
            assertThat(alive(other)).isTrue();
            assertThatThrownBy(() -> child.does(act)).isInstanceOf(ProcessExitedAlreadyException.class);
            long stranger = ProcessHandle.current().pid();
            assertThatThrownBy(() -> child.does(process -> process.signalDescendant(stranger, Signal.KILL)))
                    .isInstanceOf(ProcessExitedAlreadyException.class)
                    .hasMessageContaining(Long.toString(stranger));
        } else {
            ProcessHandle.of(one).orElseThrow().destroyForcibly();
        }
        ProcessHandle.of(other).orElseThrow().destroyForcibly();
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
    }

    @Test
    @Shows(Row.TREE)
    void aDescendantInASessionOfItsOwnBelongsToTheTree() throws Exception {
        Child child = ready(
                Steps.of().startSleeperApart(62).out("ready\n").awaitChildren().command());
        long away = Long.parseLong(child.heard().awaitLine(1));
        Child.Act act = process -> process.signalTree(Signal.KILL);
        if (ableElseRefuses(Capability.PROCESS_TREE, child, act)) {
            child.does(act);
        } else {
            ProcessHandle.of(away).orElseThrow().destroyForcibly();
        }
        child.heard().awaitEnded();
        awaitDead(away);
    }

    @Test
    @Shows({Row.TREE, Row.END})
    void theHoldersOfAPipeAreKnown() throws Exception {
        Child child = spawn(Programs.HOLD_STDOUT.command("60", "wait"));
        long holder = Long.parseLong(child.heard().awaitLine(1));
        child.closesStdin();
        child.heard().awaitExited();
        if (ableElseRefuses(Capability.PROCESS_TREE, child, ProcessTransport::holdersOfPipes)) {
            assertThat(child.asked(ProcessTransport::holdersOfPipes))
                    .singleElement()
                    .satisfies(info -> assertThat(info.pid()).isEqualTo(holder));
        }
        ProcessHandle.of(holder).orElseThrow().destroyForcibly();
        child.heard().awaitEnded();
    }
}
