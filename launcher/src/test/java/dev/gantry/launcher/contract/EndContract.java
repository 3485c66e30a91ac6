package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Signal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two ends of a process, what it ended by, the order of callbacks, and callbacks that throw. */
abstract class EndContract extends BackendContract {
    private static void assertOrder(List<Recorder.Event> events) {
        assertThat(events).as("events").isNotEmpty();
        assertThat(events.get(0)).isInstanceOf(Recorder.Made.class);
        assertThat(events.get(events.size() - 1)).isInstanceOf(Recorder.Ended.class);
        assertThat(events).filteredOn(Recorder.Made.class::isInstance).hasSize(1);
        assertThat(events).filteredOn(Recorder.Exited.class::isInstance).hasSize(1);
        assertThat(events).filteredOn(Recorder.Ended.class::isInstance).hasSize(1);
        for (int fd = 0; fd <= 2; fd++) {
            Recorder.Lost lost = new Recorder.Lost(fd);
            assertThat(Collections.frequency(events, lost)).as(lost.toString()).isOne();
            assertThat(events.lastIndexOf(new Recorder.Data(fd))).isLessThan(events.indexOf(lost));
        }
    }

    @ParameterizedTest
    @MethodSource("shortLives")
    @Shows({Row.END, Row.CONNECTION_LOST, Row.SPAWN_PROCESS})
    void callbacksComeInTheirOrder(Steps steps) throws Exception {
        Child child = spawn(steps);
        child.heard().awaitEnded();
        assertOrder(child.heard().events());
    }

    static List<Steps> shortLives() {
        return List.of(
                Steps.of().out("out\n").err("err\n"),
                Steps.of().exit(3),
                Steps.of().close(1).close(2).close(0).exit(0),
                Steps.of().out("x\n").killItself(),
                Steps.of().zeros(1, 300_000).zeros(2, 300_000));
    }

    @Test
    @Shows(Row.CONNECTION_LOST)
    void theNamedMethodsAreCalledWhereTheGeneralOnesAreNot() throws Exception {
        List<String> called = Collections.synchronizedList(new ArrayList<>());
        Recorder heard = Recorder.keeping();
        ProcessProtocol protocol = new ProcessProtocol() {
            @Override
            public void outReceived(ByteBuffer data) {
                called.add("out " + data.remaining());
            }

            @Override
            public void errReceived(ByteBuffer data) {
                called.add("err " + data.remaining());
            }

            @Override
            public void inConnectionLost() {
                called.add("in lost");
            }

            @Override
            public void outConnectionLost() {
                called.add("out lost");
            }

            @Override
            public void errConnectionLost() {
                called.add("err lost");
            }

            @Override
            public void processEnded(ExitReason reason) {
                heard.processEnded(reason);
            }
        };
        reactor().spawnProcess(protocol, request(Steps.of().out("a\n").err("bc\n")));
        heard.awaitEnded();
        assertThat(called).containsExactlyInAnyOrder("out 2", "err 3", "in lost", "out lost", "err lost");
    }

    @Test
    @Shows(Row.SPAWN_PROCESS)
    void dataIsReadOnlyAndAtMost64KiB() throws Exception {
        List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        List<Boolean> readOnly = Collections.synchronizedList(new ArrayList<>());
        Recorder heard = Recorder.keeping();
        ProcessProtocol protocol = new ProcessProtocol() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                sizes.add(data.remaining());
                readOnly.add(data.isReadOnly());
            }

