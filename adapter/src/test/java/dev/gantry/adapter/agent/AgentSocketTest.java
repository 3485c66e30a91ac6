package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The test's thread is the reactor's. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "terminals of the client are Linux's")
@ExtendWith(LeakCheck.class)
class AgentSocketTest {
    @TempDir
    private Path folder;

    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private final Heard heard = new Heard();
    private final Reactor reactor = (Reactor) Proxy.newProxyInstance(
            Reactor.class.getClassLoader(), new Class<?>[] {Reactor.class}, (proxy, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("execute");
                posted.add((Runnable) arguments[0]);
                return null;
            });

    private static final class Heard implements AgentSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private boolean lost;

        @Override
        public void received(ByteBuffer data) {
            text.append(StandardCharsets.UTF_8.decode(data));
        }

        @Override
        public void connectionLost() {
            lost = true;
        }
    }

    private void runUntilLost() throws InterruptedException {
        while (!heard.lost) {
            Runnable next = posted.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("something posted").isNotNull();
            next.run();
        }
    }

    private static Path path(AgentSocket socket) {
        return Path.of(socket.word().substring("unix:".length()));
    }

    private static SocketChannel connected(AgentSocket socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path(socket)));
    }

    private static String read(SocketChannel from, int count) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(count);
        while (buffer.hasRemaining() && from.read(buffer) >= 0) {
            // until it is full, or over
        }
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsSentBeforeAnybodyComesArrivesAndSoDoTheLastWords() throws Exception {
        AgentSocket socket = AgentSocket.listen(reactor, folder);
        Path directory = path(socket).getParent();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        socket.open(heard);
        socket.send(ByteBuffer.wrap("first".getBytes(StandardCharsets.UTF_8)));
        try (SocketChannel agent = connected(socket)) {
            assertThat(read(agent, 5)).isEqualTo("first");
            assertThat(directory).doesNotExist();
            socket.send(ByteBuffer.wrap("second".getBytes(StandardCharsets.UTF_8)));
            assertThat(read(agent, 6)).isEqualTo("second");
            agent.write(ByteBuffer.wrap("last words".getBytes(StandardCharsets.UTF_8)));
            socket.drainAvailable();
            assertThat(heard.text).hasToString("last words");
        }
        runUntilLost();
        socket.close();
        assertThat(heard.text).hasToString("last words");
    }

    @Test
    void megabytesBothWaysWithoutWaitingForEachOther() throws Exception {
        int size = 8_000_000;
        AgentSocket socket = AgentSocket.listen(reactor, folder);
        socket.open(heard);
        try (SocketChannel agent = connected(socket)) {
            socket.send(ByteBuffer.wrap("x".repeat(size).getBytes(StandardCharsets.UTF_8)));
            Thread writer = new Thread(() -> {
                try {
                    ByteBuffer data = ByteBuffer.wrap("y".repeat(size).getBytes(StandardCharsets.UTF_8));
                    while (data.hasRemaining()) {
                        agent.write(data);
                    }
                    assertThat(read(agent, size)).hasSize(size);
                    agent.shutdownOutput();
                } catch (IOException e) {
                    posted.add(() -> {
                        throw new AssertionError(e);
                    });
                }
            });
            writer.start();
            runUntilLost();
            writer.join();
        }
        assertThat(heard.text).hasSize(size);
        socket.close();
    }

    @Test
    void whatIsNotHeardWaitsWithWhoeverSaysItAndIsLostToNobody() throws Exception {
        int size = 8_000_000;
        AgentSocket socket = AgentSocket.listen(reactor, folder);
        socket.open(heard);
        socket.setReading(false);
        AtomicInteger sent = new AtomicInteger();
        try (SocketChannel agent = connected(socket)) {
            Thread writer = new Thread(() -> {
                try (SocketChannel closed = agent) {
                    ByteBuffer data = ByteBuffer.wrap("y".repeat(size).getBytes(StandardCharsets.UTF_8));
                    while (data.hasRemaining()) {
                        sent.addAndGet(closed.write(data.slice(data.position(), Math.min(10_000, data.remaining()))));
                        data.position(sent.get());
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            writer.start();
            Awaitility.await().until(() -> sent.get() > 0);
            AtomicInteger before = new AtomicInteger();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> before.getAndSet(sent.get()) == sent.get());
            assertThat(sent.get()).isLessThan(3_000_000);
            for (Runnable next = posted.poll(); next != null; next = posted.poll()) {
                next.run();
            }
            assertThat(heard.text).isEmpty();
            socket.setReading(true);
            runUntilLost();
            writer.join();
        }
        assertThat(heard.text).hasSize(size);
        socket.close();
    }

    @Test
    void whatWasSentBeforeTheEndStillArrives() throws Exception {
        AgentSocket socket = AgentSocket.listen(reactor, folder);
        socket.open(heard);
        try (SocketChannel agent = connected(socket)) {
            socket.send(ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
            assertThat(read(agent, 5)).isEqualTo("hello");
            socket.send(ByteBuffer.wrap("go on".getBytes(StandardCharsets.UTF_8)));
            socket.close();
            assertThat(read(agent, 100)).isEqualTo("go on");
        }
        assertThat(heard.lost).isFalse();
    }

    @Test
    void withoutAnAgentNothingIsLeft() throws Exception {
        for (boolean opened : List.of(false, true)) {
            AgentSocket socket = AgentSocket.listen(reactor, folder);
            Path directory = path(socket).getParent();
            if (opened) {
                socket.open(heard);
            }
            socket.close();
            socket.close();
            socket.send(ByteBuffer.allocate(1));
            Awaitility.await().untilAsserted(() -> assertThat(directory).doesNotExist());
        }
        assertThat(heard.lost).isFalse();
    }

    @Test
    void aLongPathIsAvoided() throws Exception {
        Path deep = Files.createDirectories(folder.resolve("a".repeat(100)));
        AgentSocket socket = AgentSocket.listen(reactor, deep);
        assertThat(path(socket).toString()).startsWith("/tmp/gantry-agent-");
        assertThat(deep).isEmptyDirectory();
        socket.close();
    }
}
