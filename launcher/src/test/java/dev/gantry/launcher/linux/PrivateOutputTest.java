package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A JVM of its own moves its standard output; this test is the one that reads both of its pipes. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class PrivateOutputTest {
    static final int BIG = 3_000_000;

    /** What the other JVM runs. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            try (OutputStream mine = new LinuxBackend().isolateStandardOutput()) {
                System.out.println("stray");
                mine.write("first\n".getBytes(StandardCharsets.UTF_8));
                new ProcessBuilder("/bin/echo", "a child's").inheritIO().start().waitFor();
                mine.write(new byte[BIG]);
                mine.write('!');
            }
        }
    }

    @Test
    void takesOfAPipeWhatThereIsRoomForAndLeavesItsModeAlone() throws Exception {
        Descriptors.Pair pipe = Descriptors.pipe();
        try (PrivateOutput output = new PrivateOutput(pipe.second())) {
            byte[] bytes = new byte[BIG];
            int taken = output.writeAvailable(bytes, 0, BIG);
            assertThat(taken).isPositive().isLessThan(BIG);
            assertThat(Descriptors.readable(pipe.first())).isEqualTo(taken);
            assertThat(output.writeAvailable(bytes, 0, 1)).isZero();
            int mode = Libc.fcntl(pipe.second(), Libc.F_GETFL, 0);
            assertThat(mode & Libc.O_NONBLOCK).isZero();
        } finally {
            Descriptors.close(pipe.first());
        }
    }

    @Test
    void aPipeThatWasFoundFullIsMadeBiggerAndAllArrives() throws Exception {
        Descriptors.Pair pipe = Descriptors.pipe();
        byte[] bytes = new byte[BIG];
        new Random(1).nextBytes(bytes);
        byte[] arrived = new byte[BIG];
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (PrivateOutput output = new PrivateOutput(pipe.second())) {
            // Closed before the output is: who waits for room must not wait for ever.
            try (DataInputStream reader = new DataInputStream(new FileInputStream("/proc/self/fd/" + pipe.first()))) {
                // More than an ordinary pipe holds, and nobody reads yet.
                writer.submit(() -> write(output, bytes, 0, PrivateOutput.BIG_PIPE / 2))
                        .get(60, TimeUnit.SECONDS);
                assertThat(Descriptors.readable(pipe.first())).isEqualTo(PrivateOutput.BIG_PIPE / 2);
                Future<?> rest = writer.submit(
                        () -> write(output, bytes, PrivateOutput.BIG_PIPE / 2, BIG - PrivateOutput.BIG_PIPE / 2));
                reader.readFully(arrived);
                rest.get(60, TimeUnit.SECONDS);
            } finally {
                Descriptors.close(pipe.first());
            }
        } finally {
            writer.shutdown();
        }
        assertThat(arrived).isEqualTo(bytes);
        assertThat(writer.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }

    private static Void write(OutputStream output, byte[] bytes, int from, int length) throws IOException {
        output.write(bytes, from, length);
        return null;
    }

    @Test
    void takesOfASocketWhatThereIsRoomForAndSaysWhenNobodyReads() throws Exception {
        Descriptors.Pair sockets = Descriptors.socketPair();
        try (PrivateOutput output = new PrivateOutput(sockets.second())) {
            byte[] bytes = new byte[BIG];
            assertThat(output.writeAvailable(bytes, 0, 10)).isEqualTo(10);
            assertThat(Descriptors.readable(sockets.first())).isEqualTo(10);
            assertThat(output.writeAvailable(bytes, 0, BIG)).isLessThan(BIG);
            Descriptors.close(sockets.first());
            assertThatThrownBy(() -> output.writeAvailable(bytes, 0, 1)).hasMessageContaining("EPIPE");
        }
    }

    @Test
    void takesNothingAtOnceOfAFile(@TempDir Path directory) throws Exception {
        int file = Descriptors.open(directory.resolve("file").toString(), Libc.O_WRONLY | Libc.O_CREAT, 0600);
        try (PrivateOutput output = new PrivateOutput(file)) {
            assertThat(output.writeAvailable(new byte[10], 0, 10)).isZero();
        }
    }

    @Test
    void onlyTheStreamWritesToWhatWasStandardOutput() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CompletableFuture<ExitReason> ended = new CompletableFuture<>();
        ProcessProtocol protocol = new ProcessProtocol() {
            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                (childFd == 1 ? out : err).writeBytes(bytes);
            }

            @Override
            public void processEnded(ExitReason reason) {
                ended.complete(reason);
            }
        };
        try (Reactor reactor = new LinuxBackend().open(ReactorOptions.defaults())) {
            ProcessTransport transport = reactor.spawnProcess(
                    protocol,
                    SpawnRequest.of(
                            java.toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Program.class.getName()));
            assertThat(transport.pid()).isPositive();
            assertThat(ended.get(100, TimeUnit.SECONDS)).isEqualTo(new ProcessDone(0));
        }
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("stray", "a child's");
        byte[] all = out.toByteArray();
        assertThat(all).hasSize(6 + BIG + 1);
        assertThat(new String(all, 0, 6, StandardCharsets.UTF_8)).isEqualTo("first\n");
        assertThat(all[all.length - 1]).isEqualTo((byte) '!');
    }
}
