package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
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
    private static final int FEW = BigPipes.MOST;
    private static final int FLOOD = 1_000_000;

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
        return sizeOfNextPipe(FLOOD);
    }

    /** That of a program which has written so many bytes, and reads now. */
    private int sizeOfNextPipe(int bytes) throws Exception {
        Listening listening = new Listening();
        String script = "head -c " + bytes + " /dev/zero; exec cat";
        started.add(reactor.spawnProcess(listening, SpawnRequest.of("/bin/sh", "-c", script)));
        heard.add(listening);
        Awaitility.await().until(() -> listening.text().length() == bytes);
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
    void theFirstFewFloodsHaveBigOnesAndTheOthersUsual() throws Exception {
        assertThat(sizeOfNextPipe(1000)).isLessThanOrEqualTo(USUAL);
        int lone = sizeOfNextPipe();
        assertThat(lone).isEqualTo(BigPipes.BYTES);
        for (int i = 1; i < FEW; i++) {
            assertThat(sizeOfNextPipe()).isEqualTo(lone);
        }
        assertThat(sizeOfNextPipe()).isLessThanOrEqualTo(USUAL);
        end(1);
        assertThat(sizeOfNextPipe()).isEqualTo(lone);
        assertThat(sizeOfNextPipe()).isLessThanOrEqualTo(USUAL);
        for (int i = 0; i < started.size(); i++) {
            if (i != 1) {
                end(i);
            }
        }
    }
}