            @Override
            public void processEnded(ExitReason reason) {
                heard.processEnded(reason);
            }
        };
        reactor().spawnProcess(protocol, request(Steps.of().zeros(1, 2_000_000)));
        heard.awaitEnded();
        assertThat(sizes).allSatisfy(size -> assertThat(size).isBetween(1, 65_536));
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(2_000_000);
        assertThat(readOnly).containsOnly(true);
    }

    @Test
    @Shows(Row.END)
    void aGrandchildThatHoldsAPipeDelaysOnlyTheEnd() throws Exception {
        Child child = spawn(Programs.HOLD_STDOUT.command("60", "wait"));
        long holder = Long.parseLong(child.heard().awaitLine(1));
        child.closesStdin();
        assertThat(child.heard().awaitExited()).isEqualTo(new ProcessDone(0));
        assertThat(child.state()).isEqualTo(ProcessTransport.State.EXITED);
        assertThat(child.asked(ProcessTransport::exitReason)).contains(new ProcessDone(0));
        assertThat(child.heard().has(Recorder.Ended.class)).isFalse();
        assertThat(child.heard().lost(1)).isFalse();
        ProcessHandle.of(holder).orElseThrow().destroyForcibly();
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.state()).isEqualTo(ProcessTransport.State.ENDED);
        assertOrder(child.heard().events());
    }

    @Test
    @Shows(Row.END)
    void whatAGrandchildWritesAfterTheExitArrives(@TempDir Path directory) throws Exception {
        Child child = spawn(Programs.LATE_WRITER.command(directory.toString()));
        ExitReason five = child.heard().awaitExited();
        assertThat(five.shellCode()).isEqualTo(5);
        Files.createFile(directory.resolve("1"));
        child.heard().awaitText(1, "late 1\n");
        assertThat(child.heard().has(Recorder.Ended.class)).isFalse();
        Files.createFile(directory.resolve("2"));
        child.heard().awaitText(1, "late 2\n");
        assertThat(child.heard().awaitEnded()).isEqualTo(five);
        assertOrder(child.heard().events());
    }

    @Test
    @Shows({Row.END, Row.LOSE_CONNECTION})
    void closingThePipesEndsTheWaitForAGrandchild() throws Exception {
        Child child = spawn(Programs.HOLD_STDOUT.command("60", "wait"));
        long holder = Long.parseLong(child.heard().awaitLine(1));
        child.closesStdin();
        child.heard().awaitExited();
        child.does(ProcessTransport::loseConnection);
        child.heard().awaitEnded();
        assertOrder(child.heard().events());
        ProcessHandle.of(holder).orElseThrow().destroyForcibly();
    }

    @Test
    @Shows(Row.END)
    void aChildWithoutPipesEndsAsWell() throws Exception {
        Child child = spawn(request(Steps.of().exit(4))
                .withChildFds(Map.of(0, ChildFd.nullDevice(), 1, ChildFd.nullDevice(), 2, ChildFd.nullDevice())));
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(4);
        assertThat(child.heard().events()).hasSize(3).noneMatch(Recorder.Lost.class::isInstance);
    }

    @Test
    @Shows(Row.END)
    void theStateAndTheReasonFollowTheProcess() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        assertThat(child.asked(ProcessTransport::exitReason)).isEmpty();
        child.closesStdin();
        child.heard().awaitEnded();
        assertThat(child.state()).isEqualTo(ProcessTransport.State.ENDED);
        assertThat(child.asked(ProcessTransport::exitReason)).contains(new ProcessDone(0));
    }

    @ParameterizedTest
    @MethodSource("exitCodes")
    @Shows(Row.EXIT_REASON)
    void anExitCodeIsToldAsItIs(int code) throws Exception {
        ExitReason reason =
                spawn(Programs.EXIT.command(Integer.toString(code))).heard().awaitEnded();
        assertThat(reason.shellCode()).isEqualTo(code);
        if (code == 0) {
            assertThat(reason).isInstanceOf(ProcessDone.class);
        } else {
            assertThat(reason).isInstanceOfSatisfying(ProcessTerminated.class, terminated -> {
                assertThat(terminated.exitCode()).hasValue(code);
                assertThat(terminated.signalNumber()).isEmpty();
                assertThat(terminated.coreDumped()).isFalse();
            });
        }
    }

    static IntStream exitCodes() {
        return Platform.exitCodes();
    }

    @ParameterizedTest
    @MethodSource("crashes")
    @Shows(Row.EXIT_REASON)
    void aDeathBySignalIsToldAsOneWhereThatCanBeKnown(Platform.Crash crash) throws Exception {
        ExitReason reason = spawn(Programs.CRASH.command(crash.how())).heard().awaitEnded();
        assertThat(reason.shellCode()).isEqualTo(crash.shellCode());
        assertThat(reason).isInstanceOfSatisfying(ProcessTerminated.class, terminated -> {
            if (can(Capability.EXACT_EXIT_REASON)) {
                assertThat(terminated.signal()).contains(Signal.named(crash.how()));
                assertThat(terminated.exitCode()).isEmpty();
                assertThat(terminated.status() & 0x7F).isEqualTo(crash.signal().orElseThrow());
            } else {
                // Not known is told as the code, never as a guess at a signal.
                assertThat(terminated.exitCode()).hasValue(crash.shellCode());
            }
        });
    }

    static List<Platform.Crash> crashes() {
        return Platform.crashes();
    }

    @ParameterizedTest
    @CsvSource({
        "0x0000,-,-,false",
        "0x0100,1,-,false",
        "0x8900,137,-,false",
        "0xff00,255,-,false",
        "0x0009,-,9,false",
        "0x008b,-,11,true",
        "0x000f,-,15,false",
        "0x0022,-,34,false"
    })
    @Shows(Row.EXIT_REASON)
    void aWaitStatusIsReadAsTheSystemWroteIt(String hex, String code, String signal, boolean core) {
        int status = Integer.decode(hex);
        ExitReason reason = ExitReason.of(status);
        assertThat(reason)
                .isEqualTo(
                        status == 0
                                ? new ProcessDone(0)
                                : new ProcessTerminated(optional(code), optional(signal), core, status));
    }

    private static OptionalInt optional(String text) {
        return text.equals("-") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x137f", "0xffff", "0x10000", "0x007f"})
    @Shows(Row.EXIT_REASON)
    void theStatusOfALivingProcessIsNoReason(String hex) {
        assertThatThrownBy(() -> ExitReason.of(Integer.decode(hex))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @Shows(Row.EXIT_REASON)
    void anUnknownEndIsNoneThatAnybodyCouldTell() {
        ExitReason unknown = ExitReason.unknown();
        assertThat(unknown.isKnown()).isFalse();
        assertThat(unknown.shellCode()).isEqualTo(127);
        assertThatThrownBy(() -> ExitReason.of(unknown.status())).isInstanceOf(IllegalArgumentException.class);
        assertThat(unknown).isInstanceOfSatisfying(ProcessTerminated.class, ended -> {
            assertThat(ended.exitCode()).isEmpty();
            assertThat(ended.signal()).isEmpty();
            assertThat(ended.signalNumber()).isEmpty();
        });
        assertThat(List.of(ExitReason.of(0), ExitReason.of(9), ExitReason.ofCode(127)))
                .allMatch(ExitReason::isKnown);
    }

    @Test
    @Shows(Row.CALLBACK_ISOLATION)
    void callbacksThatThrowDisturbNeitherTheirOwnProcessNorAnother() throws Exception {
        Recorder heard = Recorder.keeping();
        Child other = spawn(Programs.ECHO.command());
        ProcessProtocol thrower = new ProcessProtocol() {
            private void fail(String where) {
                throw new IllegalStateException("thrown in " + where);
            }

            @Override
            public void connectionMade(ProcessTransport transport) {
                fail("made");
            }

            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                heard.childDataReceived(childFd, data);
                fail("data");
            }

            @Override
            public void childConnectionLost(int childFd) {
                heard.childConnectionLost(childFd);
                fail("lost " + childFd);
            }

            @Override
            public void processExited(ExitReason reason) {
                heard.processExited(reason);
                throw new AssertionError("thrown in exited");
            }

            @Override
            public void processEnded(ExitReason reason) {
                heard.processEnded(reason);
                fail("ended");
            }
        };
        reactor().spawnProcess(thrower, request(Steps.of().out("hello\n")));
        heard.awaitEnded();
        assertThat(heard.text(1)).isEqualTo("hello\n");
        other.writes("still here");
        other.closesStdin();
        other.heard().awaitEnded();
        assertThat(other.heard().text(1)).isEqualTo("still here");
        assertThat(takeThrown())
                .extracting(thrown -> String.valueOf(thrown.error().getMessage()))
                .containsExactlyInAnyOrder(
                        "thrown in made",
                        "thrown in data",
                        "thrown in lost 0",
                        "thrown in lost 1",
                        "thrown in lost 2",
                        "thrown in exited",
                        "thrown in ended");
    }

    @Test
    @Shows(Row.CALLBACK_ISOLATION)
    void aTaskThatThrowsIsReportedAndTheReactorGoesOn() throws Exception {
        reactor().execute(() -> {
            throw new IllegalStateException("a task of mine");
        });
        assertThat(reactor().call(() -> "alive")).isEqualTo("alive");
        assertThat(takeThrown()).singleElement().satisfies(thrown -> {
            assertThat(thrown.where()).isNotBlank();
            assertThat(thrown.error()).hasMessage("a task of mine");
        });
    }
}
