package dev.gantry.adapter.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a DAP connection. Any thread may send requests; one thread reads, and runs what waits for the answers.
 * Whoever made the streams closes them.
 */
final class Conversation {
    private static final int MAX_HEADER = 4096;

    private final BufferedInputStream in;
    private final OutputStream out; // guarded by itself
    private final AtomicInteger lastSeq = new AtomicInteger();
    private final Map<Integer, Consumer<JsonObject>> waiting = new ConcurrentHashMap<>();

    Conversation(InputStream in, OutputStream out) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.out = out;
    }

    /**
     * Sends a request.
     *
     * @param onAnswer gets the whole response, on the thread that reads
     * @throws IOException if the adapter is gone
     */
    void request(String command, @Nullable JsonElement arguments, Consumer<JsonObject> onAnswer) throws IOException {
        int seq = lastSeq.incrementAndGet();
        JsonObject message = new JsonObject();
        message.addProperty("seq", seq);
        message.addProperty("type", "request");
        message.addProperty("command", command);
        if (arguments != null) {
            message.add("arguments", arguments);
        }
        waiting.put(seq, onAnswer);
        send(message);
    }

    /** Refuses a request of the adapter: this client does none. */
    void refuse(JsonObject request) throws IOException {
        JsonObject answer = new JsonObject();
        answer.addProperty("seq", lastSeq.incrementAndGet());
        answer.addProperty("type", "response");
        answer.add("request_seq", request.get("seq"));
        answer.add("command", request.get("command"));
        answer.addProperty("success", false);
        answer.addProperty("message", "gantry run has no terminal to offer");
        send(answer);
    }

    private void send(JsonObject message) throws IOException {
        byte[] body = message.toString().getBytes(StandardCharsets.UTF_8);
        byte[] header = ("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        synchronized (out) {
            out.write(header);
            out.write(body);
            out.flush();
        }
    }

    /** Hands a response to whoever waits for it. */
    void answered(JsonObject response) {
        Consumer<JsonObject> waiter = waiting.remove(response.get("request_seq").getAsInt());
        if (waiter != null) {
            waiter.accept(response);
        }
    }

    /**
     * The adapter's next message; empty when it has closed the stream.
     *
     * @throws IOException if the stream breaks or holds no legal message
     */
    Optional<JsonObject> read() throws IOException {
        Optional<Integer> length = readHeader();
        if (length.isEmpty()) {
            return Optional.empty();
        }
        byte[] body = in.readNBytes(length.get());
        if (body.length < length.get()) {
            throw new EOFException("the adapter's stream ended within a message");
        }
        try {
            return Optional.of(JsonParser.parseString(new String(body, StandardCharsets.UTF_8))
                    .getAsJsonObject());
        } catch (JsonParseException | IllegalStateException broken) {
            throw new IOException("the adapter sent no JSON object: " + broken.getMessage(), broken);
        }
    }

    private Optional<Integer> readHeader() throws IOException {
        StringBuilder header = new StringBuilder(32);
        while (header.length() < 4 || header.lastIndexOf("\r\n\r\n") != header.length() - 4) {
            int next = in.read();
            if (next < 0) {
                if (header.length() == 0) {
                    return Optional.empty();
                }
                throw new EOFException("the adapter's stream ended within a header");
            }
            header.append((char) next);
            if (header.length() > MAX_HEADER) {
                throw new IOException("the adapter's stream is no DAP: " + header.substring(0, 80));
            }
        }
        for (String field : header.toString().lines().toList()) {
            if (field.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                return Optional.of(parseLength(field.substring(15).strip()));
            }
        }
        throw new IOException(
                "the adapter's stream is no DAP: " + header.toString().strip());
    }

    private static int parseLength(String text) throws IOException {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException notANumber) {
            throw new IOException("the adapter sent Content-Length '" + text + "'", notANumber);
        }
    }
}
