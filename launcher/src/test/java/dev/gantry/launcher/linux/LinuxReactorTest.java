package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessExitedAlreadyException;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is this platform's own, beyond the contract of every backend. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class LinuxReactorTest {
    private static final WindowSize SIZE = new WindowSize(80, 24);

    private static Reactor open() throws IOException {
        return new LinuxBackend().open(ReactorOptions.defaults());
    }

    private static void does(Reactor reactor, Act act) throws Exception {
        reactor.call(() -> {
            act.run();
            return true;
        });
    }

    private interface Act {
        void run() throws Exception;
    }

    @Test
    void aPausedReactorWithAChildThatHungUpUsesNoProcessor() throws Exception {
        try (Reactor reactor = open()) {
            List<ProcessTransport> paused = new ArrayList<>();
            List<Listening> listening = new ArrayList<>();
            List<SpawnRequest> requests = List.of(
                    SpawnRequest.of("/bin/sh", "-c", "echo x"),
                    SpawnRequest.of("/bin/sh", "-c", "echo x").withPty(SIZE),
                    SpawnRequest.of("/bin/sh", "-c", "echo x >&3").withChildFd(3, ChildFd.readWrite()));
            for (SpawnRequest request : requests) {
                Listening heard = new Listening();
                paused.add(reactor.call(() -> {
                    ProcessTransport transport = reactor.spawnProcess(heard, request);
                    pause(transport, request, true);
                    return transport;
                }));
                listening.add(heard);
            }
            for (Listening heard : listening) {
                heard.awaitExited();
            }
            assertThat(usedInHalfASecond(reactor)).isLessThan(Duration.ofMillis(100));
            for (int i = 0; i < paused.size(); i++) {
                ProcessTransport transport = paused.get(i);
                assertThat(listening.get(i).text()).isEmpty();
                SpawnRequest request = requests.get(i);
                does(reactor, () -> pause(transport, request, false));
                listening.get(i).awaitEnded();
                assertThat(listening.get(i).text()).startsWith("x");
            }
        }
    }

    /** A conversation is paused by itself. */
    private static void pause(ProcessTransport transport, SpawnRequest request, boolean on) {
        if (request.childFds().containsKey(3)) {
            transport.setReading(3, !on);
        } else if (on) {
            transport.pauseProducing();
        } else {
            transport.resumeProducing();
        }
    }

    @Test
    void aPairThatTheChildHasHalfClosedUsesNoProcessor() throws Exception {
        String script = "import socket, sys\ns = socket.socket(fileno=3)\ns.shutdown(socket.SHUT_WR)\n"
                + "print('shut', flush=True)\nsys.stdin.read()";
        try (Reactor reactor = open()) {
            Listening heard = new Listening();
            ProcessTransport transport = reactor.spawnProcess(
                    heard,
                    SpawnRequest.of(Pythons.newest().executable().toString(), "-ISc", script)
                            .withChildFd(3, ChildFd.readWrite()));
            heard.awaitOutput();
            assertThat(usedInHalfASecond(reactor)).isLessThan(Duration.ofMillis(100));
            does(reactor, transport::closeStdin);
            heard.awaitEnded();
        }
    }

    /** How long the reactor's thread had a processor. */
    private static Duration usedInHalfASecond(Reactor reactor) throws Exception {
        long id = reactor.call(() -> Thread.currentThread().getId());
        long before = ManagementFactory.getThreadMXBean().getThreadCpuTime(id);
        CompletableFuture<String> later = new CompletableFuture<>();
        reactor.callLater(Duration.ofMillis(500), () -> later.complete("later"));
        later.get(30, TimeUnit.SECONDS);
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getThreadCpuTime(id) - before);
    }

    @Test
    void noOutputOfATerminalIsLostHoweverFastItEnds() throws Exception {
        try (Reactor reactor = open()) {
            for (int i = 0; i < 50; i++) {
                Listening heard = new Listening();
                reactor.spawnProcess(
                        heard, SpawnRequest.of("/bin/echo", "round " + i).withPty(SIZE));
                assertThat(heard.awaitEnded()).isEqualTo(new ProcessDone(0));
                assertThat(heard.text()).isEqualTo("round " + i + "\r\n");
            }
        }
    }

    @Test
    void drainingWithinACallbackLeavesThatCallbacksDataAlone(@TempDir Path directory) throws Exception {
        try (Reactor reactor = open()) {
            Listening inner = new Listening();
            ProcessTransport other = reactor.call(() -> {
                ProcessTransport transport = reactor.spawnProcess(
                        inner,
                        SpawnRequest.of("/bin/sh", "-c", "echo inner; : > written; exec cat")
                                .withWorkingDirectory(directory));
                transport.pauseProducing();
                return transport;
            });
            Awaitility.await().until(() -> Files.exists(directory.resolve("written")));
            CompletableFuture<String> seen = new CompletableFuture<>();
            ProcessProtocol draining = new ProcessProtocol() {
                @Override
                public void outReceived(ByteBuffer data) {
                    other.drainAvailable();
                    seen.complete(StandardCharsets.UTF_8.decode(data) + inner.text());
                }
            };
            reactor.spawnProcess(draining, SpawnRequest.of("/bin/echo", "outer"));
            assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo("outer\ninner\n");
            does(reactor, () -> other.signalProcess(Signal.KILL));
            does(reactor, other::resumeProducing);
            inner.awaitEnded();
        }
    }

    @Test
    void anUnguardedChildOutlivesTheReactorAndHearsOfItByItsPipes() throws Exception {
        Listening heard = new Listening();
        long pid;
        try (Reactor reactor = open()) {
            pid = reactor.spawnProcess(heard, SpawnRequest.of("/bin/cat")).pid();
            assertThat(ProcFs.system().stat(pid)).isPresent();
        }
        // cat ends at the end of its input, and is no zombie for long.
        Awaitility.await().until(() -> ProcFs.system().stat(pid).isEmpty());
        assertThat(heard.text()).isEmpty();
    }

    @Test
    void anEndThatSomebodyElseHasWaitedForIsTold() throws Exception {
        List<String> thrown = new CopyOnWriteArrayList<>();
        ReactorOptions options =
                ReactorOptions.defaults().withErrorHandler((where, error) -> thrown.add(where + ": " + error));
        try (Reactor reactor = new LinuxBackend().open(options)) {
            Listening heard = new Listening();
            ProcessTransport transport = reactor.call(() -> {
                ProcessTransport made = reactor.spawnProcess(heard, SpawnRequest.of("/bin/sleep", "100"));
                // Some code in this program that waits for children of others.
                PidFd.destroyChild(made.pid());
                return made;
            });
            // The kernel remembers since 6.15.
            ExitReason reason = heard.awaitExited();
            assertThat(reason).isIn(ExitReason.of(9), ExitReason.unknown());
            assertThat(heard.awaitEnded()).isEqualTo(reason);
            does(reactor, () -> {
                assertThat(transport.state()).isEqualTo(ProcessTransport.State.ENDED);
                assertThat(transport.exitReason()).contains(reason);
                assertThat(transport.usage().userTime()).isEmpty();
                assertThat(transport.usage()).isEqualTo(transport.usage());
                assertThatThrownBy(() -> transport.signalProcess(Signal.TERM))
                        .isInstanceOf(ProcessExitedAlreadyException.class);
            });
        }
        assertThat(thrown).isEmpty();
    }

    @Test
    void whoOpensAndClosesReactorsLeavesNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (Reactor reactor = open()) {
                reactor.warmUp();
                assertThat(reactor.call(reactor::inReactorThread)).isTrue();
            }
        }
    }

    /** Writes down what it is told. */
    private static final class Keeping extends ArrayList<String> implements TreeKeeper.Factory {
        private static final long serialVersionUID = 1L;
        private boolean refuses;

        @Override
        public Set<Capability> capabilities() {
            return Set.of(Capability.GUARDIAN);
        }

        @Override
        public TreeKeeper open(LinuxReactor reactor) {
            return new RecordingKeeper(this, () -> refuses);
        }
    }

    @Test
    void theKeeperHearsOfAGuardedProcessInOrder() throws Exception {
        Keeping keeping = new Keeping();
        Listening heard = new Listening();
        try (Reactor reactor = new LinuxBackend(keeping).open(ReactorOptions.defaults())) {
            assertThat(reactor.capabilities()).contains(Capability.GUARDIAN);
            ProcessTransport transport = reactor.spawnProcess(
                    heard,
                    SpawnRequest.of("/bin/cat")
                            .withChildFds(java.util.Map.of(0, ChildFd.write()))
                            .withGuarded(true));
            long pid = transport.pid();
            does(reactor, transport::closeStdin);
            heard.awaitEnded();
            does(reactor, transport::release);
            assertThat(keeping)
                    .hasSize(5)
                    .element(0)
                    .asString()
                    .matches("intend \\[pipe:\\[\\d+]] own group /bin/cat \\[/bin/cat]");
            assertThat(keeping.get(1)).startsWith("started " + pid + " ");
            assertThat(keeping.get(2)).matches("closed " + pid + " pipe:\\[\\d+]");
            assertThat(keeping.get(3)).isEqualTo("reaped " + pid);
            assertThat(keeping.get(4)).isEqualTo("release " + pid);
        }
        assertThat(keeping).last().isEqualTo("close");
    }

    @Test
    void withoutTheGuardianNoGuardedProcessIsStarted() throws Exception {
        Keeping keeping = new Keeping();
        keeping.refuses = true;
        try (Reactor reactor = new LinuxBackend(keeping).open(ReactorOptions.defaults())) {
            assertThatThrownBy(() -> reactor.spawnProcess(
                            new Listening(), SpawnRequest.of("/bin/true").withGuarded(true)))
                    .isInstanceOfSatisfying(
                            SpawnException.class,
                            failure -> assertThat(failure.step()).isEqualTo(Step.GUARD));
        }
    }

    @Test
    void aGuardedProcessThatCannotRunIsWithdrawn() throws Exception {
        Keeping keeping = new Keeping();
        Path program = Files.createTempFile("gantry", ".bin");
        try (Reactor reactor = new LinuxBackend(keeping).open(ReactorOptions.defaults())) {
            assertThat(program.toFile().setExecutable(true)).isTrue();
            assertThatThrownBy(() -> reactor.spawnProcess(
                            new Listening(), SpawnRequest.of(program.toString()).withGuarded(true)))
                    .isInstanceOf(SpawnException.class);
            assertThat(keeping).element(1).isEqualTo("failed");
        } finally {
            Files.delete(program);
        }
    }
}
