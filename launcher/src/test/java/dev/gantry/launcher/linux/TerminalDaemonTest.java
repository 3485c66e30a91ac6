package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon that a guarded program in a terminal leaves behind ends with whoever prepared the launch, unless that was released. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class TerminalDaemonTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();

    @ParameterizedTest
    @ValueSource(strings = {"killed", "closed"})
    void aDaemonEndsWithThePreparer(String how) throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class, "kept");
                TestScreen screen = new TestScreen("exec " + jvm.next("command"))) {
            ProcessId daemon = daemon(jvm, screen);
            if (how.equals("killed")) {
                jvm.kill();
            } else {
                jvm.go();
                jvm.awaitEnd();
            }

            await().atMost(SOON).until(() -> !proc.isAlive(daemon));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "closed"})
    void aDaemonOfAReleasedProgramLivesOn(String how) throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class, "released");
                TestScreen screen = new TestScreen("exec " + jvm.next("command"))) {
            ProcessId guardian = jvm.nextProcess("guardian");
            ProcessId daemon = daemon(jvm, screen);
            if (how.equals("killed")) {
                jvm.kill();
            } else {
                jvm.go();
                jvm.awaitEnd();
            }

            // It has done its work when it is gone itself.
            await().atMost(SOON).until(() -> !proc.isAlive(guardian));
            assertThat(proc.isAlive(daemon)).isTrue();
            TestChild.kill(daemon);
        }
    }

    /** The program has ended when this returns, and the daemon hangs on nobody who is ended. */
    private ProcessId daemon(OwnJvm jvm, TestScreen screen) throws Exception {
        ProcessId daemon = jvm.nextProcess("seen");
        screen.awaitText("daemon " + daemon.pid());
        screen.type("\n");
        jvm.next("ended");
        assertThat(proc.isAlive(daemon)).isTrue();
        return daemon;
    }

    /** Prepares the launch of a program that leaves a daemon, and tells what it sees of it. */
    static final class Host {
        private static final String PROGRAM =
                "setsid sleep 300 </dev/null >/dev/null 2>&1 & echo daemon $!; read x; exit 0";

        public static void main(String[] arguments) throws Exception {
            try (Reactor reactor = new LinuxBackend().open(ReactorOptions.defaults())) {
                CompletableFuture<ProcessTransport> made = new CompletableFuture<>();
                TerminalLaunch launch = reactor.prepareTerminalLaunch(
                        new ProcessProtocol() {
                            @Override
                            public void connectionMade(ProcessTransport transport) {
                                made.complete(transport);
                            }

                            @Override
                            public void processEnded(ExitReason reason) {
                                Told.say("ended " + reason);
                            }
                        },
                        SpawnRequest.of("sh", "-c", PROGRAM).withGuarded(true).withChildFds(Map.of()));
                Told.say("guardian " + guardian());
                Told.say("command " + String.join(" ", launch.command()));
                ProcessTransport transport = made.get(60, TimeUnit.SECONDS);
                await().atMost(SOON).until(() -> daemonOf(reactor, transport) != 0);
                if (arguments[0].equals("released")) {
                    reactor.call(() -> {
                        transport.release();
                        return true;
                    });
                }
                Told.say("seen " + daemonOf(reactor, transport));
                Told.awaitGo();
            }
        }

        private static long guardian() {
            return ProcFs.system().ownChildren().get(0);
        }

        private static long daemonOf(Reactor reactor, ProcessTransport program) throws Exception {
            return reactor.call(() -> program.tree().stream()
                    .filter(process -> process.command().equals("sleep 300"))
                    .mapToLong(ProcessInfo::pid)
                    .findFirst()
                    .orElse(0));
        }
    }
}
