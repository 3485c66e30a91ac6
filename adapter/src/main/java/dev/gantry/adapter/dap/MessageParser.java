package dev.gantry.adapter.dap;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From the bytes of a frame to what they say. Pure. Strict about the text (UTF-8, JSON, at most {@value #NESTING_LIMIT} levels),
 * and every fault is pinned on the request that it concerns where that can be found.
 */
final class MessageParser {
    static final int NESTING_LIMIT = 255;

    private static final int VALUE_LIMIT = 500_000;

    private MessageParser() {}

    static Incoming parse(byte[] body) {
        try {
            boundValues(body);
            return interpret(object(text(body)), body);
        } catch (Fault fault) {
            return faulty(scan(body), fault.why);
        } catch (RuntimeException e) {
            return faulty(scan(body), "the message could not be read: " + e);
        }
    }

    static Incoming parse(Frame.TooLong frame, int limit) {
        String why = "message of " + frame.length() + " bytes is over the limit of " + limit;
        return faulty(frame.envelope(), why);
    }

    private static Incoming faulty(Envelope envelope, String why) {
        return envelope.isAnswerable()
                ? new Incoming.Refused(envelope.number(), envelope.command(), why)
                : new Incoming.Broken(why);
    }

    /** A value that is parsed takes a hundred times the room of its text: "1,1,1" up to the limit would take gigabytes. */
    private static void boundValues(byte[] body) throws Fault {
        boolean inString = false;
        int commas = 0;
        for (int i = 0; i < body.length; i++) {
            if (body[i] == '"') {
                inString = !inString;
            } else if (body[i] == '\\' && inString) {
                i++;
            } else if (body[i] == ',' && !inString) {
                commas++;
            }
        }
        if (commas > VALUE_LIMIT) {
            throw new Fault("the message has more than " + VALUE_LIMIT + " values");
        }
    }

    private static Envelope scan(byte[] body) {
        EnvelopeScanner scanner = new EnvelopeScanner();
        scanner.feed(body, 0, body.length);
        return scanner.envelope();
    }

    private static String text(byte[] body) throws Fault {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(body);
        CharBuffer out = CharBuffer.allocate(body.length);
        CoderResult result = decoder.decode(in, out, true);
        try {
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException e) {
            throw new Fault("the message is not valid UTF-8: byte " + in.position() + " is 0x"
                    + Integer.toHexString(body[in.position()] & 0xFF));
        }
        return out.flip().toString();
    }

    private static JsonObject object(String text) throws Fault {
        JsonElement element;
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            reader.setNestingLimit(NESTING_LIMIT);
            element = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new Fault("the message goes on after the end of its JSON");
            }
        } catch (IOException | JsonParseException | NumberFormatException e) {
            if (e.getCause() instanceof OutOfMemoryError) {
                throw new Fault("there is no memory left for a message of " + text.length() + " characters");
            }
            throw new Fault("the message is not valid JSON: " + reason(e));
        }
        if (!element.isJsonObject()) {
            throw new Fault("the message is no JSON object");
        }
        return element.getAsJsonObject();
    }

    /** The reason in one line, without the library's advice to its programmer. */
    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String message = String.valueOf(cause.getMessage());
        int end = message.indexOf('\n');
        String line = end < 0 ? message : message.substring(0, end);
        return line.replace("Use JsonReader.setStrictness(Strictness.LENIENT) to accept malformed JSON", "malformed");
    }

    private static Incoming interpret(JsonObject message, byte[] body) throws Fault {
        String type = string(message, "type").orElseThrow(() -> new Fault("the message has no 'type' (a string)"));
        return switch (type) {
            case "request" -> request(message);
            case "response" -> response(message);
            case "event" -> new Incoming.Broken("the client sent an event; only an adapter sends events");
            default -> faulty(scan(body), "the message's type is '" + type + "', not 'request' or 'response'");
        };
    }

    private static Incoming request(JsonObject message) throws Fault {
        int seq = integer(message, "seq");
        Optional<String> command = string(message, "command");
        if (command.isEmpty()) {
            return new Incoming.Refused(seq, "", "the request has no 'command' (a string)");
        }
        JsonElement arguments = message.get("arguments");
        boolean absent = arguments == null || arguments.isJsonNull();
        if (absent || arguments.isJsonObject()) {
            return new Incoming.Request(
                    seq, command.get(), absent ? new JsonObject() : arguments.getAsJsonObject(), null);
        }
        String malformed = "the arguments of '" + command.get() + "' are no JSON object but " + kindOf(arguments);
        return new Incoming.Request(seq, command.get(), new JsonObject(), malformed);
    }

    private static Incoming response(JsonObject message) throws Fault {
        int requestSeq = integer(message, "request_seq");
        JsonElement success = message.get("success");
        boolean succeeded = success != null && success.isJsonPrimitive() && success.getAsBoolean();
        JsonElement body = message.get("body");
        JsonObject given = body != null && body.isJsonObject() ? body.getAsJsonObject() : new JsonObject();
        return new Incoming.Response(
                requestSeq, succeeded, string(message, "message").orElse("the client gave no reason"), given);
    }

    private static Optional<String> string(JsonObject message, String name) {
        JsonPrimitive value = primitive(message, name);
        return value != null && value.isString() ? Optional.of(value.getAsString()) : Optional.empty();
    }

    private static int integer(JsonObject message, String name) throws Fault {
        JsonElement value = message.get(name);
        JsonPrimitive primitive = primitive(message, name);
        if (primitive == null || !primitive.isNumber()) {
            throw new Fault("the message's '" + name + "' is no number but " + kindOf(value));
        }
        try {
            // As a decimal, since 5.0 is the integer 5 in JSON.
            return new BigDecimal(primitive.getAsString()).intValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new Fault("the message's '" + name + "' is no 32-bit integer: " + primitive.getAsString());
        }
    }

    private static @Nullable JsonPrimitive primitive(JsonObject message, String name) {
        JsonElement value = message.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsJsonPrimitive() : null;
    }

    private static String kindOf(@Nullable JsonElement value) {
        if (value == null) {
            return "absent";
        }
        if (value.isJsonPrimitive()) {
            JsonPrimitive primitive = value.getAsJsonPrimitive();
            return primitive.isString() ? "a string" : primitive.isNumber() ? "a number" : "a boolean";
        }
        return value.isJsonNull() ? "null" : value.isJsonArray() ? "an array" : "an object";
    }

    /** A message that is not understood, and why. Carries no stack: it is a result, not a surprise. */
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;
        private final String why;

        Fault(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }
}
