package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orphans come to us, are told to the keeper and reaped; the JDK's own children are left to it. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class OrphanTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final TreeKeeper.Factory keepers = new TreeKeeper.Factory() {
        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public TreeKeeper open(LinuxReactor reactor) {
            return new RecordingKeeper(told, () -> false);
        }
    };

    /** The whole process is the subreaper: what else runs in it must not find itself so. */
    @AfterEach
    void noSubreaper() throws Exception {
        assertThat(OwnProcess.isSubreaper()).isFalse();
    }

    private Reactor open() throws Exception {
        return new LinuxBackend(keepers).open(ReactorOptions.defaults().withSubreaper(true));
    }

    /** A process that its parent leaves, once that is reaped; nobody but us ends it. */
    private ProcessId orphan(Reactor reactor) throws Exception {
        Listening heard = new Listening();
        reactor.spawnProcess(
                heard, SpawnRequest.of("/bin/sh", "-c", "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!"));
        assertThat(heard.awaitEnded()).isEqualTo(new ProcessDone(0));
        ProcessId orphan = proc.identity(Long.parseLong(heard.text().strip())).orElseThrow();
        assertThat(proc.stat(orphan.pid()).orElseThrow().parentPid()).isEqualTo(proc.self());
        return orphan;
    }

    @Test
    void anOrphanIsAdoptedToldAndReaped() throws Exception {
        try (Reactor reactor = open()) {
            ProcessId orphan = orphan(reactor);
            await().atMost(SOON).until(() -> told.contains("adopted " + orphan.pid()));

            TestChild.kill(orphan);

            await().atMost(SOON).until(() -> told.contains("orphan reaped " + orphan.pid()));
            assertThat(proc.sight(orphan.pid()).provesGone(orphan)).isTrue();
        }
    }

    @Test
    void whoIsLeftWhenTheReactorEndsIsReapedAllTheSame() throws Exception {
        ProcessId living;
        ProcessId dead;
        try (Reactor reactor = open()) {
            living = orphan(reactor);
            dead = orphan(reactor);
            TestChild.kill(dead);
        }

        await().atMost(SOON).until(() -> proc.sight(dead.pid()).provesGone(dead));
        assertThat(proc.isAlive(living)).isTrue();
        TestChild.kill(living);
        await().atMost(SOON).until(() -> proc.sight(living.pid()).provesGone(living));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    @Test
    void whoOutlivesManyReactorsIsWaitedForOnce() throws Exception {
        ProcessId living;
        try (Reactor reactor = open()) {
            living = orphan(reactor);
        }
        long afterTheFirst = 0;
        long afterTheLast = 0;
        for (int i = 0; i < 6; i++) {
            told.clear();
            try (Reactor reactor = open()) {
                assertThat(reactor.capabilities()).isNotEmpty();
                await().atMost(SOON).until(() -> told.contains("adopted " + living.pid()));
            }
            afterTheLast = descriptors();
            afterTheFirst = i == 0 ? afterTheLast : afterTheFirst;
        }
        TestChild.kill(living);
        await().atMost(SOON).until(() -> proc.sight(living.pid()).provesGone(living));
        // Each of the five would have added one; the JVM may open a file of its own meanwhile.
        assertThat(afterTheLast).isLessThan(afterTheFirst + 5);
    }

    @Test
    void orphansComeAsLongAsOneReactorWantsThem() throws Exception {
        try (Reactor last = open()) {
            open().close();
            assertThat(OwnProcess.isSubreaper()).isTrue();
            TestChild.kill(orphan(last));
        }
        assertThat(OwnProcess.isSubreaper()).isFalse();
    }

    @Test
    void aSubreaperThatWasOneBeforeStaysOne() throws Exception {
        OwnProcess.becomeSubreaper();
        try {
            open().close();
            assertThat(OwnProcess.isSubreaper()).isTrue();
        } finally {
            OwnProcess.ceaseSubreaper();
        }
    }

    @Test
    void anotherReactorsChildIsLeftToIt() throws Exception {
        try (Reactor other = new LinuxBackend().open(ReactorOptions.defaults());
                Reactor reactor = open()) {
            Listening heard = new Listening();
            CountDownLatch goOn = new CountDownLatch(1);
            CompletableFuture<Long> pid = new CompletableFuture<>();
            other.execute(() -> {
                try {
                    pid.complete(other.spawnProcess(heard, SpawnRequest.of("/bin/sh", "-c", "exit 7"))
                            .pid());
                    goOn.await();
                } catch (SpawnException | InterruptedException e) {
                    pid.completeExceptionally(e);
                }
            });
            // A zombie, since its reactor is busy; looked at for longer than it takes to be nobody's.
            await().atMost(SOON)
                    .until(() -> proc.stat(pid.join()).filter(ProcStat::isDead).isPresent());
            long end = System.nanoTime() + OrphanReaper.ZOMBIE.multipliedBy(2).toNanos();
            await().atMost(SOON).until(() -> {
                reactor.call(() -> {
                    ((LinuxReactor) reactor).lookForOrphans();
                    return true;
                });
                return System.nanoTime() - end > 0;
            });
            goOn.countDown();

            assertThat(heard.awaitExited().shellCode()).isEqualTo(7);
            assertThat(told).isEmpty();
        }
    }

    @Test
    void exitCodesOfTheJdksOwnChildrenAreLeftToIt() throws Exception {
        try (Reactor reactor = open()) {
            assertThat(reactor.inReactorThread()).isFalse();
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                processes.add(
                        new ProcessBuilder("/bin/sh", "-c", "sleep " + (i % 4) * 0.5 + "; exit " + (i + 1)).start());
            }
            for (int i = 0; i < 30; i++) {
                assertThat(processes.get(i).waitFor()).isEqualTo(i + 1);
            }
        }
    }
}
