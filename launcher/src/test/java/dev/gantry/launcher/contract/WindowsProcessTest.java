package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Pythons;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Backends;
import dev.gantry.launcher.NtStatus;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is Windows' own: consoles, jobs, batch files, NTSTATUS, and bytes through a Python. */
@Tag("windows")
@OnBackend("windows")
class WindowsProcessTest extends BackendContract {
    private static boolean alive(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
    }

    private static void awaitDead(long pid) {
        await("death of " + pid).atMost(Recorder.DEADLINE).until(() -> !alive(pid));
    }

    private Child ready(SpawnRequest request) throws Exception {
        Child child = spawn(request);
        child.heard().awaitText(1, "ready");
        return child;
    }

    @Test
    void anInterruptRightAfterTheStartArrivesWhenTheConsoleIsThere() throws Exception {
        Platform.requireRaces(Signal.INT);
        for (int i = 0; i < 5; i++) {
            Child child = spawn(Programs.READY_SLEEP.command());
            child.getsSignal(Signal.INT);
            child.heard().awaitEnded();
        }
    }

    @Test
    void anInterruptReachesAllOnTheConsoleAndNobodyElse() throws Exception {
        Child other = ready(SpawnRequest.of(Programs.READY_SLEEP.command()));
        // Who holds the output keeps the end from coming: that it comes shows that both have heard it.
        Child child = ready(
                request(Steps.of().inChild(Steps.of().out("ready\n").sleep(60)).awaitChildren()));
        child.getsSignal(Signal.INT);
        child.heard().awaitEnded();
        assertThat(other.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        other.isKilled();
    }

    @Test
    void anInterruptOfTheTreeReachesEachConsoleOfIt() throws Exception {
        Child child = ready(
                request(Steps.of().inChild(Steps.of().out("ready\n").sleep(60)).awaitChildren()));
        child.does(process -> process.signalTree(Signal.INT));
        child.heard().awaitEnded();
        await().until(() -> child.asked(ProcessTransport::tree).isEmpty());
        child.does(process -> process.signalTree(Signal.INT));
    }

    /** A JVM that interrupts a program of its own, so that it was on another console, and then waits for its own end. */
    static final class Visitor {
        private Visitor() {}

        public static void main(String[] command) throws Exception {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                System.out.println("hook");
                System.out.flush();
            }));
            Reactor reactor = Backends.best().open(ReactorOptions.defaults());
            for (int i = 0; i < 2; i++) {
                Child child = Child.spawn(reactor, SpawnRequest.of(command));
                child.heard().awaitText(1, "ready");
                child.getsSignal(Signal.INT);
                child.heard().awaitEnded();
            }
            System.out.println("back");
            System.out.flush();
            Thread.currentThread().join();
        }
    }

    @Test
    void afterItHasInterruptedOthersAJvmHearsItsOwnInterruptAsBefore(@TempDir Path directory) throws Exception {
        // Started by cmd.exe, as by gantry.cmd: who is alone on his console loses that when he leaves it.
        Path batch = Files.writeString(
                directory.resolve("visitor.cmd"),
                "@\"" + Path.of(System.getProperty("java.home"), "bin", "java.exe") + "\" -XX:TieredStopAtLevel=1 "
                        + Visitor.class.getName() + " %*\r\n");
        List<String> command = new ArrayList<>(List.of(batch.toString()));
        command.addAll(Programs.READY_SLEEP.command());
        Child jvm = spawn(SpawnRequest.of(command)
                .withEnvironment(Map.of("CLASSPATH", System.getProperty("java.class.path")))
                .withGuarded(true));
        jvm.heard().awaitText(1, "back");
        jvm.getsSignal(Signal.INT);
        // By the JVM, and not by the system's handler of last resort: that runs no hook.
        jvm.heard().awaitText(1, "hook");
        await().until(() -> jvm.asked(ProcessTransport::tree).stream()
                .noneMatch(process -> process.command().contains("java")));
        jvm.does(process -> process.signalTree(Signal.KILL));
        jvm.heard().awaitEnded();
    }

    @Test
    void closingTheReactorEndsGuardedTreesAndLeavesTheOthers() throws Exception {
        Reactor second = backend().open(ReactorOptions.defaults().withThreadName("reactor-second"));
        Child guarded = Child.spawn(
                second, SpawnRequest.of(Programs.HOLD_STDOUT.command()).withGuarded(true));
        Child free = Child.spawn(second, SpawnRequest.of(Programs.READY_SLEEP.command()));
        Child released = Child.spawn(
                second, SpawnRequest.of(Programs.READY_SLEEP.command()).withGuarded(true));
        long grandchild = Long.parseLong(guarded.heard().awaitLine(1));
        free.heard().awaitText(1, "ready");
        released.heard().awaitText(1, "ready");
        released.does(ProcessTransport::release);
        long freePid = free.asked(ProcessTransport::pid);
        long releasedPid = released.asked(ProcessTransport::pid);
        second.close();
        awaitDead(grandchild);
        assertThat(alive(freePid)).isTrue();
        assertThat(alive(releasedPid)).isTrue();
        ProcessHandle.of(freePid).orElseThrow().destroyForcibly();
        ProcessHandle.of(releasedPid).orElseThrow().destroyForcibly();
        awaitDead(freePid);
        awaitDead(releasedPid);
    }

    @Test
    void theSurvivorsOfATreeAreKnownAfterTheEndAndCanBeEnded() throws Exception {
        Child child = spawn(Programs.DOUBLE_FORK.command());
        child.heard().awaitEnded();
        long away = Long.parseLong(child.heard().awaitLine(1));
        assertThat(child.asked(ProcessTransport::tree))
                .extracting(ProcessInfo::pid)
                .containsExactly(away);
        child.does(process -> process.signalTree(Signal.KILL));
        awaitDead(away);
        await().until(() -> child.asked(ProcessTransport::tree).isEmpty());
    }

    @Test
    void anNtStatusIsToldByName() throws Exception {
        Child child = spawn(Programs.CRASH.command());
        assertThat(child.heard().awaitEnded()).isInstanceOfSatisfying(ProcessTerminated.class, crash -> {
            assertThat(crash.exitCode()).hasValue(0xC0000005);
            assertThat(crash.ntStatus().map(NtStatus::statusName)).contains("STATUS_ACCESS_VIOLATION");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch.cmd", "batch.BAT", "with blank & more.cmd"})
    void aBatchFileGetsItsArguments(String name, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve(name), "@echo off\r\necho [%1] [%2]\r\nexit /b 7\r\n");
        Child child = spawn(SpawnRequest.of(file.toString(), "one & echo two", "3"));
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(7);
        assertThat(child.heard().text(1)).isEqualTo("[\"one & echo two\"] [3]\r\n");
    }

    @Test
    void whatCmdWouldReplaceIsRefused(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("batch.cmd"), "@echo %1\r\n");
        assertThatThrownBy(() -> spawn(SpawnRequest.of(file.toString(), "%PATH%")))
                .isInstanceOf(SpawnException.class)
                .hasMessageContaining("'%'");
    }

    @Test
    void aScriptIsRunByTheInterpreterThatItNames(@TempDir Path directory) throws Exception {
        Path script = Files.writeString(
                directory.resolve("a script"), "#!/usr/bin/env python3\nimport sys; print(sys.argv[1:], 'ž漢')\n");
        Path pythons = Objects.requireNonNull(Pythons.newest().executable().getParent());
        Child child = spawn(SpawnRequest.of(script.toString(), "an argument", "ž漢")
                .withEnvironment(Map.of("PATH", pythons.toString(), "PYTHONUTF8", "1")));
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(1)).isEqualTo("['an argument', 'ž漢'] ž漢\r\n");
    }

    @Test
    void longDirectoriesAreRefusedClearly(@TempDir Path directory) throws Exception {
        String part = "d".repeat(100);
        Path deep = directory.resolve(part).resolve(part).resolve(part);
        assertThatThrownBy(() -> spawn(request(Steps.of().exit(0)).withWorkingDirectory(deep)))
                .isInstanceOfSatisfying(
                        SpawnException.class,
                        failure -> assertThat(failure.step()).isEqualTo(SpawnException.Step.WORKING_DIRECTORY))
                .hasMessageContaining("258");
    }

    @Test
    void allBytesGoThroughAPythonUnchanged() throws Exception {
        String program = """
                import os, sys
                data = sys.stdin.buffer.read()
                sys.stdout.buffer.write(data)
                sys.stdout.buffer.flush()
                os.write(2, data)
                sys.exit(-1)
                """;
        ByteBuffer all = ByteBuffer.allocate(70_000);
        for (int i = 0; all.hasRemaining(); i++) {
            all.put((byte) i);
        }
        Child child = spawn(SpawnRequest.of(Pythons.newest().executable().toString(), "-u", "-c", program));
        child.writes(all.array());
        child.closesStdin();
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(-1);
        assertThat(child.heard().bytes(1)).isEqualTo(all.array());
        assertThat(child.heard().bytes(2)).isEqualTo(all.array());
    }

    @Test
    void pathsMayHaveBlanksAndLettersOfAnyScript(@TempDir Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("ein Ordner ž漢😀"));
        Path program = folder.resolve("Prögramm mit Lücke.exe");
        Files.copy(Path.of(Steps.of().command().get(0)), program);
        List<String> command = new ArrayList<>(List.of(program.toString(), "steps", "say-directory", "out", "ž漢😀\n"));
        Child child = spawn(SpawnRequest.of(command).withWorkingDirectory(folder));
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(new String(child.heard().bytes(1), StandardCharsets.UTF_8)).isEqualTo(folder + "\nž漢😀\n");
    }

    /** Java takes no such path before version 21. */
    @Test
    void aProgramMayBeNamedWithThePrefixOfLongPaths() throws Exception {
        List<String> command = new ArrayList<>(Steps.of().out("found").command());
        command.set(0, "\\\\?\\" + Path.of(command.get(0)).toAbsolutePath());
        Child child = spawn(SpawnRequest.of(command));
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(1)).isEqualTo("found");
    }
}
