package dev.gantry.adapter.dap;

import com.google.gson.Gson;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.model.Failure;
import dev.gantry.adapter.model.JsonText;
import dev.gantry.adapter.model.RawJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.eclipse.lsp4j.jsonrpc.debug.json.DebugMessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugNotificationMessage;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugRequestMessage;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugResponseMessage;
import org.eclipse.lsp4j.jsonrpc.messages.Either;
import org.eclipse.lsp4j.jsonrpc.messages.Message;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseError;
import org.eclipse.lsp4j.jsonrpc.messages.ResponseErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * From our messages to finished frames, through lsp4j's message classes and type adapters. Pure. The table of methods is empty:
 * lsp4j needs it to read messages into its own types, and we read them ourselves.
 */
final class MessageEncoder {
    private final Gson gson = new DebugMessageJsonHandler(Map.of()).getGson();

    byte[] event(int seq, String name, @Nullable Object body) {
        DebugNotificationMessage message = new DebugNotificationMessage();
        message.setId(seq);
        message.setMethod(name);
        if (body != null) {
            message.setParams(body);
        }
        return frame(message);
    }

    byte[] request(int seq, String command, Object arguments) {
        DebugRequestMessage message = new DebugRequestMessage();
        message.setId(seq);
        message.setMethod(command);
        message.setParams(arguments);
        return frame(message);
    }

    byte[] success(int seq, long requestSeq, String command, @Nullable Object body) {
        if (body instanceof RawJson text) {
            return success(seq, requestSeq, command, text);
        }
        DebugResponseMessage message = response(seq, requestSeq, command);
        if (body != null) {
            message.setResult(body);
        }
        return frame(message);
    }

    /** The same members in the same order as lsp4j's. */
    private static byte[] success(int seq, long requestSeq, String command, RawJson body) {
        String beginning = "{\"type\":\"response\",\"seq\":" + seq + ",\"request_seq\":" + requestSeq + ",\"command\":"
                + new JsonPrimitive(command) + ",\"success\":true,\"body\":";
        byte[] start = beginning.getBytes(StandardCharsets.UTF_8);
        byte[] message = Arrays.copyOf(start, start.length + body.length() + 1);
        body.copyTo(message, start.length);
        message[message.length - 1] = '}';
        return frame(message);
    }

    byte[] failure(int seq, long requestSeq, String command, Failure failure) {
        org.eclipse.lsp4j.debug.Message error = new org.eclipse.lsp4j.debug.Message();
        error.setId(failure.id());
        error.setFormat(failure.message());
        error.setShowUser(failure.showUser());
        DebugResponseMessage message = response(seq, requestSeq, command);
        message.setError(new ResponseError(ResponseErrorCode.RequestFailed, failure.message(), Map.of("error", error)));
        return frame(message);
    }

    private static DebugResponseMessage response(int seq, long requestSeq, String command) {
        DebugResponseMessage message = new DebugResponseMessage();
        message.setResponseId(seq);
        message.setRawId(Either.forRight(requestSeq));
        message.setMethod(command);
        return message;
    }

    private byte[] frame(Message message) {
        return frame(JsonText.wellFormed(gson.toJson(message, Message.class)).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] frame(byte[] body) {
        byte[] header = ("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] frame = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, frame, header.length, body.length);
        return frame;
    }
}
