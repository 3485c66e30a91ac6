package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ProcessTransport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pace: producers towards the child's input, and the transport as the producer of the child's output. */
abstract class ProducerContract extends BackendContract {
    /** More than any pipe holds: 1 MiB without privileges. */
    private static final int BLOCK = 2 << 20;

    @Test
    @Shows(Row.PRODUCER)
    void aPushProducerIsPausedOverTheMarkAndResumedWhenAllIsWritten(@TempDir Path directory) throws Exception {
        // It reads nothing before it is told to: else what is written could all be gone before it is counted.
        Path go = directory.resolve("go");
        Child child = spawn(Steps.of().awaitFile(go).copyInput());
        Feeder feeder = new Feeder();
        child.does(process -> {
            process.registerProducer(feeder, true);
            process.write(ByteBuffer.allocate(0));
        });
        assertThat(feeder.told()).isEmpty();
        child.does(process -> {
            process.write(ByteBuffer.allocate(BLOCK));
            assertThat(feeder.told()).containsExactly("pause");
            process.write(ByteBuffer.allocate(BLOCK));
            assertThat(feeder.told()).containsExactly("pause");
        });
        Files.createFile(go);
        child.heard().await("all", () -> child.heard().count(1) == 2 * BLOCK);
        Awaitility.await().atMost(Recorder.DEADLINE).until(() -> feeder.told().size() == 2);
        assertThat(feeder.told()).containsExactly("pause", "resume");
        assertThat(child.asked(ProcessTransport::queuedBytes)).isZero();
        child.does(ProcessTransport::unregisterProducer);
        child.closesStdin();
        child.heard().awaitEnded();
        assertThat(feeder.told()).containsExactly("pause", "resume");
    }

