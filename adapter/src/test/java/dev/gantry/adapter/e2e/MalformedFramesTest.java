package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.response;
import static dev.gantry.fixtures.Expectation.responseTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is no legal message: the session goes on where the next message can be found, and closes cleanly where it cannot; it never
 * hangs. That what we send is framed exactly is checked by the client of every test.
 */
@Tag("once")
@ExtendWith(LeakCheck.class)
class MalformedFramesTest {
    private static byte[] frame(byte[] body) {
        byte[] header = ("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, frame, header.length, body.length);
        return frame;
    }

    private static byte[] frame(String body) {
        return frame(body.getBytes(StandardCharsets.UTF_8));
    }

    /** With a target, so that its end is seen too. */
    private static AdapterProcess adapter() {
        AdapterProcess adapter = AdapterProcess.running(Json.shell("echo ready; exec cat"));
        adapter.timeline().awaitOutput("stdout", "ready\n");
        return adapter;
    }

    private static void assertGoesOn(AdapterProcess adapter) {
        adapter.client().ask("threads", null);
        adapter.client().ask("disconnect", null);
        assertThat(adapter.awaitExit()).isZero();
        Ends.assertInOrder(adapter.timeline());
    }

    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {
                "no header at all\r\n\r\n",
                "Content-Type: x\r\n\r\n{}",
                "Content-Length: -1\r\n\r\n",
                "Content-Length: 99999999999999999999\r\n\r\n",
                "Content-Length: 2000000000\r\n\r\n",
                "Content-Length: x\r\n\r\n",
                "Content-Length: \r\n\r\n",
                "Content-Length: 1 2\r\n\r\n",
                "Content-Length: 0x10\r\n\r\n",
                "{\"seq\":1}",
                "\0\0\0\0"
            })
    void aHeaderThatCannotBeReadClosesCleanlyAndEndsTheTarget(String bytes) {
        try (AdapterProcess adapter = adapter()) {
            adapter.client().sendRaw(bytes.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(adapter.awaitExit()).isZero();
            Ends.assertInOrder(adapter.timeline());
        }
    }

    @Test
    void anEndlessHeaderClosesCleanly() {
        try (AdapterProcess adapter = adapter()) {
            try {
                adapter.client().sendRaw("X: ".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII));
            } catch (UncheckedIOException closedAlready) {
                assertThat(closedAlready).hasMessageContaining("does not take");
            }
            assertThat(adapter.awaitExit()).isZero();
            Ends.assertInOrder(adapter.timeline());
        }
    }

    static Stream<Arguments> brokenBodies() {
        return Stream.of(
                Arguments.of("invalid UTF-8", new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'}),
                Arguments.of("no JSON", "{not json}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("cut JSON", "{\"seq\":9005,".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("an array", "[1,2]".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("a number", "5".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("nothing", new byte[0]),
                Arguments.of("no type", "{\"seq\":9005}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "a text for a number", "{\"seq\":\"x\",\"type\":\"request\"}".getBytes(StandardCharsets.UTF_8)),
                Arguments.of("brackets", "[".repeat(100_000).getBytes(StandardCharsets.UTF_8)),
                Arguments.of(
                        "closed brackets",
                        ("[".repeat(100_000) + "]".repeat(100_000)).getBytes(StandardCharsets.UTF_8)),
                Arguments.of("braces", "{\"a\":".repeat(100_000).getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenBodies")
    void aBodyThatCannotBeReadIsAnsweredOrToldAndTheSessionGoesOn(String what, byte[] body) {
        try (AdapterProcess adapter = adapter()) {
            int at = adapter.timeline().now();
            adapter.client().sendRaw(frame(body));
            // Where its number can be made out it is answered, else the user hears of it.
            adapter.timeline()
                    .awaitFrom(
                            at,
                            output("console")
                                    .containing("output", "cannot be read")
                                    .or(response("").failing()));
            assertGoesOn(adapter);
        }
    }

    @Test
    void aRequestWhoseArgumentsCannotBeReadIsAnsweredWithFailure() {
        try (AdapterProcess adapter = adapter()) {
            DapClient client = adapter.client();
            client.sendRaw(frame("{\"seq\":9001,\"type\":\"request\",\"command\":\"threads\",\"arguments\":[1]}"));
            assertThat(client.answerTo(9001).success()).isFalse();
            client.sendRaw(frame("{\"seq\":9002,\"type\":\"request\",\"command\":\"threads\",\"arguments\":"
                    + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
            assertThat(client.answerTo(9002).success()).isFalse();
            client.sendRaw(frame("{\"seq\":9003,\"type\":\"request\",\"arguments\":{}}"));
            assertThat(client.answerTo(9003).success()).isFalse();
            assertGoesOn(adapter);
        }
    }

    @Test
    void aBodyOfAHundredMegabytesIsRefusedAndTheSessionGoesOn() {
        try (AdapterProcess adapter = adapter()) {
            long before = Processes.peak(adapter.pid());
            byte[] body = new byte[100_000_000];
            Arrays.fill(body, (byte) 'x');
            byte[] start =
                    "{\"seq\":9001,\"type\":\"request\",\"command\":\"evaluate\",\"arguments\":{\"expression\":\""
                            .getBytes(StandardCharsets.US_ASCII);
            byte[] end = "\"}}".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(start, 0, body, 0, start.length);
            System.arraycopy(end, 0, body, body.length - end.length, end.length);
            adapter.client().sendRaw(frame(body));
            Entry refused = adapter.timeline().await(responseTo(9001));
            assertThat(refused.success()).isFalse();
            assertThat(refused.failure()).contains("100000000");
            assertThat(Processes.peak(adapter.pid()) - before).isLessThan(32 << 20);
            assertGoesOn(adapter);
        }
    }

    @Test
    void framesInSingleBytesAndAHeaderInAnyCaseAreRead() {
        try (AdapterProcess adapter = adapter()) {
            String body = "{\"seq\":9001,\"type\":\"request\",\"command\":\"threads\"}";
            String[] headers = {
                "content-length: %d\r\n\r\n",
                "CONTENT-LENGTH:%d\r\n\r\n",
                "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                "Content-Length: %d\r\nX-Other: y\r\n\r\n"
            };
            for (int i = 0; i < headers.length; i++) {
                String numbered = body.replace("9001", String.valueOf(9001 + i));
                byte[] bytes =
                        (String.format(headers[i], numbered.length()) + numbered).getBytes(StandardCharsets.US_ASCII);
                for (byte single : bytes) {
                    adapter.client().sendRaw(new byte[] {single});
                }
                assertThat(adapter.client().answerTo(9001 + i).success()).isTrue();
            }
            assertGoesOn(adapter);
        }
    }

    @Test
    void theFirstMessageMayBeMalformedToo() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            adapter.client().sendRaw(frame("{\"seq\":}"));
            adapter.initialize();
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
        }
        try (AdapterProcess adapter = AdapterProcess.start()) {
            adapter.client().sendRaw("garbage\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(adapter.awaitExit()).isZero();
        }
        try (AdapterProcess adapter = AdapterProcess.start()) {
            adapter.client().closeInput();
            assertThat(adapter.awaitExit()).isZero();
        }
    }

    @Test
    void anEndWithinAMessageIsTheClientsEnd() {
        try (AdapterProcess adapter = adapter()) {
            adapter.client().sendRaw("Content-Length: 500\r\n\r\n{\"seq\":".getBytes(StandardCharsets.US_ASCII));
            adapter.client().closeInput();
            assertThat(adapter.awaitExit()).isZero();
            Ends.assertInOrder(adapter.timeline());
        }
    }
}
