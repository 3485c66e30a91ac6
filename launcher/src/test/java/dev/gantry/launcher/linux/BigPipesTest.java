package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Big pipes are for the first few: the rest of what a user may hold in pipes is left to all his programs. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class BigPipesTest {
    private static final int F_GETPIPE_SZ = 1032;
    private static final int USUAL = 65_536;
    private static final int FEW = BigPipes.MOST / 2;

    private final List<ProcessTransport> started = new ArrayList<>();
    private final List<Listening> heard = new ArrayList<>();
    private Reactor reactor;

    @BeforeEach
    void open() throws Exception {
        reactor = new LinuxBackend().open(ReactorOptions.defaults());
    }

    @AfterEach
    void close() {
        reactor.close();
    }

    private int sizeOfNextPipe() throws Exception {
        Listening listening = new Listening();
        started.add(reactor.spawnProcess(listening, SpawnRequest.of("/bin/cat")));
        heard.add(listening);
        return pipeSize(started.get(started.size() - 1).pid());
    }

    private static int pipeSize(long pid) throws SystemCallException {
        int fd = Descriptors.open("/proc/" + pid + "/fd/1", Libc.O_WRONLY, 0);
        try {
            return Libc.fcntl(fd, F_GETPIPE_SZ, 0);
        } finally {
            Descriptors.close(fd);
        }
    }

    private void end(int index) throws Exception {
        reactor.call(() -> {
            started.get(index).closeStdin();
            return true;
        });
        heard.get(index).awaitEnded();
    }

    @Test
    void theFirstFewAreBigAndTheOthersUsual() throws Exception {
        int lone = sizeOfNextPipe();
        assertThat(lone).isEqualTo(BigPipes.BYTES);
        for (int i = 1; i < FEW; i++) {
            assertThat(sizeOfNextPipe()).isEqualTo(lone);
        }
        assertThat(sizeOfNextPipe()).isLessThanOrEqualTo(USUAL);
        end(0);
        assertThat(sizeOfNextPipe()).isEqualTo(lone);
        assertThat(sizeOfNextPipe()).isLessThanOrEqualTo(USUAL);
        for (int i = 1; i < started.size(); i++) {
            end(i);
        }
    }

    @Test
    void aStartThatFailsTakesNoneAway() throws Exception {
        for (int i = 0; i < 2 * FEW; i++) {
            Listening listening = new Listening();
            assertThat(catchThrowable(() -> reactor.spawnProcess(
                            listening,
                            SpawnRequest.of("/bin/cat").withEnvironment(Map.of("HUGE", "x".repeat(3_000_000))))))
                    .isInstanceOf(SpawnException.class);
        }
        assertThat(sizeOfNextPipe()).isEqualTo(BigPipes.BYTES);
        end(0);
    }
}
