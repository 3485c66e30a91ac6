package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What this platform can tell of a failed start, and that no descriptor or process is left of it. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class SpawnFailureTest {
    private Reactor reactor;

    @TempDir
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        reactor = new LinuxBackend().open(ReactorOptions.defaults());
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private SpawnException failure(SpawnRequest request) {
        return catchThrowableOfType(SpawnException.class, () -> reactor.spawnProcess(new Listening(), request));
    }

    private Path program(String content) throws IOException {
        Path file = directory.resolve("program");
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void aMissingInterpreterIsNamed() throws IOException {
        Path script = program("#! /no/such/interpreter -x\n");
        SpawnException failure = failure(SpawnRequest.of(script.toString()));
        assertThat(failure.step()).isEqualTo(Step.EXECUTE);
        assertThat(failure.errno()).isEqualTo(2);
        assertThat(failure).hasMessageContaining("missing interpreter /no/such/interpreter of script " + script);
    }

    @Test
    void windowsLineEndsAreShown() throws IOException {
        SpawnException failure =
                failure(SpawnRequest.of(program("#!/bin/sh\r\necho x\r\n").toString()));
        assertThat(failure).hasMessageContaining("missing interpreter /bin/sh\\r (Windows line ends)");
    }

    @Test
    void aFileWithoutAnyFormatIsSaidToBeThat() throws IOException {
        SpawnException failure =
                failure(SpawnRequest.of(program("echo no line\n").toString()));
        assertThat(failure.errno()).isEqualTo(8);
        assertThat(failure).hasMessageContaining("no #! line").hasMessageContaining("ENOEXEC");
    }

    @Test
    void tooManyArgumentsAreCounted() {
        List<String> command = new ArrayList<>(Collections.nCopies(100_000, "x".repeat(100)));
        command.set(0, "/bin/true");
        SpawnException failure = failure(SpawnRequest.of(command));
        assertThat(failure.errno()).isEqualTo(7);
        assertThat(failure).hasMessageContaining("too long").hasMessageContaining("E2BIG");
    }

    @Test
    void aDescriptorToInheritMustBeThere() {
        SpawnException failure = failure(SpawnRequest.of("/bin/true").withChildFd(9_999, ChildFd.inherit()));
        assertThat(failure.step()).isEqualTo(Step.DESCRIPTORS);
        assertThat(failure).hasMessageContaining("9999");
    }

    @Test
    void aCircleOfDescriptorsIsRefused() {
        SpawnException failure = failure(
                SpawnRequest.of("/bin/true").withChildFd(3, ChildFd.sameAs(4)).withChildFd(4, ChildFd.sameAs(3)));
        assertThat(failure.step()).isEqualTo(Step.DESCRIPTORS);
    }

    @Test
    void aNulInTheEnvironmentIsRefused() {
        SpawnException failure = failure(SpawnRequest.of("/bin/true").withEnvironment(Map.of("A", "x\0y")));
        assertThat(failure).hasMessageContaining("environment variable A");
    }

    @Test
    void aFifoWithoutAReaderBlocksNobody() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        SpawnException failure = failure(SpawnRequest.of("/bin/true").withChildFd(1, ChildFd.writeTo(fifo)));
        assertThat(failure.step()).isEqualTo(Step.REDIRECTION);
        assertThat(failure).hasMessageContaining("nobody reads this FIFO");
    }

    @Test
    void whereverDescriptorsRunOutNothingIsLeftAndTheCallIsNamed() throws Exception {
        SpawnRequest request = SpawnRequest.of("/bin/cat")
                .withWorkingDirectory(directory)
                .withPty(new WindowSize(80, 24))
                .withChildFd(3, ChildFd.readWrite())
                .withChildFd(4, ChildFd.read())
                .withChildFd(5, ChildFd.nullDevice())
                .withChildFd(6, ChildFd.writeTo(Path.of("out")));
        // Once without a limit, so that nothing is loaded or linked under it.
        startAndKill(request);
        failure(SpawnRequest.of("/no/such/program"));
        List<String> calls = new ArrayList<>();
        for (int free = 0; failsWith(free, request, calls); free++) {
            assertThat(calls).hasSizeLessThan(200);
        }
        assertThat(calls)
                .anyMatch(call -> call.contains("posix_openpt"))
                .anyMatch(call -> call.contains("socketpair"))
                .anyMatch(call -> call.contains("pipe2"))
                .anyMatch(call -> call.contains("/dev/null"))
                .anyMatch(call -> call.contains("pidfd_open"));
    }

    @Test
    void aGuardedStartWithoutDescriptorsLeavesNothingAndTheNextOneWorks() throws Exception {
        SpawnRequest request = SpawnRequest.of("/bin/cat").withGuarded(true);
        startAndKill(request);
        failure(SpawnRequest.of("/no/such/program"));
        List<String> calls = new ArrayList<>();
        List<Long> before = ProcFs.system().ownChildren();
        for (int free = 0; failsWith(free, request, calls); free++) {
            assertThat(before).containsAll(ProcFs.system().ownChildren());
            startAndKill(request);
            assertThat(calls).hasSizeLessThan(200);
        }
        assertThat(calls)
                .hasSizeGreaterThan(5)
                .anyMatch(call -> call.contains("the process was started, and killed at once"));
    }

    @Test
    void aUserWithTooManyProcessesIsToldSo() throws Exception {
        SpawnRequest request = SpawnRequest.of("/bin/cat").withGuarded(true);
        startAndKill(request);
        List<Long> before = ProcFs.system().ownChildren();
        Throwable refusal = reactor.call(() ->
                Limits.withoutProcesses(() -> catchThrowable(() -> reactor.spawnProcess(new Listening(), request))));
        assertThat(refusal).isInstanceOfSatisfying(SpawnException.class, failure -> {
            assertThat(failure.step()).isEqualTo(Step.EXECUTE);
            assertThat(failure.errno()).isEqualTo(11);
            assertThat(failure).hasMessageContaining("ulimit -u").hasMessageContaining("EAGAIN");
        });
        assertThat(before).containsAll(ProcFs.system().ownChildren());
        startAndKill(request);
    }

    @Test
    void aFullTableIsToldWhereItsNumbersMustBeKnown() throws Exception {
        assertThat(PosixSpawn.oneByOne().end()).isGreaterThan(Descriptors.highestOpen());
        Throwable refusal = Limits.withDescriptors(0, () -> catchThrowable(PosixSpawn::oneByOne));
        assertThat(refusal).isInstanceOfSatisfying(SystemCallException.class, failure -> {
            assertThat(failure.errno()).isEqualTo(24);
            assertThat(failure).hasMessageContaining("/proc/self/fd");
        });
    }

    /** True if the start failed as it should; false if it succeeded: then that process is ended. */
    private boolean failsWith(int free, SpawnRequest request, List<String> calls) throws Exception {
        Listening listening = new Listening();
        try {
            kill(
                    reactor.call(() -> Limits.withDescriptors(free, () -> reactor.spawnProcess(listening, request))),
                    listening);
            return false;
        } catch (SpawnException failure) {
            // Files of /proc are read by the JDK, which tells no number.
            assertThat(failure.errno() == 24 || failure.step() == Step.GUARD)
                    .as(failure.getMessage())
                    .isTrue();
            assertThat(failure).message().containsIgnoringCase("too many");
            calls.add(String.valueOf(failure.getMessage()));
            return true;
        }
    }

    private void startAndKill(SpawnRequest request) throws Exception {
        Listening listening = new Listening();
        kill(reactor.spawnProcess(listening, request), listening);
    }

    private void kill(ProcessTransport transport, Listening listening) throws Exception {
        reactor.call(() -> {
            transport.signalProcess("KILL");
            return true;
        });
        listening.awaitEnded();
    }
}
