package dev.gantry.adapter.dap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.adapter.session.OutputFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random output in many charsets, cut at random, sent at random moments, to clients with and without escape sequences and exact bytes,
 * compared with a model that sees all of it at once.
 */
class OutputModelTest {
    private static final int SEEDS = Integer.getInteger("gantry.seeds", 100);
    private static final byte[] PREFIX = OutputEvent.prefix("\"stdout\"");
    private static final String[] WORDS = {
        "a",
        "plain words here ",
        "\n",
        "\r\n",
        "\"",
        "\\",
        "\t",
        "\u0000",
        "\u007f",
        "é",
        "ж",
        "漢",
        "日本",
        "😀",
        "한",
        "\uFFFD"
    };
    private static final String[] SEQUENCES = {
        "\u001b[31m",
        "\u001b[m",
        "\u001b(B",
        "\u001b7",
        "\u001b]0;title é\u0007",
        "\u001b]8;;http://x/漢\u001b\\",
        "\u001bPq#0;2\u001b\\",
        "\u001b",
        "\u001b\u001b[",
        "\u001b[3",
        "\u001b]broken\n",
        "\u001b[1é",
        "\u001b]x\u001bz"
    };

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTF-8",
                "ISO-8859-1",
                "US-ASCII",
                "windows-1252",
                "IBM037",
                "UTF-16",
                "UTF-16LE",
                "UTF-16BE",
                "UTF-32",
                "CESU-8",
                "Shift_JIS",
                "windows-31j",
                "EUC-JP",
                "ISO-2022-JP",
                "ISO-2022-KR",
                "x-windows-50221",
                "GB18030",
                "Big5-HKSCS",
                "x-IBM930",
                "x-SJIS_0213"
            })
    void showsWhatTheModelShowsAndCarriesTheExactBytes(String name) throws IOException {
        Charset charset = Charset.forName(name);
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean strip = (seed & 1) == 0;
            boolean raw = (seed & 2) == 0;
            byte[] bytes = bytes(random, charset);
            Run run = new Run(charset, strip, raw);
            // As a stream that is over its cap. What this one decoder makes of a faulty sequence depends on what
            // follows.
            boolean early = random.nextInt(3) == 0 && !name.equals("ISO-2022-KR");
            run.feed(bytes, random, !strip && !early);
            byte[] back = early ? run.takeBack() : new byte[0];
            run.end();

            byte[] told = Arrays.copyOf(bytes, bytes.length - back.length);
            String about = name + " seed " + seed + " strip " + strip + " raw " + raw + " early " + early;
            assertThat(back).as(about).isEqualTo(Arrays.copyOfRange(bytes, told.length, bytes.length));
            String text = decoded(told, charset);
            assertThat(replacedOnce(run.sent.text())).as(about).isEqualTo(replacedOnce(strip ? stripped(text) : text));
            assertThat(run.sent.frames).as(about).allMatch(frame -> frame.length <= OutputEvent.FRAME_LIMIT);
            if (raw) {
                assertThat(run.sent.rawOr(charset)).as(about).isEqualTo(told);
            }
        }
    }

    /** Java takes what UTF-8 has for one half of a pair as one ill-formed piece, Unicode and CPython as three. */
    private static String replacedOnce(String text) {
        return text.replaceAll("\uFFFD+", "\uFFFD");
    }

    private static byte[] bytes(Random random, Charset charset) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int target = random.nextInt(random.nextInt(4) == 0 ? 60_000 : 400);
        while (bytes.size() < target) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    byte[] noise = new byte[random.nextInt(6)];
                    random.nextBytes(noise);
                    bytes.writeBytes(noise);
                }
                case 1, 2 -> bytes.writeBytes(SEQUENCES[random.nextInt(SEQUENCES.length)].getBytes(charset));
                default -> {
                    StringBuilder text = new StringBuilder();
                    for (int i = random.nextInt(12); i >= 0; i--) {
                        text.append(WORDS[random.nextInt(WORDS.length)]);
                    }
                    bytes.writeBytes(text.toString().getBytes(charset));
                }
            }
        }
        return bytes.toByteArray();
    }

    /** All at once. */
    private static String decoded(byte[] bytes, Charset charset) {
        CharsetDecoder decoder = charset.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(2 * bytes.length + 100);
        for (CoderResult result = decoder.decode(in, out, true); result.isError(); ) {
            in.position(in.position() + result.length());
            out.put('\uFFFD');
            result = decoder.decode(in, out, true);
        }
        decoder.flush(out);
        // Halves of a surrogate pair are no text.
        byte[] text = out.flip().toString().getBytes(StandardCharsets.UTF_16BE);
        return new String(text, StandardCharsets.UTF_16BE);
    }

    private static String stripped(String text) {
        StringBuilder left = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int end = text.charAt(i) == '\u001b' ? sequenceEnd(text, i + 1) : -i - 1;
            if (end < 0) {
                end = Math.max(-end, i + 1);
                left.append(text, i, end);
            }
            i = end;
        }
        return left.toString();
    }

    /** Where the sequence ends; or minus the place where it turns out to be none. */
    private static int sequenceEnd(String text, int from) {
        if (from == text.length()) {
            return -from;
        }
        char kind = text.charAt(from);
        int i = from;
        if ("]PX^_".indexOf(kind) >= 0) {
            for (i++; i < text.length() && text.charAt(i) >= ' '; i++) {}
            boolean bell = i < text.length() && text.charAt(i) == '\u0007';
            boolean escape = i < text.length() && text.charAt(i) == '\u001b';
            boolean end = escape && i + 1 < text.length() && text.charAt(i + 1) == '\\';
            return bell ? i + 1 : end ? i + 2 : escape ? -(i + 1) : -i;
        }
        String inner = kind == '[' ? " !\"#$%&'()*+,-./0123456789:;<=>?" : " !\"#$%&'()*+,-./";
        char lowest = kind == '[' ? '@' : '0';
        for (i += kind == '[' ? 1 : 0; i < text.length() && inner.indexOf(text.charAt(i)) >= 0; i++) {}
        boolean end = i < text.length() && text.charAt(i) >= lowest && text.charAt(i) <= '~';
        return end ? i + 1 : -i;
    }

    /** What is tested: an event, and what fills it, as a channel has it. */
    private static final class Run {
        private final Sent sent = new Sent();
        private final OutputEvent event = new OutputEvent(sent);
        private final OutputEncoder encoder;
        private final List<Transcoder> transcoder;

        Run(Charset charset, boolean strip, boolean raw) {
            boolean direct = charset.equals(StandardCharsets.UTF_8);
            event.open(PREFIX, raw);
            encoder = new OutputEncoder(strip, event, direct || !raw);
            transcoder = direct
                    ? List.of()
                    : List.of(new Transcoder(new OutputFormat("stdout", charset, strip, raw), encoder, event));
        }

        void feed(byte[] bytes, Random random, boolean pauses) {
            int most = 1 + random.nextInt(random.nextBoolean() ? 5 : 5000);
            for (int at = 0; at < bytes.length; ) {
                int to = Math.min(bytes.length, at + 1 + random.nextInt(most));
                ByteBuffer piece = ByteBuffer.wrap(bytes, at, to - at);
                if (transcoder.isEmpty()) {
                    encoder.encode(piece, bytes);
                } else {
                    transcoder.get(0).decode(piece);
                }
                switch (random.nextInt(10)) {
                    case 0 -> event.sendAll();
                    case 1 -> event.sendLines();
                    case 2 -> quiet(pauses);
                    default -> {}
                }
                at = to;
            }
        }

        private void quiet(boolean pauses) {
            if (pauses && transcoder.isEmpty()) {
                encoder.quiet();
            } else if (pauses) {
                transcoder.get(0).quiet();
            }
        }

        byte[] takeBack() {
            return transcoder.isEmpty() ? encoder.takeBack() : transcoder.get(0).takeBack();
        }

        void end() {
            if (transcoder.isEmpty()) {
                encoder.end();
            } else {
                transcoder.get(0).end();
            }
            event.sendAll();
        }
    }
}
