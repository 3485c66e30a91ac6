package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes to a subreaper and is not of the guarded tree lives on when that is killed; who is of it does not. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class StrangersTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    /** Leaves a process in a session of its own that holds none of our pipes. */
    private static final String DAEMON = "(setsid sleep 300 </dev/null >/dev/null 2>&1 & echo daemon $!)";

    private final ProcFs proc = ProcFs.system();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a child of java.lang.Process",
                "a child of java.lang.Process whose thread has ended",
                "a daemon of java.lang.Process",
                "a daemon of an unguarded process",
                "a daemon of a released process",
                "a daemon of another guarded process"
            })
    void strangersOutliveATree(String stranger) throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class, stranger)) {
            ProcessId root = jvm.nextProcess("root");
            ProcessId other = jvm.nextProcess("daemon");
            jvm.go();
            assertThat(jvm.next("tree")).isEqualTo("[" + root.pid() + "]");
            jvm.next("killed");
            await().atMost(SOON).until(() -> !proc.isAlive(root));
            assertThat(proc.isAlive(other)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "its own daemon",
                "its own daemon, after another tree",
                "its own daemon that was seen before, beside others",
                "its own daemon with a pipe, beside others",
                "its own daemon in a session that was seen before, beside others"
            })
    void descendantsDoNot(String descendant) throws Exception {
        try (OwnJvm jvm = OwnJvm.start(Host.class, descendant)) {
            jvm.nextProcess("root");
            ProcessId daemon = jvm.nextProcess("daemon");
            jvm.go();
            assertThat(jvm.next("tree")).contains(Long.toString(daemon.pid()));
            jvm.next("killed");
            await().atMost(SOON).until(() -> !proc.isAlive(daemon));
        }
    }

    /** Starts a guarded tree and somebody else; when it is told to go on, it shows the tree and kills it. */
    static final class Host {
        private final ProcFs proc = ProcFs.system();
        private final Reactor reactor;
        private volatile long daemon;

        private Host(Reactor reactor) {
            this.reactor = reactor;
        }

        public static void main(String[] arguments) throws Exception {
            try (Reactor reactor =
                    new LinuxBackend().open(ReactorOptions.defaults().withSubreaper(true))) {
                Host host = new Host(reactor);
                ProcessTransport root = arguments[0].startsWith("its own")
                        ? host.startTree(arguments[0])
                        : host.startTreeAndStranger(arguments[0]);
                Told.awaitGo();
                host.showAndKill(root);
                Told.awaitGo();
            }
        }

        private ProcessTransport startTreeAndStranger(String stranger) throws Exception {
            ProcessTransport tree = tree("");
            switch (stranger) {
                case "a child of java.lang.Process" -> startOther("echo daemon $$; exec sleep 300");
                case "a child of java.lang.Process whose thread has ended" -> {
                    Thread thread = new Thread(() -> startOther("echo daemon $$; exec sleep 300"));
                    thread.start();
                    thread.join();
                }
                case "a daemon of java.lang.Process" -> startOther(DAEMON);
                case "a daemon of an unguarded process" -> sh(DAEMON, false);
                case "a daemon of a released process" -> {
                    ProcessTransport other = sh("read x; " + DAEMON, true);
                    reactor.execute(() -> {
                        other.release();
                        Told.goOn(other);
                    });
                }
                case "a daemon of another guarded process" -> sh(DAEMON, true);
                default -> throw new IllegalArgumentException(stranger);
            }
            return tree;
        }

        private ProcessTransport startTree(String how) throws Exception {
            if (how.endsWith("beside others")) {
                sh("read x", false);
            }
            return switch (how) {
                case "its own daemon" -> tree(DAEMON);
                case "its own daemon, after another tree" -> {
                    ProcessTransport before = sh("exit 0", true);
                    await().atMost(SOON).until(() -> reactor.call(before::state) == ProcessTransport.State.ENDED);
                    yield tree(DAEMON);
                }
                case "its own daemon with a pipe, beside others" ->
                    tree("(setsid sleep 300 </dev/null 2>/dev/null & echo daemon $!)");
                case "its own daemon that was seen before, beside others" ->
                    seenBefore("(setsid sleep 300 </dev/null >/dev/null 2>&1 & echo daemon $!; read x)", 3);
                case "its own daemon in a session that was seen before, beside others" ->
                    seenBefore(
                            "setsid sh -c 'read x; (sleep 300 </dev/null >/dev/null 2>&1 & echo daemon $!); read x'",
                            2);
                default -> throw new IllegalArgumentException(how);
            };
        }

        private ProcessTransport tree(String script) throws Exception {
            return sh("echo root $$; " + script + "\nexec sleep 300", true);
        }

        /** The script goes on when it has read a line, which it is given when so many were seen. */
        private ProcessTransport seenBefore(String script, int count) throws Exception {
            ProcessTransport tree = tree(script);
            await().atMost(SOON).until(() -> reactor.call(tree::tree).size() >= count);
            reactor.execute(() -> Told.goOn(tree));
            return tree;
        }

        private ProcessTransport sh(String script, boolean guarded) throws Exception {
            return Told.sh(reactor, script, guarded, this::hear);
        }

        private void hear(String line) {
            if (line.startsWith("daemon ")) {
                daemon = Long.parseLong(line.substring("daemon ".length()));
            }
        }

        private void startOther(String script) {
            try {
                Process process = new ProcessBuilder("/bin/sh", "-c", script).start();
                String line = process.inputReader().readLine();
                hear(line);
                Told.say(line);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void showAndKill(ProcessTransport root) throws Exception {
            // Whoever left the daemon has ended, or is about to: it becomes our child.
            await().atMost(SOON).until(() -> proc.stat(daemon).orElseThrow().parentPid() == proc.self());
            List<ProcessInfo> tree = reactor.call(root::tree);
            Told.say("tree " + tree.stream().map(ProcessInfo::pid).toList());
            reactor.call(() -> {
                root.signalTree(Signal.KILL);
                return true;
            });
            Told.say("killed all");
        }
    }
}
