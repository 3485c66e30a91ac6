package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputEncoderTest {
    private static final byte[] PREFIX = OutputEvent.prefix("\"stdout\"");

    private final Sent sent = new Sent();
    private final OutputEvent event = new OutputEvent(sent);

    @Test
    void makesAnOutputEventOfTheBytes() {
        encode("hello \"world\" \\ \t\r\b\u0001\u007f\n");

        event.sendAll();

        assertThat(sent.messages()).singleElement().satisfies(message -> {
            assertThat(message.get("seq").getAsInt()).isEqualTo(1);
            assertThat(message.get("type").getAsString()).isEqualTo("event");
            assertThat(message.get("event").getAsString()).isEqualTo("output");
            assertThat(message.getAsJsonObject("body").get("category").getAsString())
                    .isEqualTo("stdout");
            assertThat(Sent.text(message)).isEqualTo("hello \"world\" \\ \t\r\b\u0001\u007f\n");
        });
    }

    @Test
    void findsEveryByteThatNeedsCareAtEveryPlaceOfAWord() {
        for (int b = 0; b < 0x80; b++) {
            for (int place = 0; place < 20; place++) {
                String text = "x".repeat(place) + (char) b + "y".repeat(20 - place);
                Sent here = new Sent();
                OutputEvent one = opened(here, false);
                OutputEncoder encoder = new OutputEncoder(false, one, true);
                byte[] bytes = text.getBytes(UTF_8);
                encoder.encode(bytes, 0, bytes.length);
                encoder.end();
                one.sendAll();
                assertThat(here.text()).isEqualTo(text);
            }
        }
    }

    @Test
    void takesDirectBuffersLongerThanItsScratch() {
        String text = "0123456789".repeat(1000);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(10_000).put(text.getBytes(UTF_8)).flip();
        event.open(PREFIX, false);

        new OutputEncoder(false, event, true).encode(direct, new byte[777]);
        event.sendAll();

        assertThat(sent.text()).isEqualTo(text);
        assertThat(direct.hasRemaining()).isFalse();
    }

    @Test
    void neverMakesAFrameOverTheLimitAndCutsAtALineEnd() {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < 500_000) {
            text.append("é\u0001x\"".repeat(random.nextInt(30))).append('\n');
        }
        encode(text.toString());
        event.sendAll();

        assertThat(sent.frames).allMatch(frame -> frame.length <= OutputEvent.FRAME_LIMIT);
        assertThat(sent.texts()).allMatch(one -> one.endsWith("\n"));
        assertThat(sent.frames.subList(0, sent.frames.size() - 1)).allMatch(frame -> frame.length > 48 * 1024);
        assertThat(sent.text()).isEqualTo(text.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0001", "é", "漢", "😀", "\u001b[38;5;196m", "\u001b]8;;http://x/é\u001b\\"})
    void cutsALongLineBetweenCharactersAndSequences(String unit) {
        String text = unit.repeat(200_000 / unit.length());
        for (int shift = 0; shift < 8; shift++) {
            sent.frames.clear();
            encode("a".repeat(shift) + text);
            event.sendAll();

            assertThat(sent.frames).hasSizeGreaterThan(2).allMatch(frame -> frame.length <= OutputEvent.FRAME_LIMIT);
            assertThat(sent.text()).isEqualTo("a".repeat(shift) + text);
            assertThat(sent.texts().subList(1, sent.frames.size())).allMatch(one -> one.startsWith(unit));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u001b[31m",
                "\u001b[m",
                "\u001b[?25l",
                "\u001b(B",
                "\u001b7",
                "\u001b]0;title é\u0007",
                "\u001b]8;;http://x\u001b\\",
                "\u001bPq#0\u001b\\"
            })
    void keepsEscapeSequencesTogetherOrTakesThemOut(String sequence) {
        byte[] bytes = ("a" + sequence + "b").getBytes(UTF_8);
        for (int cut = 2; cut < bytes.length - 1; cut++) {
            assertThat(cutAt(bytes, cut, false)).containsExactly("a", sequence + "b");
            assertThat(cutAt(bytes, cut, true)).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\u001b\n", "\u001b[31\nx", "\u001b]0;title\nx", "\u001b\u001b[", "\u001b[1é", "\u001b]x\u001bz"
            })
    void takesWhatIsNoEscapeSequenceForText(String text) {
        for (boolean strip : new boolean[] {false, true}) {
            byte[] bytes = text.getBytes(UTF_8);
            for (int cut = 0; cut <= bytes.length; cut++) {
                assertThat(String.join("", cutAt(bytes, cut, strip))).isEqualTo(text);
            }
        }
    }

    @Test
    void doesNotCollectAnEndlessSequence() {
        String text = "\u001b]" + "x".repeat(100_000);

        encode(text);
        event.sendAll();

        assertThat(sent.text()).isEqualTo(text);
    }

    @Test
    void endsWithWhatWasIncomplete() {
        event.open(PREFIX, false);
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        encoder.encode(new byte[] {'a', (byte) 0xE2, (byte) 0x82}, 0, 3);
        assertThat(encoder.isComplete()).isFalse();

        encoder.end();
        event.sendAll();

        assertThat(sent.text()).isEqualTo("a\uFFFD");
        assertThat(encoder.isComplete()).isTrue();
    }

    @Test
    void carriesTheExactBytesWhereTheTextLosesThem() throws Exception {
        Random random = new Random(7);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        OutputEvent event = opened(sent, true);
        OutputEncoder encoder = new OutputEncoder(true, event, true);
        for (int i = 0; i < 400; i++) {
            byte[] piece = RandomText.bytes(random, 2000);
            all.write(piece);
            encoder.encode(piece, 0, piece.length);
        }
        encoder.end();
        event.sendAll();

        ByteArrayOutputStream told = new ByteArrayOutputStream();
        for (JsonObject message : sent.messages()) {
            told.write(Sent.raw(message).orElseGet(() -> Sent.text(message).getBytes(UTF_8)));
        }
        assertThat(told.toByteArray()).isEqualTo(all.toByteArray());
        assertThat(sent.frames).hasSizeGreaterThan(5).allMatch(frame -> frame.length <= OutputEvent.FRAME_LIMIT);
    }

    @Test
    void carriesNoBytesWhereTheTextIsExact() {
        OutputEvent event = opened(sent, true);
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        byte[] lines = "good\n\u00ff".getBytes(UTF_8);
        encoder.encode(lines, 0, lines.length);
        encoder.encode(new byte[] {(byte) 0xFF}, 0, 1);
        event.sendLines();
        event.sendAll();

        assertThat(Sent.raw(sent.messages().get(0))).isEmpty();
        assertThat(Sent.raw(sent.messages().get(1))).contains(new byte[] {(byte) 0xC3, (byte) 0xBF, (byte) 0xFF});
    }

    private List<String> cutAt(byte[] bytes, int cut, boolean strip) {
        Sent here = new Sent();
        OutputEvent one = opened(here, false);
        OutputEncoder encoder = new OutputEncoder(strip, one, true);
        encoder.encode(bytes, 0, cut);
        one.sendAll();
        encoder.encode(bytes, cut, bytes.length);
        encoder.end();
        one.sendAll();
        return here.texts();
    }

    private void encode(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        event.open(PREFIX, false);
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        encoder.encode(bytes, 0, bytes.length);
        encoder.end();
    }

    private static OutputEvent opened(Sent sink, boolean raw) {
        OutputEvent event = new OutputEvent(sink);
        event.open(PREFIX, raw);
        return event;
    }
}
