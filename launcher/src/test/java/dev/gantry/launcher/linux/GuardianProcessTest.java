package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The running guardian, when somebody stops or kills it. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class GuardianProcessTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int MORE_THAN_ANY_PIPE_HOLDS = 1000;

    private final ProcFs proc = ProcFs.system();
    private final SignalSender sender = new PidFdSender(proc);
    private LinuxReactor reactor;
    private GuardianProcess guardian;

    @BeforeEach
    void open() throws Exception {
        reactor = (LinuxReactor) new LinuxBackend(NoTreeKeeper.FACTORY).open(ReactorOptions.defaults());
        guardian = new GuardianProcess(reactor);
        does(guardian::ensureRunning);
    }

    @AfterEach
    void close() throws Exception {
        does(() -> {
            guardian.endInput();
            guardian.awaitEnd(SOON);
        });
        reactor.close();
    }

    @Test
    void oneThatIsStoppedIsReplacedBeforeAnythingIsLost() throws Exception {
        try (TestChild child = TestChild.session("echo ready; read x")) {
            does(() -> ward().started(child.id()));
            ProcessId stopped = running();
            sender.send(stopped, Signal.STOP);
            await().atMost(SOON)
                    .until(() -> proc.stat(stopped.pid()).orElseThrow().isHeld());

            call(() -> fillThePipe(stopped.pid()));
            await().atMost(SOON).until(() -> isRunning() && !running().equals(stopped));
            assertThat(running()).isNotEqualTo(stopped);
            await().atMost(SOON).until(() -> proc.sight(stopped.pid()).provesGone(stopped));
            assertThat(child.isAlive()).isTrue();
            does(guardian::endInput);
            await().atMost(SOON).until(() -> !child.isAlive());
        }
    }

    @Test
    void oneThatIsKilledIsReplacedAndToldEverything() throws Exception {
        try (TestChild child = TestChild.session("echo ready; read x")) {
            does(() -> ward().started(child.id()));
            ProcessId first = running();
            sender.send(first, Signal.KILL);
            await().atMost(SOON).until(() -> isRunning() && !running().equals(first));

            does(guardian::endInput);

            await().atMost(SOON).until(() -> !child.isAlive());
        }
    }

    @Test
    void oneThatIsKilledAgainAndAgainIsReplacedAgainAndAgain() throws Exception {
        does(this::ward);
        List<ProcessId> killed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            await().atMost(SOON).until(this::isRunning);
            ProcessId current = running();
            killed.add(current);
            sender.send(current, Signal.KILL);
            await().atMost(SOON).until(() -> proc.sight(current.pid()).provesGone(current));
        }
        await().atMost(SOON).until(this::isRunning);
        assertThat(killed).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsStartedForNothing() throws Exception {
        ProcessId first = running();
        does(() -> ward().release());
        sender.send(first, Signal.KILL);

        await().atMost(SOON).until(() -> !isRunning());
        await().during(Duration.ofMillis(300)).atMost(SOON).until(() -> !isRunning());
    }

    private Guardian.Ward ward() throws IOException {
        return guardian.guardian().intend(proc.ticksNow(), List.of("pipe:[0]"));
    }

    /** Announces, and takes back, until this guardian refuses or is replaced, as one may that is not just starting. */
    private String fillThePipe(long stopped) {
        List<String> links = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            links.add("pipe:[0" + i + "]");
        }
        for (int i = 0; i < MORE_THAN_ANY_PIPE_HOLDS; i++) {
            try {
                guardian.guardian().intend(proc.ticksNow(), links).failed();
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining("does not read what it is told");
                return "refused";
            }
            if (guardian.pid().orElseThrow() != stopped) {
                return "replaced";
            }
        }
        throw new AssertionError("more was taken than a pipe can hold");
    }

    private boolean isRunning() throws Exception {
        return reactor.call(() -> guardian.isRunning() && guardian.pid().isPresent());
    }

    private ProcessId running() throws Exception {
        long pid = call(() -> guardian.pid().orElseThrow());
        return proc.identity(pid).orElseThrow();
    }

    private <T> T call(Callable<T> task) throws Exception {
        return reactor.call(task);
    }

    private interface Act {
        void act() throws Exception;
    }

    private void does(Act act) throws Exception {
        reactor.call(() -> {
            act.act();
            return true;
        });
    }
}
