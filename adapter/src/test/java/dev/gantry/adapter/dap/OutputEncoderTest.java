package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
        String text = unit.repeat(3 * OutputEvent.FRAME_LIMIT / unit.length());
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

    @Test
    void aSequenceTooLongToKeepTearsNoCharacter() {
        for (int shift = 0; shift < 4; shift++) {
            String text = "\u001b]" + "a".repeat(shift) + "漢".repeat(3000) + "\u0007 end";
            sent.frames.clear();
            encode(text);
            event.sendAll();

            assertThat(sent.text()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001bPq", "\u001b]1337;File=:", "\u001b_G", "\u001b^", "\u001bX"})
    void takesAStringOutHoweverLongItIs(String start) throws IOException {
        Random random = new Random(11);
        for (String end : List.of("\u0007", "\u001b\\")) {
            byte[] bytes = ("a\n" + start + "é\"x".repeat(20_000) + end + "b\n").getBytes(UTF_8);
            Sent here = new Sent();
            OutputEvent one = opened(here, true);
            OutputEncoder encoder = new OutputEncoder(true, one, true);
            for (int at = 0; at < bytes.length; ) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(9000));
                encoder.encode(bytes, at, to);
                at = to;
            }
            encoder.end();
            one.sendAll();

            assertThat(here.text()).isEqualTo("a\nb\n");
            assertThat(here.rawOr(UTF_8)).isEqualTo(bytes);
        }
    }

    @Test
    void aLinesEndBreaksALongString() {
        byte[] bytes = ("\u001b]" + "x".repeat(10_000) + "\nnext\n").getBytes(UTF_8);
        OutputEvent event = opened(sent, false);
        OutputEncoder encoder = new OutputEncoder(true, event, true);
        encoder.encode(bytes, 0, bytes.length);
        event.sendAll();

        assertThat(sent.text()).isEqualTo("\nnext\n");
    }

    @Test
    void sequencesTakenOutAfterALinesEndFillAnEventWithBytesOnly() throws IOException {
        byte[] bytes = ("line\nx" + "\u001b[38;5;196m".repeat(10_000) + "y").getBytes(UTF_8);
        OutputEvent event = opened(sent, true);
        OutputEncoder encoder = new OutputEncoder(true, event, true);
        encoder.encode(bytes, 0, bytes.length);
        event.sendAll();

        assertThat(sent.text()).isEqualTo("line\nxy");
        assertThat(sent.rawOr(UTF_8)).isEqualTo(bytes);
        assertThat(sent.frames).allMatch(frame -> frame.length <= OutputEvent.FRAME_LIMIT);
    }

    @ParameterizedTest
    @CsvSource({
        "']0;title Password: ', 'title Password: '",
        "']Password: ', 'Password: '",
        "'P1;2qPassword: ', '1;2qPassword: '",
        "']0;', ''",
        "']0', ''",
        "'[31', ''",
        "'(', ''",
        "'', ''"
    })
    void whatIsOpenWhenItIsQuietIsShown(String open, String stripped) {
        String bytes = "\u001b" + open;
        assertThat(quiet(bytes, false)).containsExactly(bytes, "next\n");
        assertThat(quiet(bytes, true))
                .containsExactly(stripped.isEmpty() ? new String[] {"next\n"} : new String[] {stripped, "next\n"});
    }

    /** What is shown of it when it is quiet; then what is after a proper end. */
    private static List<String> quiet(String open, boolean strip) {
        Sent here = new Sent();
        OutputEvent event = opened(here, false);
        OutputEncoder encoder = new OutputEncoder(strip, event, true);
        byte[] bytes = open.getBytes(UTF_8);
        encoder.encode(bytes, 0, bytes.length);
        assertThat(encoder.isComplete()).isFalse();
        encoder.quiet();
        event.sendAll();
        // The end of a colour, of a string, of a character set: each is what the open one waits for.
        String end =
                !strip || encoder.isComplete() ? "" : open.contains("]") ? "\u0007" : open.contains("[") ? "m" : "B";
        byte[] rest = (end + "next\n").getBytes(UTF_8);
        encoder.encode(rest, 0, rest.length);
        event.sendAll();
        return here.texts();
    }

    @Test
    void halfACharacterInAnOpenSequenceStaysWholeWhenItIsQuiet() {
        byte[] bytes = "\u001b]0;é\u0007".getBytes(UTF_8);
        for (boolean strip : new boolean[] {false, true}) {
            Sent here = new Sent();
            OutputEvent event = opened(here, false);
            OutputEncoder encoder = new OutputEncoder(strip, event, true);
            encoder.encode(bytes, 0, 5);
            encoder.quiet();
            encoder.encode(bytes, 5, bytes.length);
            event.sendAll();
            assertThat(here.text()).isEqualTo(strip ? "é\u0007" : "\u001b]0;é\u0007");
        }
    }

    @Test
    void theStartOfAStringsEndIsNotShownWhenItIsQuiet() {
        OutputEvent event = opened(sent, false);
        OutputEncoder encoder = new OutputEncoder(true, event, true);
        byte[] bytes = "\u001b]0;title\u001b\\ok".getBytes(UTF_8);
        encoder.encode(bytes, 0, bytes.length - 3);
        encoder.quiet();
        encoder.encode(bytes, bytes.length - 3, bytes.length);
        event.sendAll();

        assertThat(sent.text()).isEqualTo("titleok");
    }

    @ParameterizedTest
    @CsvSource({"'é', ''", "'é\u001b', '\u001b'", "'é\u001b[31', '\u001b[31'", "'\u001b\u001b]0;é', '\u001b]0;é'"})
    void whatIsTakenBackWasNeverThere(String text, String incomplete) {
        OutputEvent event = opened(sent, false);
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        byte[] bytes = text.getBytes(UTF_8);
        encoder.encode(bytes, 0, bytes.length);
        assertThat(encoder.takeBack()).isEqualTo(incomplete.getBytes(UTF_8));
        encoder.encode("[m".getBytes(UTF_8), 0, 2);
        event.sendAll();

        assertThat(sent.text()).isEqualTo(text.substring(0, text.length() - incomplete.length()) + "[m");
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

    @Test
    void theMethodThatIsCompiledEarlyIsThere() throws Exception {
        String script = Files.readString(Path.of("..", "gantry"));
        Matcher option =
                Pattern.compile("CompileThresholdScaling,([\\w.]+)::(\\w+),").matcher(script);

        assertThat(option.find()).isTrue();
        assertThat(Class.forName(option.group(1)).getDeclaredMethods())
                .extracting(Method::getName)
                .contains(option.group(2));
    }
}
