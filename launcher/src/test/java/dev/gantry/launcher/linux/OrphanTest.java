package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Orphans come to us, are told to the keeper and reaped; the JDK's own children are left to it. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class OrphanTest {
    private static final int PR_SET_CHILD_SUBREAPER = 36;

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

    /** The whole process is the subreaper: other test classes must not find themselves so. */
    @AfterEach
    void noSubreaper() {
        assertThat(Function.getFunction("c", "prctl").invokeInt(new Object[] {PR_SET_CHILD_SUBREAPER, 0L, 0L, 0L, 0L}))
                .isZero();
    }

    @Test
    void anOrphanIsAdoptedToldAndReaped() throws Exception {
        try (Reactor reactor =
                new LinuxBackend(keepers).open(ReactorOptions.defaults().withSubreaper(true))) {
            Listening heard = new Listening();
            reactor.spawnProcess(
                    heard, SpawnRequest.of("/bin/sh", "-c", "setsid sleep 3 </dev/null >/dev/null 2>&1 & echo $!"));
            assertThat(heard.awaitEnded()).isEqualTo(new ProcessDone(0));
            long orphan = Long.parseLong(heard.text().strip());
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> told.contains("adopted " + orphan));
            assertThat(ChildStat.read(orphan).orElseThrow().parentPid())
                    .isEqualTo(ProcessHandle.current().pid());
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> told.contains("orphan reaped " + orphan));
            assertThat(ChildStat.read(orphan)).isEmpty();
        }
    }

    @Test
    void exitCodesOfTheJdksOwnChildrenAreLeftToIt() throws Exception {
        try (Reactor reactor =
                new LinuxBackend(keepers).open(ReactorOptions.defaults().withSubreaper(true))) {
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
