package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a child gets from us without being asked for: no other handle, and no deafness to Ctrl+C. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
@Timeout(60)
class InheritanceTest {
    @Test
    void aHandleThatCouldBeInheritedIsNot() throws Exception {
        PipePair pair = PipePair.childWrites();
        try (ReadBuffers buffers = new ReadBuffers();
                Reactor reactor = new WindowsBackend().open(ReactorOptions.defaults())) {
            Told told = new Told();
            ProcessTransport child = reactor.spawnProcess(told, SpawnRequest.of(Programs.READY_SLEEP.command()));
            told.ready.get(30, TimeUnit.SECONDS);
            assertThat(buffers.available(pair.ours())).isZero();
            Kernel32.CloseHandle(pair.childs());
            // Had the child a copy, the pipe would be whole as long as it lives.
            await().until(() -> buffers.available(pair.ours()) == -1);
            assertThat(told.ended).isNotDone();
            kill(reactor, child);
            told.ended.get(30, TimeUnit.SECONDS);
        } finally {
            Kernel32.CloseHandle(pair.ours());
        }
    }

    @Test
    void aChildHearsCtrlCThoughWeWereStartedToIgnoreIt() throws Exception {
        // As whoever was started in a process group of his own.
        Kernel32.SetConsoleCtrlHandler(null, 1);
        try (Reactor reactor = new WindowsBackend().open(ReactorOptions.defaults())) {
            Told told = new Told();
            ProcessTransport child = reactor.spawnProcess(told, SpawnRequest.of(Programs.READY_SLEEP.command()));
            told.ready.get(30, TimeUnit.SECONDS);
            reactor.call(() -> {
                child.signalProcess(Signal.INT);
                return true;
            });
            told.ended.get(30, TimeUnit.SECONDS);
        } finally {
            Kernel32.SetConsoleCtrlHandler(null, 0);
        }
    }

    private static void kill(Reactor reactor, ProcessTransport child) throws Exception {
        reactor.call(() -> {
            child.signalProcess(Signal.KILL);
            return true;
        });
    }
}
