package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A detach that cannot be done leaves everything as it was: the process is ours, its output comes, and nobody else reads it. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class DetachTest {
    private static final int BYTES = 131_072;
    /** More than a detach takes, whatever it does: then it succeeds. */
    private static final int MOST_FREE = 20;
    /** What a detach needs a descriptor for, and says if there is none. */
    private static final List<String> STEPS = List.of("/dev/null", "pipe2", "pidfd_open");

    private static final int SWEEPS = 5;

    private final ProcFs proc = ProcFs.system();
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = new LinuxBackend().open(ReactorOptions.defaults());
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    @Test
    void wheneverDescriptorsRunOutTheProcessStaysOurs() throws Exception {
        // Once without a limit, so that nothing is loaded or linked under it.
        assertThat(catchThrowable(() -> Descriptors.open("/nonexistent", Libc.O_RDONLY, 0)))
                .hasMessageContaining("ENOENT");
        Listening first = new Listening();
        ProcessTransport warm = reactor.spawnProcess(first, SpawnRequest.of("/bin/cat"));
        ProcessId cat = proc.identity(warm.pid()).orElseThrow();
        assertThat(reactor.call(warm::detach)).isPresent();
        TestChild.kill(cat);
        List<String> refusals = new ArrayList<>();
        // Threads of the JVM's own open a file now and then: a step that has one descriptor less hides the one after
        // it.
        for (int sweep = 0; sweep < SWEEPS && !STEPS.stream().allMatch(step -> isIn(refusals, step)); sweep++) {
            refusals.addAll(refusalsOfOneSweep());
        }
        assertThat(refusals).allMatch(message -> message.contains("EMFILE"));
        assertThat(STEPS).allMatch(step -> isIn(refusals, step));
    }

    private static boolean isIn(List<String> messages, String part) {
        return messages.stream().anyMatch(message -> message.contains(part));
    }

    /** With no descriptor free, with one, and so on until there are enough. After each refusal the process is still ours. */
    private List<String> refusalsOfOneSweep() throws Exception {
        List<String> refusals = new ArrayList<>();
        for (int free = 0; free < MOST_FREE; free++) {
            Listening heard = new Listening();
            ProcessTransport transport = reactor.spawnProcess(
                    heard,
                    SpawnRequest.of("/bin/sh", "-c", "read x; head -c " + BYTES + " /dev/zero; read y; exit 0")
                            .withChildFd(3, ChildFd.readWrite()));
            Set<Long> before = new TreeSet<>(proc.ownChildren());
            Optional<Throwable> refusal = detached(transport, free);
            if (refusal.isEmpty()) {
                return refusals;
            }
            refusals.add(String.valueOf(refusal.get().getMessage()));
            assertThat(before).containsAll(proc.ownChildren());
            says(transport, "go\n");
            Awaitility.await().until(() -> heard.text().length() == BYTES);
            says(transport, "end\n");
            assertThat(heard.awaitEnded()).isEqualTo(new ProcessDone(0));
        }
        throw new AssertionError(MOST_FREE + " free descriptors are not enough: " + refusals);
    }

    private void says(ProcessTransport transport, String line) throws Exception {
        reactor.call(() -> {
            transport.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
            return true;
        });
    }

    /** What a detach with so many free descriptors throws; empty if it succeeds: then the process is ended, and so the drainer. */
    private Optional<Throwable> detached(ProcessTransport transport, int free) throws Exception {
        ProcessId child = proc.identity(transport.pid()).orElseThrow();
        Optional<Throwable> refusal = reactor.call(
                () -> Limits.withDescriptors(free, () -> Optional.ofNullable(catchThrowable(transport::detach))));
        if (refusal.isEmpty()) {
            TestChild.kill(child);
        }
        return refusal;
    }
}
