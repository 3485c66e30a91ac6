package dev.gantry.launcher.linux;

import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A guarded tree is kept until its last process has ended, and not longer, whether or not orphans come to us. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ForgottenTreeTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTreeIsForgottenWhenItsLastProcessHasEnded(boolean subreaper) throws Exception {
        try (LinuxReactor reactor =
                (LinuxReactor) new LinuxBackend().open(ReactorOptions.defaults().withSubreaper(subreaper))) {
            Listening heard = new Listening();
            ProcessTransport root = reactor.spawnProcess(
                    heard, SpawnRequest.of("/bin/sh", "-c", """
                    setsid sleep 300 </dev/null >/dev/null 2>&1 &
                    echo $!
                    read x
                    """).withGuarded(true));
            ProcessId daemon =
                    proc.identity(Long.parseLong(heard.awaitOutput().strip())).orElseThrow();
            // Seen while its parent lives: then it is known when that has ended.
            await().atMost(SOON).until(() -> reactor.call(() -> root.tree().size()) == 2);
            reactor.call(() -> {
                root.closeStdin();
                return true;
            });
            heard.awaitEnded();
            await().during(LookPace.BUSY.multipliedBy(5)).atMost(SOON).until(() -> isBusy(reactor));

            TestChild.kill(daemon);

            await().atMost(SOON).until(() -> !isBusy(reactor));
        }
    }

    private static boolean isBusy(LinuxReactor reactor) throws Exception {
        return reactor.call(() -> reactor.keeper().isBusy());
    }
}
