package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Producer;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A transport used from within its own callbacks, a reactor closed under live children, reactors beside each other. */
abstract class CallbackContract extends BackendContract {
    /** Passes everything on to a recorder; tests override what they act in. */
    private abstract static class Acting implements ProcessProtocol {
        final Recorder heard = Recorder.keeping();
        private List<ProcessTransport> own = List.of();

        ProcessTransport own() {
            return own.get(0);
        }

        @Override
        public void connectionMade(ProcessTransport transport) {
            own = List.of(transport);
            heard.connectionMade(transport);
        }

        @Override
        public void childDataReceived(int childFd, ByteBuffer data) {
            heard.childDataReceived(childFd, data);
        }

        @Override
        public void childConnectionLost(int childFd) {
            heard.childConnectionLost(childFd);
        }

        @Override
        public void processExited(ExitReason reason) {
            heard.processExited(reason);
        }

        @Override
        public void processEnded(ExitReason reason) {
            heard.processEnded(reason);
        }
    }

    @Test
    @Shows({Row.WRITE, Row.SPAWN_PROCESS})
    void writingAndClosingInConnectionMade() throws Exception {
        Acting protocol = new Acting() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.write(ByteBuffer.wrap("early".getBytes(StandardCharsets.UTF_8)));
                transport.closeStdin();
            }
        };
        reactor().spawnProcess(protocol, SpawnRequest.of(Programs.ECHO.command()));
        assertThat(protocol.heard.awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(protocol.heard.text(1)).isEqualTo("early");
    }

    @Test
    @Shows({Row.LOSE_CONNECTION, Row.SPAWN_PROCESS})
    void losingTheConnectionInConnectionMade() throws Exception {
        Acting protocol = new Acting() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                super.connectionMade(transport);
                transport.loseConnection();
            }
        };
        reactor().spawnProcess(protocol, request(Steps.of().copyInput().exit(6)));
        assertThat(protocol.heard.awaitEnded().shellCode()).isEqualTo(6);
        assertThat(protocol.heard.events())
                .hasSize(6)
                .contains(new Recorder.Lost(0), new Recorder.Lost(1), new Recorder.Lost(2));
    }

    @Test
    @Shows({Row.PRODUCING, Row.SPAWN_PROCESS})
    void pausingInTheDataCallbackHoldsTheNextPieceBack() throws Exception {
        AtomicInteger pieces = new AtomicInteger();
        Acting protocol = new Acting() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                // Before the recorder wakes the test, which looks at the count.
                pieces.incrementAndGet();
                super.childDataReceived(childFd, data);
                own().pauseProducing();
            }
        };
        ProcessTransport transport =
                reactor().spawnProcess(protocol, SpawnRequest.of(Programs.FLOOD.command("1000000")));
        Child child = new Child(reactor(), protocol.heard, transport);
        for (int resumed = 1; protocol.heard.count(1) < 1_000_000; resumed++) {
            int expected = resumed;
            protocol.heard.await("piece " + expected, () -> pieces.get() >= expected);
            // A turn of the reactor, and another: nothing comes while paused.
            child.does(process -> {});
            child.does(process -> {});
            assertThat(pieces.get()).isEqualTo(expected);
            child.does(ProcessTransport::resumeProducing);
        }
        child.does(ProcessTransport::resumeProducing);
        assertThat(protocol.heard.awaitEnded()).isEqualTo(new ProcessDone(0));
        ProducerContract.assertFlood(protocol.heard.bytes(1), 1_000_000);
    }

    @Test
    @Shows({Row.CLOSE_CHILD_FD, Row.CONNECTION_LOST})
    void closingInTheDataCallbackEndsTheData() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        Acting protocol = new Acting() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                super.childDataReceived(childFd, data);
                order.add("before");
                own().closeStdout();
                order.add("after");
            }

            @Override
            public void childConnectionLost(int childFd) {
                super.childConnectionLost(childFd);
                order.add("lost " + childFd);
            }
        };
        reactor().spawnProcess(protocol, SpawnRequest.of(Programs.FLOOD.command("100000000")));
        protocol.heard.awaitEnded();
        // Not called back from within his own call.
        assertThat(order).startsWith("before", "after");
        assertThat(order).containsOnlyOnce("lost 1");
        // What its interpreter says of the broken pipe may come on 2.
        assertThat(protocol.heard.count(1)).isLessThanOrEqualTo(65_536);
    }

    @Test
    @Shows({Row.SIGNAL_PROCESS, Row.END})
    void killingInTheDataCallback() throws Exception {
        Acting protocol = new Acting() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                super.childDataReceived(childFd, data);
                try {
                    own().signalProcess(Signal.KILL);
                } catch (IOException alreadyOrRefused) {
                    throw new UncheckedIOException(alreadyOrRefused);
                }
            }
        };
        reactor().spawnProcess(protocol, SpawnRequest.of(Programs.READY_SLEEP.command()));
        assertThat(protocol.heard.awaitEnded().shellCode()).isEqualTo(Platform.shellCodeAfter(Signal.KILL));
    }

    @Test
    @Shows({Row.PRODUCING, Row.CALLBACK_ISOLATION})
    void drainingInTheDataCallbackNeitherLoopsNorReorders() throws Exception {
        Acting protocol = new Acting() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                super.childDataReceived(childFd, data);
                own().drainAvailable();
            }
        };
        reactor().spawnProcess(protocol, SpawnRequest.of(Programs.FLOOD.command("3000000")));
        assertThat(protocol.heard.awaitEnded()).isEqualTo(new ProcessDone(0));
        ProducerContract.assertFlood(protocol.heard.bytes(1), 3_000_000);
    }

    @Test
    @Shows({Row.PRODUCER, Row.CALLBACK_ISOLATION})
    void aProducerThatUnregistersAndClosesWhenPaused(@TempDir Path directory) throws Exception {
        // Who read at once might take all as fast as it is written, and nobody would be paused.
        Path go = directory.resolve("go");
        Child child = spawn(Steps.of().awaitFile(go).copyInput());
        child.does(process -> {
            process.registerProducer(
                    new Producer() {
                        @Override
                        public void pauseProducing() {
                            process.unregisterProducer();
                            process.closeStdin();
                        }

                        @Override
                        public void resumeProducing() {
                            throw new IllegalStateException("resumed after unregistering");
                        }

                        @Override
                        public void stopProducing() {
                            throw new IllegalStateException("stopped after unregistering");
                        }
                    },
                    true);
            process.write(ByteBuffer.allocate(1_000_000));
            process.write(ByteBuffer.allocate(1));
        });
        Files.createFile(go);
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().count(1)).isEqualTo(1_000_000);
    }

    @Test
    @Shows({Row.END, Row.SPAWN_PROCESS})
    void closingTheReactorCallsNobodyBackAndKillsNoUnguardedChild() throws Exception {
        Reactor other = backend().open(ReactorOptions.defaults().withThreadName("reactor-other"));
        // It writes once more when its input ends: what still held its pipes sees that, and ends.
        Child child = Child.spawn(
                other,
                request(Steps.of().out("ready\n").copyInput().tryOut("late\n").sleep(60)));
        child.heard().awaitText(1, "ready");
        long pid = child.asked(ProcessTransport::pid);
        int heard = child.heard().events().size();
        other.close();
        ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
        assertThat(handle.isAlive()).isTrue();
        handle.destroyForcibly();
        assertThat(handle.onExit().get(20, TimeUnit.SECONDS)).isEqualTo(handle);
        assertThat(child.heard().events()).hasSize(heard);
        assertThatThrownBy(() -> child.does(ProcessTransport::loseConnection))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @Shows({Row.CALLBACK_ISOLATION, Row.END})
    void aReactorClosedInACallbackCallsNobodyBackAfterIt() throws Exception {
        Reactor other = backend().open(ReactorOptions.defaults().withThreadName("reactor-other"));
        CountDownLatch closed = new CountDownLatch(1);
        AtomicInteger callbacks = new AtomicInteger();
        ProcessProtocol closer = new ProcessProtocol() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                other.close();
                // Others may have come before, the loss of standard error for one.
                callbacks.set(0);
                closed.countDown();
            }

            @Override
            public void childConnectionLost(int childFd) {
                callbacks.incrementAndGet();
            }

            @Override
            public void processExited(ExitReason reason) {
                callbacks.incrementAndGet();
            }
        };
        other.spawnProcess(closer, request(Steps.of().out("hello\n")));
        assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        other.close();
        assertThat(callbacks.get()).isZero();
    }

    @Test
    @Shows({Row.SPAWN_PROCESS, Row.CALLBACK_ISOLATION})
    void twoReactorsDoNotTakeEachOthersChildren() throws Exception {
        try (Reactor other = backend().open(ReactorOptions.defaults().withThreadName("reactor-other"))) {
            List<Child> children = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                children.add(
                        Child.spawn(i % 2 == 0 ? reactor() : other, SpawnRequest.of(Programs.EXIT.command("" + i))));
            }
            Process plain = new ProcessBuilder(Programs.EXIT.command("77")).start();
            for (int i = 0; i < 20; i++) {
                assertThat(children.get(i).heard().awaitEnded().shellCode()).isEqualTo(i);
            }
            assertThat(plain.waitFor()).isEqualTo(77);
            plain.getInputStream().close();
            plain.getErrorStream().close();
            plain.getOutputStream().close();
        }
    }

    @Test
    @Shows({Row.SPAWN_EXCEPTION, Row.ARGUMENTS})
    void argumentsThatAreTooLongAreRefusedByTheSystem() {
        Recorder heard = Recorder.keeping();
        List<String> command = Programs.ECHO.command("x".repeat(3_000_000));
        assertThatThrownBy(() -> reactor().spawnProcess(heard, SpawnRequest.of(command)))
                .isInstanceOfSatisfying(SpawnException.class, failure -> {
                    assertThat(failure.step()).isEqualTo(Step.EXECUTE);
                    assertThat(failure.errno()).isIn(Platform.Refusal.TOO_LONG.errorNumbers());
                    assertThat(failure.file()).isEqualTo(command.get(0));
                });
        assertThat(heard.events()).isEmpty();
    }
}
