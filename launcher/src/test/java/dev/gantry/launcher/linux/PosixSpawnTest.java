package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessGroup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The call itself, with both ways of closing what the child must not have. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class PosixSpawnTest {
    /** Asks for each number, since listing the directory would open one more. */
    private static final String SHOW =
            "i=0; while [ $i -lt 500 ]; do [ -e /proc/$$/fd/$i ] && echo $i; i=$((i + 1)); done; exit 0";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theChildHasWhatIsMappedAndNothingElse(boolean byRange, @TempDir Path directory) throws Exception {
        Path out = directory.resolve("out");
        // The JVM's sockets and files survive exec: they must be closed by us.
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
            int null0 = Descriptors.open("/dev/null", Libc.O_RDWR, 0);
            int file = Descriptors.open(out.toString(), Libc.O_WRONLY | Libc.O_CREAT, 0600);
            SortedMap<Integer, FdPlan.Source> wanted = new TreeMap<>();
            wanted.put(0, new FdPlan.Ours(null0));
            wanted.put(1, new FdPlan.Ours(file));
            wanted.put(7, new FdPlan.Ours(null0));
            FdPlan.Closing closing = byRange ? new FdPlan.ByRange() : PosixSpawn.oneByOne();
            long pid;
            try {
                pid = PosixSpawn.spawn(job(List.of("/bin/sh", "-c", SHOW), wanted, closing));
            } finally {
                Descriptors.close(null0);
                Descriptors.close(file);
            }
            assertThat(reap(pid).reason()).isEqualTo(new ProcessDone(0));
        }
        assertThat(Files.readAllLines(out)).containsExactlyInAnyOrder("0", "1", "7");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsOpenedBetweenTheLookAndTheStartIsNotTheChilds(boolean byRange, @TempDir Path directory)
            throws Exception {
        Path out = directory.resolve("out");
        int file = Descriptors.open(out.toString(), Libc.O_WRONLY | Libc.O_CREAT, 0600);
        SortedMap<Integer, FdPlan.Source> wanted = new TreeMap<>();
        wanted.put(1, new FdPlan.Ours(file));
        FdPlan.Closing closing = byRange ? new FdPlan.ByRange() : PosixSpawn.oneByOne();
        PosixSpawn.Job job = job(List.of("/bin/sh", "-c", SHOW), wanted, closing);
        List<Integer> opened = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                // As the JVM's sockets are: without close-on-exec.
                opened.add(SystemCallException.check(Libc.fcntl(file, 0, 0), () -> "fcntl(F_DUPFD)"));
            }
            assertThat(reap(PosixSpawn.spawn(job)).reason()).isEqualTo(new ProcessDone(0));
        } finally {
            opened.forEach(Descriptors::close);
            Descriptors.close(file);
        }
        assertThat(Files.readAllLines(out)).containsExactly("1");
    }

    @Test
    void exactDescriptorsArePromisedWhereOneCallClosesThemAll() {
        assertThat(new LinuxBackend().capabilities().contains(Capability.EXACT_DESCRIPTORS))
                .isEqualTo(PosixSpawn.canCloseRange());
    }

    @Test
    void aFailedExecLeavesNoChild() {
        assertThatThrownBy(() ->
                        PosixSpawn.spawn(job(List.of("/no/such/program"), new TreeMap<>(), PosixSpawn.oneByOne())))
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        failure -> assertThat(failure.errno()).isEqualTo(2))
                .hasMessageContaining("posix_spawn(/no/such/program)");
    }

    private static PosixSpawn.Job job(
            List<String> command, SortedMap<Integer, FdPlan.Source> wanted, FdPlan.Closing closing) {
        return new PosixSpawn.Job(
                command.get(0),
                command,
                ChildEnvironment.empty(),
                OptionalInt.empty(),
                ProcessGroup.NEW_GROUP,
                FdPlan.of(wanted, closing));
    }

    private static PidFd.Death reap(long pid) throws SystemCallException {
        List<PidFd.Death> deaths = new ArrayList<>();
        try (PidFd child = PidFd.open(pid)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                child.reap().ifPresent(deaths::add);
                return !deaths.isEmpty();
            });
        }
        return deaths.get(0);
    }
}
