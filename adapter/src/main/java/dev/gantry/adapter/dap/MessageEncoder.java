package dev.gantry.adapter.dap;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.model.JsonText;
import dev.gantry.adapter.model.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.eclipse.lsp4j.jsonrpc.debug.json.DebugMessageJsonHandler;
import org.jspecify.annotations.Nullable;

/**
 * From our messages to finished frames. Pure. The envelope is written here, with the members and the order that lsp4j has; bodies are
 * elements of Gson, or types of lsp4j, whose adapters are loaded with the first of those: on the way to a program's start there is none.
 */
final class MessageEncoder {
    /** lsp4j's adapters. The table of methods is empty: it serves to read messages into lsp4j's types, and we read them ourselves. */
    private static final class Typed {
        static final Gson GSON = new DebugMessageJsonHandler(Map.of()).getGson();
    }

    byte[] event(int seq, String name, @Nullable Object body) {
        StringBuilder event = message("event", seq, "event", name);
        return body instanceof RawJson text ? frame(event, text) : frame(event, "body", body);
    }

    byte[] request(int seq, String command, Object arguments) {
        return frame(message("request", seq, "command", command), "arguments", arguments);
    }

    byte[] success(int seq, long requestSeq, String command, @Nullable Object body) {
        StringBuilder response = response(seq, requestSeq, command, true);
        return body instanceof RawJson text ? frame(response, text) : frame(response, "body", body);
    }

    private static byte[] frame(StringBuilder beginning, RawJson body) {
        byte[] start = beginning.append(",\"body\":").toString().getBytes(StandardCharsets.UTF_8);
        byte[] message = Arrays.copyOf(start, start.length + body.length() + 1);
        body.copyTo(message, start.length);
        message[message.length - 1] = '}';
        return frame(message);
    }

    byte[] failure(int seq, long requestSeq, String command, Failure failure) {
        StringBuilder response = response(seq, requestSeq, command, false).append(",\"message\":");
        JsonText.append(response, failure.message());
        JsonObject error = new JsonObject();
        error.addProperty("id", failure.id());
        error.addProperty("format", failure.message());
        error.addProperty("showUser", failure.showUser());
        JsonObject body = new JsonObject();
        body.add("error", error);
        return frame(response, "body", body);
    }

    private static StringBuilder message(String type, int seq, String kind, String name) {
        StringBuilder text = new StringBuilder(256).append("{\"type\":\"").append(type);
        text.append("\",\"seq\":").append(seq).append(",\"").append(kind).append("\":");
        JsonText.append(text, name);
        return text;
    }

    private static StringBuilder response(int seq, long requestSeq, String command, boolean success) {
        StringBuilder text =
                new StringBuilder(256).append("{\"type\":\"response\",\"seq\":").append(seq);
        text.append(",\"request_seq\":").append(requestSeq).append(",\"command\":");
        JsonText.append(text, command);
        return text.append(",\"success\":").append(success);
    }

    private static byte[] frame(StringBuilder message, String member, @Nullable Object value) {
        if (value != null) {
            JsonElement element = value instanceof JsonElement json ? json : Typed.GSON.toJsonTree(value);
            JsonText.appendPresent(message.append(",\"").append(member).append("\":"), element);
        }
        return frame(message.append('}').toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(byte[] body) {
        byte[] header = ("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, frame, header.length, body.length);
        return frame;
    }
}
