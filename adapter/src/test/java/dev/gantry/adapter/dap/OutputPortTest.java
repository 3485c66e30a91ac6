package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import dev.gantry.launcher.Producer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutputPortTest {
    /** Of output, for its producers to be held back. */
    private static final int MORE_THAN_ENOUGH = Outbox.HIGH_MARK + 170_000;

    private static final Duration MS = Duration.ofMillis(1);

    private final ManualReactor reactor = new ManualReactor();
    private final RecordingTrace trace = new RecordingTrace();
    private final SlowClient client = new SlowClient();
    private final Outbox outbox = new Outbox(reactor, new Forward());
    private final Thread writer = new Thread(() -> outbox.run(client), "test-writer");
    private final OutputPort port = new OutputPort(outbox, new Sequence(0), reactor, trace);
    private final OutputChannel stdout = port.open(new OutputFormat("stdout", UTF_8, false, false));
    private final OutputChannel stderr = port.open(new OutputFormat("stderr", UTF_8, false, false));

    OutputPortTest() {
        client.takeAll();
        writer.start();
    }

    @AfterEach
    void leavesNoThreadBehind() throws Exception {
        client.takeAll();
        outbox.close();
        writer.join(10_000);
        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void aWholeLineLeavesAtOnce() {
        write(stdout, "hello\n");

        assertThat(received()).containsExactly("stdout hello\n");
    }

    @Test
    void textAndItsLineEndWrittenOneAfterTheOtherMakeOneEvent() {
        write(stdout, "hello");
        pass(MS);
        write(stdout, "\n");

        assertThat(received()).containsExactly("stdout hello\n");
    }

    @Test
    void aPromptLeavesAfterThreeMilliseconds() {
        write(stdout, "name? ");
        pass(MS.multipliedBy(2));
        assertThat(received()).isEmpty();
        pass(MS);

        assertThat(received()).containsExactly("stdout name? ");
        assertThat(reactor.activeTimers()).isZero();
    }

    @Test
    void linesLeaveAndTheStartOfTheNextWaits() {
        write(stdout, "one\ntwo\nthr");
        assertThat(received()).containsExactly("stdout one\ntwo\n");
        pass(MS);
        write(stdout, "ee\n");
        pass(MS.multipliedBy(7));

        assertThat(received()).containsExactly("stdout one\ntwo\n", "stdout three\n");
    }

    @Test
    void underLoadOutputIsJoined() {
        for (int i = 0; i < 1600; i++) {
            write(stdout, "line " + i + "\n");
            pass(Duration.ofNanos(100_000));
        }
        pass(MS.multipliedBy(20));

        assertThat(received()).hasSizeBetween(15, 25);
        assertThat(text()).startsWith("line 0\n").endsWith("line 1599\n");
    }

    @Test
    void keepsTheOrderOfArrivalBetweenTwoStreams() {
        write(stdout, "out ");
        write(stderr, "err\n");
        write(stdout, "put\n");
        write(stderr, "or\n");
        pass(MS.multipliedBy(20));

        assertThat(received()).containsExactly("stdout out ", "stderr err\n", "stdout put\n", "stderr or\n");
    }

    @Test
    void flushSendsWholeLinesAndAtTheEndEverything() {
        write(stdout, "a\n");
        stdout.write(ByteBuffer.wrap("b\nc\u001b[3".getBytes(UTF_8)));
        stdout.flush(false);
        assertThat(received()).containsExactly("stdout a\n", "stdout b\n");

        stdout.flush(true);
        assertThat(received()).containsExactly("stdout a\n", "stdout b\n", "stdout c\u001b[3");
    }

    @Test
    void flushOfOneStreamLeavesTheOtherAlone() {
        write(stdout, "a\n");
        write(stdout, "half");
        stderr.flush(false);

        assertThat(received()).containsExactly("stdout a\n");
    }

    @Test
    void whileTheWriterIsBusyNothingLeavesButFullEvents() {
        SlowClient slow = new SlowClient();
        outbox.switchTo(() -> slow).join();
        write(stdout, "first\n");
        reactor.pass(MS.multipliedBy(50));
        write(stdout, "second\n");
        write(stdout, "third\n");
        reactor.pass(MS.multipliedBy(50));
        assertThat(outbox.queuedBytes()).isLessThan(150);

        slow.takeAll();
        settled();
        reactor.turn();
        assertThat(events(slow).stream().map(Sent::text)).containsExactly("first\n", "second\nthird\n");
    }

    @Test
    void aSlowClientHoldsBackEveryProducerAndLosesNothing() {
        SlowClient slow = new SlowClient();
        outbox.switchTo(() -> slow).join();
        Recorder one = new Recorder();
        Recorder two = new Recorder();
        stdout.registerProducer(one, true);
        stderr.registerProducer(two, true);
        String line = "0123456789".repeat(9) + "\n";
        int lines = 0;
        while (one.calls.isEmpty()) {
            stdout.write(ByteBuffer.wrap(line.repeat(100).getBytes(UTF_8)));
            lines += 100;
        }
        assertThat(outbox.queuedOutput()).isLessThan(Outbox.HIGH_MARK + 128 * 1024);
        assertThat(one.calls).containsExactly("pause");
        assertThat(two.calls).containsExactly("pause");
        Recorder late = new Recorder();
        port.open(new OutputFormat("console", UTF_8, false, false)).registerProducer(late, true);
        assertThat(late.calls).containsExactly("pause");

        slow.takeAll();
        settled();
        reactor.turn();
        assertThat(one.calls).containsExactly("pause", "resume");
        assertThat(two.calls).containsExactly("pause", "resume");
        pass(MS.multipliedBy(20));
        settled();
        assertThat(String.join("", events(slow).stream().map(Sent::text).toList()))
                .isEqualTo(line.repeat(lines));
    }

    @Test
    void aPullProducerIsAskedOnceForEachPiece() {
        List<String> pieces = new ArrayList<>(List.of("a\n", "b\n", "c\n"));
        stdout.registerProducer(
                new Producer() {
                    @Override
                    public void resumeProducing() {
                        if (pieces.isEmpty()) {
                            stdout.unregisterProducer();
                        } else {
                            stdout.write(ByteBuffer.wrap(pieces.remove(0).getBytes(UTF_8)));
                        }
                    }

                    @Override
                    public void stopProducing() {}
                },
                false);
        assertThat(pieces).hasSize(2);
        reactor.turn();
        pass(MS.multipliedBy(20));

        assertThat(text()).isEqualTo("a\nb\nc\n");
        stdout.registerProducer(new Recorder(), true);
    }

    @Test
    void aSecondProducerIsRefused() {
        stdout.registerProducer(new Recorder(), true);

        assertThatThrownBy(() -> stdout.registerProducer(new Recorder(), true))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aThrowingProducerHarmsNobody() {
        SlowClient slow = new SlowClient();
        outbox.switchTo(() -> slow).join();
        stdout.registerProducer(
                new Producer() {
                    @Override
                    public void pauseProducing() {
                        throw new IllegalStateException("deliberate");
                    }

                    @Override
                    public void resumeProducing() {}

                    @Override
                    public void stopProducing() {}
                },
                true);
        Recorder other = new Recorder();
        stderr.registerProducer(other, true);

        stdout.write(ByteBuffer.wrap("x".repeat(MORE_THAN_ENOUGH).getBytes(UTF_8)));

        assertThat(other.calls).containsExactly("pause");
        assertThat(trace.faults).singleElement().asString().contains("pauseProducing");
        slow.takeAll();
    }

    @Test
    void whenTheClientDiesProducersGoOnIntoTheVoid() {
        SlowClient slow = new SlowClient();
        outbox.switchTo(() -> slow).join();
        Recorder producer = new Recorder();
        stdout.registerProducer(producer, true);
        stdout.write(ByteBuffer.wrap("x".repeat(MORE_THAN_ENOUGH).getBytes(UTF_8)));
        slow.breakDown();
        await().until(() -> !writer.isAlive());
        reactor.turn();

        for (int i = 0; i < 100; i++) {
            stdout.write(ByteBuffer.allocateDirect(65536));
        }
        stdout.flush(true);
        assertThat(producer.calls).containsExactly("pause", "resume");
        assertThat(outbox.queuedBytes()).isZero();
        assertThat(reactor.activeTimers()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ISO-8859-1, false",
        "windows-1252, true",
        "UTF-16LE, true",
        "Shift_JIS, true",
        "Shift_JIS, false",
        "ISO-2022-JP, true",
        "GB18030, false",
        "US-ASCII, true"
    })
    void decodesOtherCharsetsHoweverTheBytesAreCut(String name, boolean raw) throws IOException {
        Charset charset = Charset.forName(name);
        OutputChannel channel = port.open(new OutputFormat("stdout", charset, false, raw));
        String wanted = "plain\nwith \u001b[31mcolour\u001b[m\nÿé漢字日本😀 end\n";
        byte[] sample = wanted.getBytes(charset);
        String text = new String(sample, charset);
        Random random = new Random(3);
        StringBuilder expected = new StringBuilder();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (bytes.size() < 150_000) {
            bytes.write(sample);
            expected.append(text);
        }
        for (int at = 0; at < bytes.size(); ) {
            int to = Math.min(bytes.size(), at + 1 + random.nextInt(3000));
            channel.write(ByteBuffer.wrap(bytes.toByteArray(), at, to - at));
            pass(MS);
            at = to;
        }
        channel.flush(true);

        assertThat(text()).isEqualTo(expected.toString());
    }

    @Test
    void carriesTheExactBytesOfAnotherCharset() throws IOException {
        OutputChannel channel = port.open(new OutputFormat("stdout", Charset.forName("EUC-JP"), false, true));
        Random random = new Random(5);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 60; i++) {
            byte[] piece = RandomText.bytes(random, 3000);
            all.write(piece);
            channel.write(ByteBuffer.wrap(piece));
        }
        channel.flush(true);

        assertThat(Sent.rawOr(Charset.forName("EUC-JP"), events(client))).isEqualTo(all.toByteArray());
    }

    @Test
    void aPromptBehindAnOpenSequenceLeavesWhenTheStreamIsQuiet() {
        write(stdout, "\u001b]0;title Password: ");
        pass(MS.multipliedBy(99));
        assertThat(received()).isEmpty();
        pass(MS.multipliedBy(5));

        assertThat(received()).containsExactly("stdout \u001b]0;title Password: ");
        assertThat(reactor.activeTimers()).isZero();
    }

    @Test
    void theSameInAnotherCharsetAndWithoutWhatControls() throws IOException {
        for (String name : List.of("UTF-8", "windows-1252", "UTF-16LE")) {
            Charset charset = Charset.forName(name);
            int before = received().size();
            OutputChannel channel = port.open(new OutputFormat(name, charset, true, true));
            channel.write(ByteBuffer.wrap("\u001b]0;Passé: ".getBytes(charset)));
            pass(MS.multipliedBy(104));

            assertThat(received()).hasSize(before + 1).last().isEqualTo(name + " Passé: ");
            assertThat(Sent.rawOr(charset, events(client).subList(before, before + 1)))
                    .isEqualTo("\u001b]0;Passé: ".getBytes(charset));
        }
    }

    @Test
    void aSequenceThatComesSlowlyIsNotSplit() {
        for (String piece : List.of("\u001b", "]0;", "ti", "tle", "\u001b")) {
            write(stdout, piece);
            pass(MS.multipliedBy(80));
        }
        write(stdout, "\\after\n");
        pass(MS.multipliedBy(200));

        assertThat(received()).containsExactly("stdout \u001b]0;title\u001b\\after\n");
        assertThat(reactor.activeTimers()).isZero();
    }

    @Test
    void aStreamThatIsHeldBackIsNotQuiet() {
        SlowClient slow = new SlowClient();
        outbox.switchTo(() -> slow).join();
        Recorder producer = new Recorder();
        stdout.registerProducer(producer, true);
        stdout.write(ByteBuffer.wrap(("x".repeat(MORE_THAN_ENOUGH) + "\n\u001b[3").getBytes(UTF_8)));
        assertThat(producer.calls).containsExactly("pause");
        reactor.pass(MS.multipliedBy(590));

        slow.takeAll();
        settled();
        assertThat(producer.calls).containsExactly("pause", "resume");
        pass(MS.multipliedBy(50));
        write(stdout, "1mred\n");
        pass(MS.multipliedBy(20));
        assertThat(events(slow).stream().map(Sent::text)).last().isEqualTo("\u001b[31mred\n");
    }

    @Test
    void aFaultIsToldOnceAndHarmsNoOtherOutput() {
        OutputChannel broken = port.open(new OutputFormat("stderr", new BrokenCharset(), false, false));
        write(stdout, "before\n");
        write(broken, "x");
        write(broken, "x");
        broken.flush(true);
        write(stdout, "after\n");
        pass(MS.multipliedBy(20));

        assertThat(received()).hasSize(3).startsWith("stdout before\n").endsWith("stdout after\n");
        assertThat(received().get(1)).contains("console", "fault in Gantry", "E1 in a test");
        assertThat(trace.faults).hasSizeBetween(2, 3).allMatch(fault -> fault.contains("deliberate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-2022-JP", "ISO-2022-KR", "x-IBM930"})
    void bytesThatMakeNoTextAreCarriedToo(String name) throws IOException {
        Charset charset = Charset.forName(name);
        byte[] shifts = name.startsWith("ISO") ? "\u001b(B".getBytes(UTF_8) : new byte[] {0x0E, 0x0F};
        OutputChannel channel = port.open(new OutputFormat("stdout", charset, false, true));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 20_000; i++) {
            all.write(shifts);
        }
        channel.write(ByteBuffer.wrap(all.toByteArray()));
        channel.flush(true);

        assertThat(Sent.rawOr(charset, events(client))).isEqualTo(all.toByteArray());
        assertThat(trace.faults).isEmpty();
    }

    @Test
    void charactersOutsideTheBasicPlaneAreWholeInEveryCharset() {
        String text = "a😀b\n";
        for (String name : List.of("CESU-8", "UTF-16", "UTF-32LE", "GB18030")) {
            for (boolean raw : new boolean[] {false, true}) {
                int before = received().size();
                OutputChannel channel = port.open(new OutputFormat(name, Charset.forName(name), false, raw));
                for (byte b : text.getBytes(Charset.forName(name))) {
                    channel.write(ByteBuffer.wrap(new byte[] {b}));
                }
                channel.flush(true);
                assertThat(String.join("", received().subList(before, received().size()))
                                .replace(name + " ", ""))
                        .isEqualTo(text);
            }
        }
    }

    private void write(OutputChannel channel, String text) {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        reactor.turn();
    }

    private void settled() {
        awaitWritten();
        reactor.turn();
    }

    private void pass(Duration time) {
        settled();
        reactor.pass(time);
        settled();
    }

    private void awaitWritten() {
        await().pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofNanos(50_000))
                .until(() -> outbox.queuedBytes() == 0);
    }

    private List<String> received() {
        return events(client).stream()
                .map(event -> event.getAsJsonObject("body").get("category").getAsString() + " " + Sent.text(event))
                .toList();
    }

    private String text() {
        return String.join("", events(client).stream().map(Sent::text).toList());
    }

    private List<JsonObject> events(SlowClient from) {
        awaitWritten();
        return Sent.stream(from.taken());
    }

    private static final class Recorder implements Producer {
        private final List<String> calls = new ArrayList<>();

        @Override
        public void pauseProducing() {
            calls.add("pause");
        }

        @Override
        public void resumeProducing() {
            calls.add("resume");
        }

        @Override
        public void stopProducing() {
            calls.add("stop");
        }
    }

    /** Throws at everything that it is to decode. */
    private static final class BrokenCharset extends Charset {
        BrokenCharset() {
            super("x-broken", new String[0]);
        }

        @Override
        public boolean contains(Charset other) {
            return false;
        }

        @Override
        public CharsetDecoder newDecoder() {
            return new CharsetDecoder(this, 1, 1) {
                @Override
                protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
                    if (in.hasRemaining()) {
                        throw new IllegalStateException("deliberate");
                    }
                    return CoderResult.UNDERFLOW;
                }
            };
        }

        @Override
        public CharsetEncoder newEncoder() {
            return UTF_8.newEncoder();
        }
    }

    private final class Forward implements Outbox.Listener {
        @Override
        public void outputDrained() {
            port.outputDrained();
        }

        @Override
        public void idle() {
            port.idle();
        }

        @Override
        public void clientDead(IOException why) {
            port.end();
        }
    }
}
