package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A while without descriptors, in which the guardian dies as well, costs no tree its guard. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class ShortageTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();

    @Test
    void whatWasGuardedBeforeIsGuardedAfterwards() throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class)) {
            ProcessId daemon = jvm.nextProcess("daemon");
            assertThat(jvm.next("short")).isEqualTo("[" + daemon.pid() + "]");
            // No descriptor for its pipes; with some, no guardian.
            assertThat(jvm.next("refused")).isIn("DESCRIPTORS", "GUARD");
            jvm.next("guardian");
            assertThat(jvm.next("tree")).isEqualTo("[" + daemon.pid() + "]");

            jvm.kill();

            await().atMost(SOON).until(() -> !proc.isAlive(daemon));
        }
    }

    /** Keeps a tree whose root has ended; is short of descriptors for half a second; then waits to be killed. */
    static final class Host {
        private static final int RLIMIT_NOFILE = 7;
        private static final int ENOUGH = 4096;
        private static final int SIGKILL = 9;

        private final ProcFs proc = ProcFs.system();
        private final Reactor reactor;

        private Host(Reactor reactor) {
            this.reactor = reactor;
        }

        public static void main(String[] arguments) throws Exception {
            loadEverything();
            try (Reactor reactor = new LinuxBackend()
                    .open(ReactorOptions.defaults()
                            .withSubreaper(true)
                            .withErrorHandler((where, error) -> Told.say(where + ": " + error)))) {
                new Host(reactor).run();
                Told.awaitGo();
            }
        }

        private void run() throws Exception {
            ProcessTransport root =
                    Told.sh(reactor, "setsid sleep 300 </dev/null >/dev/null 2>&1 & echo daemon $!", true);
            await().atMost(SOON).until(() -> reactor.call(root::state) == ProcessTransport.State.ENDED);
            await().atMost(SOON).until(() -> pids(root).size() == 1);
            long guardian = guardian().get(0);
            limitDescriptors(3);
            Libc.kill((int) guardian, SIGKILL);
            CompletableFuture<Boolean> aWhile = new CompletableFuture<>();
            reactor.callLater(Duration.ofMillis(500), () -> aWhile.complete(true));
            aWhile.get(30, TimeUnit.SECONDS);
            List<Long> seen = pids(root);
            String refusal = refusal();
            limitDescriptors(ENOUGH);
            Told.say("short " + seen);
            Told.say("refused " + refusal);
            await().atMost(SOON)
                    .until(() -> !guardian().isEmpty() && !guardian().contains(guardian));
            Told.say("guardian " + guardian().get(0));
            Told.say("tree " + pids(root));
        }

        private String refusal() {
            try {
                Told.sh(reactor, "echo not refused", true);
                return "nothing";
            } catch (SpawnException e) {
                return e.step().name();
            } catch (Exception e) {
                return e.toString();
            }
        }

        private List<Long> pids(ProcessTransport root) throws Exception {
            return reactor.call(root::tree).stream().map(ProcessInfo::pid).toList();
        }

        private List<Long> guardian() {
            return proc.ownChildren().stream()
                    .filter(pid -> proc.command(pid).orElse("").startsWith("/bin/sh -c self=$$"))
                    .toList();
        }

        private static void limitDescriptors(long soft) {
            try (Memory limit = new Memory(2 * Long.BYTES)) {
                limit.setLong(0, soft);
                limit.setLong(Long.BYTES, ENOUGH);
                Function.getFunction("c", "setrlimit").invokeInt(new Object[] {RLIMIT_NOFILE, limit});
            }
        }

        /** A class that is not there yet could not be loaded without a descriptor, and never again then. */
        private static void loadEverything() throws Exception {
            for (Class<?> known : List.of(LinuxBackend.class, Host.class)) {
                Path folder = Path.of(known.getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI());
                try (Stream<Path> files = Files.walk(folder)) {
                    for (Path file : files.filter(path -> path.toString().matches(".*/launcher/.*\\.class"))
                            .filter(path -> !path.toString().contains("-info"))
                            .toList()) {
                        String name = folder.relativize(file).toString().replace('/', '.');
                        load(name.substring(0, name.length() - ".class".length()));
                    }
                }
            }
        }

        private static void load(String name) throws IOException {
            try {
                Class.forName(name, false, Host.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                throw new IOException(e);
            }
        }
    }
}
