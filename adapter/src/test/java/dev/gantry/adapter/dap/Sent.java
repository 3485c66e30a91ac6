package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Collects output events as they leave, and reads them as a client would. */
final class Sent implements OutputEvent.Sink {
    final List<byte[]> frames = new ArrayList<>();
    private int seq;

    @Override
    public int nextSeq() {
        return ++seq;
    }

    @Override
    public void frame(byte[] bytes, int from, int length) {
        byte[] frame = new byte[length];
        System.arraycopy(bytes, from, frame, 0, length);
        frames.add(frame);
    }

    List<JsonObject> messages() {
        return frames.stream().map(Sent::message).toList();
    }

    List<String> texts() {
        return messages().stream().map(Sent::text).toList();
    }

    String text() {
        return String.join("", texts());
    }

    /** The exact bytes, as a client restores them: those that are carried, else the text's in its charset. */
    byte[] rawOr(Charset charset) throws IOException {
        return rawOr(charset, messages());
    }

    static byte[] rawOr(Charset charset, List<JsonObject> events) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (JsonObject event : events) {
            all.write(raw(event).orElseGet(() -> text(event).getBytes(charset)));
        }
        return all.toByteArray();
    }

    /** All messages in a stream that ends between two of them. */
    static List<JsonObject> stream(byte[] bytes) {
        FrameReader reader = new FrameReader();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<JsonObject> messages = new ArrayList<>();
        for (Optional<Frame> next = reader.next(in); next.isPresent(); next = reader.next(in)) {
            assertThat(next).containsInstanceOf(Frame.Body.class);
            messages.add(json(((Frame.Body) next.get()).bytes()));
        }
        assertThat(reader.atEnd()).isEmpty();
        return messages;
    }

    static JsonObject message(byte[] frame) {
        FrameReader reader = new FrameReader();
        ByteBuffer in = ByteBuffer.wrap(frame);
        Optional<Frame> read = reader.next(in);
        assertThat(read).containsInstanceOf(Frame.Body.class);
        assertThat(in.hasRemaining()).isFalse();
        return json(((Frame.Body) read.orElseThrow()).bytes());
    }

    private static JsonObject json(byte[] body) {
        return JsonParser.parseString(new String(body, UTF_8)).getAsJsonObject();
    }

    static String text(JsonObject event) {
        return event.getAsJsonObject("body").get("output").getAsString();
    }

    static Optional<byte[]> raw(JsonObject event) {
        JsonObject data = event.getAsJsonObject("body").getAsJsonObject("data");
        return data == null
                ? Optional.empty()
                : Optional.of(Base64.getDecoder().decode(data.get("base64").getAsString()));
    }
}
