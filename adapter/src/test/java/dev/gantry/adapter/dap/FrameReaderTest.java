package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 2\r\n\r\n{}",
                "content-length:2\r\n\r\n{}",
                "CONTENT-LENGTH:   2  \r\n\r\n{}",
                "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}",
                "Content-Length: 2\r\nContent-Type: x\r\n\r\n{}",
                "Content-Length: 2\n\n{}",
                "\r\n\r\nContent-Length: 2\r\n\r\n{}",
                "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
            })
    void understandsEveryHeaderThatCanBeUnderstood(String stream) {
        assertThat(bodies(whole(stream))).containsExactly("{}");
        assertThat(bodies(byteByByte(stream))).containsExactly("{}");
    }

    @Test
    void readsMessagesThatComeTogetherAndThoseWithBlankLinesInBetween() {
        String stream = "Content-Length: 2\r\n\r\n{}\r\n\r\nContent-Length: 4\r\n\r\n{ \n}Content-Length: 0\r\n\r\n";

        assertThat(bodies(whole(stream))).containsExactly("{}", "{ \n}", "");
        assertThat(bodies(byteByByte(stream))).containsExactly("{}", "{ \n}", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        Content-Length: -5<           | no number of bytes: '-5'
        Content-Length: five<         | no number of bytes: 'five'
        Content-Length:<              | no number of bytes: ''
        Content-Length: 9999999999<   | absurd: 9999999999
        Content-Length: 99999999999999999999999< | absurd
        Content-Length: 9999999999999999999999x< | no number
        Content-Length: 2<Content-Length: 3<     | two headers differ
        Content-Type: x<<             | without Content-Length
        {"seq":1}                     | expected a header
        hello<                        | expected a header such as 'Content-Length: 119', got 'hello
        """)
    void endsWithTheReasonWhereTheStreamCannotBeFollowed(String stream, String reason) {
        String bytes = stream.replace("<", "\r\n");

        for (List<Frame> frames : List.of(whole(bytes), byteByByte(bytes))) {
            assertThat(frames).singleElement().isInstanceOf(Frame.Fatal.class);
            assertThat(((Frame.Fatal) frames.get(0)).reason()).contains(reason);
        }
    }

    @Test
    void doesNotCollectAnEndlessHeader() {
        assertThat(whole("X-Padding: " + "a".repeat(10_000)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Frame.Fatal.class, fatal -> assertThat(fatal.reason()).contains("longer than 8192 bytes"));
    }

    @Test
    void readsNothingMoreAfterAFatalFault() {
        FrameReader reader = new FrameReader();
        ByteBuffer in = ByteBuffer.wrap("!\r\nContent-Length: 2\r\n\r\n{}".getBytes(US_ASCII));

        assertThat(reader.next(in)).containsInstanceOf(Frame.Fatal.class);
        assertThat(reader.next(in)).isEmpty();
        assertThat(reader.atEnd()).isEmpty();
    }

    @Test
    void streamsPastABodyOverTheLimitAndGoesOn() {
        int size = 100 * 1024 * 1024;
        String start = "{\"type\":\"request\",\"arguments\":{\"seq\":9,\"x\":\"";
        String end = "\"},\"command\":\"evaluate\",\"seq\":12}";
        FrameReader reader = new FrameReader();
        List<Frame> frames = new ArrayList<>();
        feed(reader, "Content-Length: " + size + "\r\n\r\n" + start, frames);
        byte[] filler = "a".repeat(1024 * 1024).getBytes(US_ASCII);
        int left = size - start.length() - end.length();
        while (left > 0) {
            int count = Math.min(left, filler.length);
            reader.next(ByteBuffer.wrap(filler, 0, count)).ifPresent(frames::add);
            left -= count;
        }
        feed(reader, end + "Content-Length: 2\r\n\r\n{}", frames);

        assertThat(frames).hasSize(2);
        assertThat(frames.get(0)).isEqualTo(new Frame.TooLong(size, new Envelope("12", "request", "evaluate")));
        assertThat(bodies(frames.subList(1, 2))).containsExactly("{}");
    }

    @Test
    void saysWhereAnEndCameTooSoon() {
        assertThat(afterEnd("")).isEmpty();
        assertThat(afterEnd("Content-Length: 2\r\n\r\n{}")).isEmpty();
        assertThat(afterEnd("Content-Len")).contains("the client's stream ended within a header");
        assertThat(afterEnd("Content-Length: 20\r\n\r\n{}"))
                .contains("the client's stream ended within a message: 2 of 20 bytes came");
    }

    @Test
    void aLengthAloneCostsNoMemory() {
        FrameReader reader = new FrameReader();
        for (int i = 0; i < 1000; i++) {
            List<Frame> frames = new ArrayList<>();
            reader = new FrameReader();
            feed(reader, "Content-Length: " + FrameReader.BODY_LIMIT + "\r\n\r\n{", frames);
            assertThat(frames).isEmpty();
        }
        assertThat(reader.atEnd()).isPresent();
    }

    private static Optional<String> afterEnd(String stream) {
        FrameReader reader = new FrameReader();
        feed(reader, stream, new ArrayList<>());
        return reader.atEnd();
    }

    private static List<Frame> whole(String stream) {
        List<Frame> frames = new ArrayList<>();
        feed(new FrameReader(), stream, frames);
        return frames;
    }

    private static List<Frame> byteByByte(String stream) {
        FrameReader reader = new FrameReader();
        List<Frame> frames = new ArrayList<>();
        for (byte b : stream.getBytes(ISO_8859_1)) {
            reader.next(ByteBuffer.wrap(new byte[] {b})).ifPresent(frames::add);
        }
        return frames;
    }

    private static void feed(FrameReader reader, String stream, List<Frame> frames) {
        ByteBuffer in = ByteBuffer.wrap(stream.getBytes(ISO_8859_1));
        for (Optional<Frame> next = reader.next(in); next.isPresent(); next = reader.next(in)) {
            frames.add(next.get());
        }
    }

    private static List<String> bodies(List<Frame> frames) {
        return frames.stream()
                .map(frame -> new String(((Frame.Body) frame).bytes(), ISO_8859_1))
                .toList();
    }
}