    @Test
    @Shows(Row.PRODUCER)
    void aPullProducerIsAskedForEachPiece() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        AtomicInteger pieces = new AtomicInteger();
        Feeder[] feeder = new Feeder[1];
        child.does(process -> {
            feeder[0] = new Feeder(() -> {
                int piece = pieces.getAndIncrement();
                if (piece < 20) {
                    process.write(filled(50_000, piece));
                } else {
                    process.unregisterProducer();
                    process.closeStdin();
                }
            });
            process.registerProducer(feeder[0], false);
            assertThat(feeder[0].told()).startsWith("resume");
        });
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        byte[] echoed = child.heard().bytes(1);
        assertThat(echoed).hasSize(1_000_000);
        for (int i = 0; i < echoed.length; i++) {
            if (echoed[i] != (byte) (i / 50_000)) {
                throw new AssertionError("byte " + i + " is " + echoed[i]);
            }
        }
        assertThat(feeder[0].told()).hasSize(21).containsOnly("resume");
    }

    private static ByteBuffer filled(int size, int value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, (byte) value);
        return ByteBuffer.wrap(bytes);
    }

    @Test
    @Shows(Row.PRODUCER)
    void aSecondProducerIsRefused() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        child.does(process -> process.registerProducer(new Feeder(), true));
        assertThatThrownBy(() -> child.does(process -> process.registerProducer(new Feeder(), true)))
                .isInstanceOf(IllegalStateException.class);
        child.does(process -> {
            process.unregisterProducer();
            process.unregisterProducer();
            process.registerProducer(new Feeder(), true);
            process.unregisterProducer();
        });
        child.closesStdin();
        child.heard().awaitEnded();
    }

    @Test
    @Shows({Row.PRODUCER, Row.CLOSE_CHILD_FD})
    void standardInputClosesAfterTheQueueAndTheProducer() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        child.does(process -> {
            process.registerProducer(new Feeder(), true);
            process.write(filled(300_000, 1));
            process.closeStdin();
        });
        child.heard().await("the first part", () -> child.heard().count(1) == 300_000);
        assertThat(child.heard().lost(0)).isFalse();
        child.does(process -> {
            process.write(filled(200_000, 2));
            process.unregisterProducer();
            process.write(filled(1, 3));
        });
        child.heard().awaitEnded();
        assertThat(child.heard().count(1)).isEqualTo(500_000);
    }

    @Test
    @Shows(Row.PRODUCER)
    void onAClosedInputAProducerIsStoppedAndNotRegistered() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        Feeder push = new Feeder();
        Feeder pull = new Feeder();
        child.does(process -> {
            process.closeStdin();
            process.registerProducer(push, true);
            process.registerProducer(pull, false);
        });
        child.heard().awaitEnded();
        Feeder late = new Feeder();
        child.does(process -> process.registerProducer(late, true));
        for (Feeder feeder : Arrays.asList(push, pull, late)) {
            assertThat(feeder.told()).containsExactly("stop");
        }
    }

    @Test
    @Shows({Row.PRODUCER, Row.END})
    void theProducerOfADeadChildIsStoppedOnce() throws Exception {
        Child child = spawn(Programs.READY_SLEEP.command());
        child.heard().awaitText(1, "ready");
        Feeder feeder = new Feeder();
        child.does(process -> {
            process.registerProducer(feeder, true);
            process.write(ByteBuffer.allocate(BLOCK));
        });
        child.isKilled();
        assertThat(feeder.told()).containsExactly("pause", "stop");
        child.does(ProcessTransport::unregisterProducer);
        assertThat(feeder.told()).containsExactly("pause", "stop");
    }

    @Test
    @Shows({Row.PRODUCER, Row.CALLBACK_ISOLATION})
    void aProducerThatThrowsDisturbsNobody() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        child.does(process -> process.registerProducer(
                new Feeder(() -> {
                    throw new IllegalStateException("a producer of mine");
                }),
                false));
        child.does(process -> {
            process.unregisterProducer();
            process.write(filled(3, 'x'));
            process.closeStdin();
        });
        child.heard().awaitEnded();
        assertThat(child.heard().text(1)).isEqualTo("xxx");
        assertThat(takeThrown())
                .singleElement()
                .satisfies(thrown -> assertThat(thrown.error()).hasMessage("a producer of mine"));
    }

    private static long progress(Path file) {
        try {
            String text = Files.exists(file) ? Files.readString(file) : "";
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Test
    @Shows(Row.PRODUCING)
    void aPausedChildBlocksWithLittleInBetweenAndLosesNothing(@TempDir Path directory) throws Exception {
        int total = 40 << 20;
        Path file = directory.resolve("progress");
        Child child = spawn(Programs.FLOOD.command(Integer.toString(total), file.toString()));
        child.does(ProcessTransport::pauseProducing);
        // The same figure for 300 ms: the child's write blocks.
        Awaitility.await()
                .pollInterval(Duration.ofMillis(10))
                .atMost(Recorder.DEADLINE)
                .during(Duration.ofMillis(300))
                .until(new Steady(file)::holds);
        assertThat(progress(file)).isPositive();
        assertThat(progress(file) - child.heard().count(1)).isLessThan(4 << 20);
        long whilePaused = child.heard().count(1);
        long afterATurnOfTheReactor = child.<Long>asked(process -> child.heard().count(1));
        assertThat(afterATurnOfTheReactor).isEqualTo(whilePaused);
        child.does(ProcessTransport::resumeProducing);
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertFlood(child.heard().bytes(1), total);
    }

    private static final class Steady {
        private final Path file;
        private long last = -1;

        Steady(Path file) {
            this.file = file;
        }

        boolean holds() {
            long now = progress(file);
            boolean same = now > 0 && now == last;
            last = now;
            return same;
        }
    }

    static void assertFlood(byte[] bytes, int total) {
        assertThat(bytes.length).isEqualTo(total);
        for (int i = 0; i < total; i++) {
            if (bytes[i] != (byte) (i % 251)) {
                throw new AssertionError("byte " + i + " is " + bytes[i] + ", not " + i % 251);
            }
        }
    }

    @Test
    @Shows({Row.PRODUCING, Row.END})
    void whatAPausedChildLeftBehindComesAfterTheResume() throws Exception {
        Child child = spawn(Steps.of().readLine().out("last words\n"));
        child.does(ProcessTransport::pauseProducing);
        child.writes("go\n");
        child.heard().awaitExited();
        assertThat(child.heard().text(1)).isEmpty();
        assertThat(child.heard().has(Recorder.Ended.class)).isFalse();
        child.does(ProcessTransport::resumeProducing);
        child.heard().awaitEnded();
        assertThat(child.heard().text(1)).isEqualTo("last words\n");
    }

    @Test
    @Shows(Row.PRODUCING)
    void pausingAndResumingManyTimesKeepsEveryByte() throws Exception {
        int total = 8 << 20;
        Child child = spawn(Programs.FLOOD.command(Integer.toString(total)));
        while (!child.heard().has(Recorder.Ended.class)) {
            child.does(process -> {
                process.pauseProducing();
                process.pauseProducing();
            });
            child.does(ProcessTransport::resumeProducing);
        }
        assertFlood(child.heard().bytes(1), total);
    }

    @Test
    @Shows(Row.PRODUCING)
    void drainAvailableGivesWhatWasWrittenEvenWhilePaused(@TempDir Path directory) throws Exception {
        Path witness = directory.resolve("witness");
        Child child = spawn(Steps.of()
                .readLine()
                .out("one\n")
                .err("two\n")
                .writeFile(witness, "written\n")
                .sleep(60));
        child.does(ProcessTransport::pauseProducing);
        child.writes("go\n");
        Awaitility.await().atMost(Recorder.DEADLINE).until(() -> Files.exists(witness) && Files.size(witness) > 0);
        assertThat(child.heard().text(1)).isEmpty();
        child.does(process -> {
            process.drainAvailable();
            assertThat(child.heard().text(1)).isEqualTo("one\n");
            assertThat(child.heard().text(2)).isEqualTo("two\n");
            process.drainAvailable();
        });
        child.does(ProcessTransport::resumeProducing);
        child.isKilled();
        assertThat(child.heard().text(1)).isEqualTo("one\n");
    }

    @Test
    @Shows({Row.PRODUCING, Row.LOSE_CONNECTION})
    void stopProducingLosesTheConnection() throws Exception {
        Child child = spawn(Programs.FLOOD.command("1000000000000"));
        child.heard().await("data", () -> child.heard().count(1) > 0);
        child.does(ProcessTransport::stopProducing);
        assertThat(child.heard().awaitEnded()).isInstanceOf(ProcessTerminated.class);
        for (int fd = 0; fd <= 2; fd++) {
            assertThat(Collections.frequency(child.heard().events(), new Recorder.Lost(fd)))
                    .isOne();
        }
        child.does(process -> {
            process.stopProducing();
            process.pauseProducing();
            process.resumeProducing();
        });
    }
}
