package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Reactor;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The port to which an agent connects that inherits nothing. The test's thread is the reactor's. */
@ExtendWith(LeakCheck.class)
class LoopbackDoorTest {
    private static final int HALF = 32;
    private static final Duration LONG = Duration.ofMinutes(10);

    private final BlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();
    private final StringBuilder heard = new StringBuilder();
    private final List<Socket> sockets = new ArrayList<>();
    private final Reactor reactor = (Reactor) Proxy.newProxyInstance(
            Reactor.class.getClassLoader(), new Class<?>[] {Reactor.class}, (proxy, method, arguments) -> {
                posted.add((Runnable) arguments[0]);
                return null;
            });

    private AgentSocket socket;

    @BeforeEach
    void listen() throws IOException {
        socket = open(LONG);
    }

    private AgentSocket open(Duration patience) throws IOException {
        AgentSocket made = AgentSocket.at(reactor, LoopbackDoor.open(patience));
        made.open(new AgentSocket.Listener() {
            @Override
            public void received(ByteBuffer data) {
                heard.append(StandardCharsets.UTF_8.decode(data));
            }

            @Override
            public void connectionLost() {
                heard.append("<lost>");
            }
        });
        return made;
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        for (Socket each : sockets) {
            each.close();
        }
    }

    private Socket connect(AgentSocket to) throws IOException {
        Socket made = new Socket(InetAddress.getLoopbackAddress(), port(to));
        made.setSoTimeout(20_000);
        sockets.add(made);
        return made;
    }

    private static int port(AgentSocket to) {
        assertThat(to.word()).startsWith("tcp:");
        return Integer.parseInt(to.word().substring(4));
    }

    private String said() {
        return token().substring(0, HALF);
    }

    private String token() {
        assertThat(socket.environment()).containsOnlyKeys(LoopbackDoor.VARIABLE);
        return socket.environment().values().iterator().next();
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(Socket from, int count) throws IOException {
        return new String(from.getInputStream().readNBytes(count), StandardCharsets.US_ASCII);
    }

    /** Sent away: at its end, or reset, since what it has said was not read. */
    private static void assertSentAway(Socket stranger) {
        try {
            assertThat(stranger.getInputStream().read()).isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private void runUntilHeard(String text) throws InterruptedException {
        while (!heard.toString().endsWith(text)) {
            Runnable next = posted.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("something posted").isNotNull();
            next.run();
        }
    }

    private void becomesTheAgent(Socket one) throws IOException, InterruptedException {
        say(one, said());
        assertThat(read(one, HALF)).isEqualTo(token().substring(HALF));
        say(one, "hello");
        runUntilHeard("hello");
        assertThat(heard).hasToString("hello");
    }

    @Test
    void whoSaysTheTokenIsTheAgentAndNobodyCanComeAfter() throws Exception {
        socket.send(ByteBuffer.wrap("first".getBytes(StandardCharsets.US_ASCII)));
        Socket agent = connect(socket);
        becomesTheAgent(agent);
        assertThat(read(agent, 5)).isEqualTo("first");
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> connect(socket).close()).isInstanceOf(ConnectException.class));
        agent.close();
        runUntilHeard("<lost>");
    }

    @Test
    void aTokenInPiecesIsATokenAndWhatFollowsItIsNotLost() throws Exception {
        Socket agent = connect(socket);
        agent.setTcpNoDelay(true);
        for (char letter : said().toCharArray()) {
            say(agent, String.valueOf(letter));
        }
        say(agent, "more");
        assertThat(read(agent, HALF)).isEqualTo(token().substring(HALF));
        runUntilHeard("more");
    }

    @Test
    void strangersAreSentAwayAndHoldNoPlace() throws Exception {
        Socket wrong = connect(socket);
        say(wrong, "x".repeat(HALF));
        assertSentAway(wrong);
        Socket endless = connect(socket);
        say(endless, "y".repeat(HALF * 10));
        assertSentAway(endless);
        Socket ours = connect(socket);
        say(ours, token().substring(HALF));
        assertSentAway(ours);
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            silent.add(connect(socket));
        }
        assertSentAway(silent.get(0));
        becomesTheAgent(connect(socket));
        for (Socket each : silent) {
            assertSentAway(each);
        }
    }

    @Test
    void whoIsSilentGoesAfterAWhile() throws Exception {
        AgentSocket impatient = open(Duration.ofMillis(50));
        try {
            assertSentAway(connect(impatient));
            assertSentAway(connect(impatient));
        } finally {
            impatient.close();
        }
    }

    @Test
    void withoutAnAgentNothingListensAfterTheEnd() {
        socket.close();
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> connect(socket).close()).isInstanceOf(ConnectException.class));
        assertThat(heard).isEmpty();
    }
}
