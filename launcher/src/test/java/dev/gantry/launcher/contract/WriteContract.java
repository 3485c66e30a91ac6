package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.NoSuchChildFdException;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTerminated;
import dev.gantry.launcher.ProcessTransport;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes to the child: any size, in order, never blocking; and how descriptors close. */
abstract class WriteContract extends BackendContract {
    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 65_535, 65_536, 65_537, 1_000_003})
    @Shows(Row.WRITE)
    void anySizeComesBackByteForByte(int size) throws Exception {
        byte[] bytes = random(size);
        Child child = spawn(Programs.ECHO.command());
        child.writes(bytes);
        child.closesStdin();
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().bytes(1)).isEqualTo(bytes);
    }

    @Test
    @Shows(Row.WRITE)
    void manyPiecesKeepTheirOrder() throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        Child child = spawn(Programs.ECHO.command());
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] one = random(random.nextInt(3000));
            byte[] two = (i + ";").getBytes(StandardCharsets.UTF_8);
            expected.writeBytes(one);
            expected.writeBytes(two);
            expected.writeBytes(one);
            child.does(process -> {
                process.write(ByteBuffer.wrap(one));
                process.writeSequence(List.of(ByteBuffer.wrap(two), ByteBuffer.wrap(one)));
            });
        }
        child.closesStdin();
        child.heard().awaitEnded();
        assertThat(child.heard().bytes(1)).isEqualTo(expected.toByteArray());
    }

    @Test
    @Shows(Row.WRITE)
    void aBufferOfAnyKindIsTakenWholeAndFreeAtOnce() throws Exception {
        byte[] bytes = random(200_000);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        byte[] reused = bytes.clone();
        ByteBuffer slice = ByteBuffer.wrap(bytes, 1000, 500).slice();
        Child child = spawn(Programs.ECHO.command());
        child.does(process -> {
            process.write(direct);
            process.write(ByteBuffer.wrap(reused));
            Arrays.fill(reused, (byte) 0);
            process.write(slice.asReadOnlyBuffer());
        });
        assertThat(direct.remaining()).isZero();
        direct.clear().put(new byte[bytes.length]);
        child.closesStdin();
        child.heard().awaitEnded();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        expected.writeBytes(bytes);
        expected.writeBytes(bytes);
        expected.write(bytes, 1000, 500);
        assertThat(child.heard().bytes(1)).isEqualTo(expected.toByteArray());
    }

    @Test
    @Shows(Row.WRITE)
    void whatTheChildDoesNotReadIsQueuedAndDroppedAtItsExit() throws Exception {
        Child child = spawn(Programs.READY_SLEEP.command());
        child.heard().awaitText(1, "ready");
        child.writes(random(2_000_000));
        assertThat(child.asked(ProcessTransport::queuedBytes)).isBetween(1_000_000L, 2_000_000L);
        child.isKilled();
        assertThat(child.asked(ProcessTransport::queuedBytes)).isZero();
        assertThat(Collections.frequency(child.heard().events(), new Recorder.Lost(0)))
                .isOne();
    }

    @Test
    @Shows(Row.WRITE)
    void theQueueEmptiesAsTheChildReads() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        child.writes(random(3_000_000));
        child.heard().await("all bytes", () -> child.heard().count(1) == 3_000_000);
        // A thread that writes may say that it has written after the child has answered.
        Awaitility.await().until(() -> child.asked(ProcessTransport::queuedBytes) == 0);
        child.closesStdin();
        child.heard().awaitEnded();
    }

    @Test
    @Shows({Row.WRITE, Row.CLOSE_CHILD_FD})
    void writingAfterTheCloseOrTheEndDoesNothing() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        child.does(process -> {
            process.write(ByteBuffer.wrap(new byte[] {'a'}));
            process.closeStdin();
            process.write(ByteBuffer.wrap(new byte[] {'b'}));
        });
        child.heard().awaitEnded();
        child.writes("c");
        assertThat(child.asked(ProcessTransport::queuedBytes)).isZero();
        assertThat(child.heard().text(1)).isEqualTo("a");
    }

    @Test
    @Shows({Row.WRITE, Row.CONNECTION_LOST})
    void aChildThatClosesItsInputLosesThatAlone() throws Exception {
        Platform.requireInputOfItsOwn();
        Child child = spawn(Programs.CLOSE_STDIN.command());
        child.heard().awaitText(1, "ready");
        child.writes("nobody reads this");
        child.heard().awaitLost(0);
        child.writes("nor this");
        assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        assertThat(child.heard().lost(1)).isFalse();
        child.isKilled();
        assertThat(Collections.frequency(child.heard().events(), new Recorder.Lost(0)))
                .isOne();
    }

    @Test
    @Shows(Row.WRITE_TO_CHILD)
    void descriptorZeroIsStandardInput() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        child.does(process -> {
            process.writeToChild(0, ByteBuffer.wrap(new byte[] {'a'}));
            process.write(ByteBuffer.wrap(new byte[] {'b'}));
            process.closeChildFd(0);
            process.writeToChild(0, ByteBuffer.wrap(new byte[] {'c'}));
        });
        child.heard().awaitEnded();
        assertThat(child.heard().text(1)).isEqualTo("ab");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 77, -1})
    @Shows(Row.WRITE_TO_CHILD)
    void aDescriptorThatIsNotMappedForWritingIsRefused(int childFd) throws Exception {
        Child child = spawn(Programs.ECHO.command());
        ByteBuffer data = ByteBuffer.wrap(new byte[] {'a'});
        assertThatThrownBy(() -> child.does(process -> process.writeToChild(childFd, data)))
                .isInstanceOf(NoSuchChildFdException.class)
                .hasMessageContaining(Integer.toString(childFd));
        child.closesStdin();
        child.heard().awaitEnded();
        assertThatThrownBy(() -> child.does(process -> process.writeToChild(childFd, data)))
                .isInstanceOf(NoSuchChildFdException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 77, -1})
    @Shows(Row.CLOSE_CHILD_FD)
    void anUnknownDescriptorCannotBeClosed(int childFd) throws Exception {
        Child child = spawn(Programs.ECHO.command());
        assertThatThrownBy(() -> child.does(process -> process.closeChildFd(childFd)))
                .isInstanceOf(NoSuchChildFdException.class)
                .hasMessageContaining(Integer.toString(childFd));
        child.closesStdin();
        child.heard().awaitEnded();
    }

    @Test
    @Shows({Row.CLOSE_CHILD_FD, Row.CONNECTION_LOST})
    void closingIsIdempotentAndHeardOnce() throws Exception {
        Child child = spawn(Programs.READY_SLEEP.command());
        child.heard().awaitText(1, "ready");
        for (int i = 0; i < 3; i++) {
            child.does(process -> {
                process.closeStdin();
                process.closeChildFd(0);
                process.closeStdout();
                process.closeChildFd(1);
                process.closeStderr();
                process.closeChildFd(2);
            });
        }
        for (int fd = 0; fd <= 2; fd++) {
            child.heard().awaitLost(fd);
        }
        assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        child.isKilled();
        child.does(process -> process.closeChildFd(0));
        List<Recorder.Event> losses = new ArrayList<>(child.heard().events());
        losses.removeIf(event -> !(event instanceof Recorder.Lost));
        assertThat(losses).containsExactlyInAnyOrder(new Recorder.Lost(0), new Recorder.Lost(1), new Recorder.Lost(2));
    }

    @Test
    @Shows(Row.CLOSE_CHILD_FD)
    void aClosedOutputIsFeltByTheChildAndHeardNoMore() throws Exception {
        Child child = spawn(Programs.FLOOD.command("1000000000000"));
        child.heard().await("data", () -> child.heard().count(1) > 0);
        child.does(ProcessTransport::closeStdout);
        child.heard().awaitLost(1);
        long heardAtTheLoss = child.heard().count(1);
        // Its write fails: a broken pipe ends it, by signal or, in Python, by exception.
        assertThat(child.heard().awaitEnded()).isInstanceOf(ProcessTerminated.class);
        assertThat(child.heard().count(1)).isEqualTo(heardAtTheLoss);
    }

    @Test
    @Shows({Row.LOSE_CONNECTION, Row.CLOSE_CHILD_FD})
    void loseConnectionClosesAllWithoutSignalling() throws Exception {
        Child child = spawn(Programs.READY_SLEEP.command());
        child.heard().awaitText(1, "ready");
        child.does(ProcessTransport::loseConnection);
        for (int fd = 0; fd <= 2; fd++) {
            child.heard().awaitLost(fd);
        }
        assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        assertThat(ProcessHandle.of(child.asked(ProcessTransport::pid))
                        .orElseThrow()
                        .isAlive())
                .isTrue();
        child.isKilled();
        List<Recorder.Event> atTheEnd = child.heard().events();
        child.does(ProcessTransport::loseConnection);
        assertThat(child.heard().events()).isEqualTo(atTheEnd);
    }

    @Test
    @Shows(Row.LOSE_CONNECTION)
    void loseConnectionFirstWritesWhatIsQueued(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("bytes");
        Child copier = spawn(Steps.of().copyInputTo(file));
        byte[] bytes = random(1_500_000);
        copier.does(process -> {
            process.write(ByteBuffer.wrap(bytes));
            process.loseConnection();
        });
        assertThat(copier.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    @Shows(Row.LOSE_CONNECTION)
    void abortConnectionDropsTheQueueWhereLoseConnectionWaits() throws Exception {
        Child child = spawn(Programs.READY_SLEEP.command());
        child.heard().awaitText(1, "ready");
        child.writes(random(1_000_000));
        child.does(ProcessTransport::loseConnection);
        child.heard().awaitLost(1);
        child.heard().awaitLost(2);
        assertThat(child.heard().lost(0)).isFalse();
        child.does(ProcessTransport::abortConnection);
        child.heard().awaitLost(0);
        assertThat(child.asked(ProcessTransport::queuedBytes)).isZero();
        child.isKilled();
    }
}
