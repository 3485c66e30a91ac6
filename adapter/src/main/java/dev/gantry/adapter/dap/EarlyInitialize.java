package dev.gantry.adapter.dap;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Answers the client's initialize request before anything else is loaded: the response is the same for every client, and clients
 * wait for it. Runs on the main thread, once, before {@link DapConnection} is made.
 *
 * <p>The session still gets the request, as its first one, with a {@link dev.gantry.adapter.session.Reply} that is not open: its
 * success is swallowed, since it was said already, and all that the session sends goes after it. So a session need not know.
 *
 * <p>Here nothing may be used that loads much: no JSON, no lambda, no concatenated string.
 */
public final class EarlyInitialize {
    private static final int FIRST_READ = 8 * 1024;
    /** A longer first message is left to the connection. */
    private static final int PATIENCE = 64 * 1024;

    /** No resource: Java finds none in a jar whose path has "!/" in it, as below a directory whose name ends so. */
    private static final String FIRST =
            "{\"supportsConfigurationDoneRequest\":true,\"supportsFunctionBreakpoints\":true,"
                    + "\"supportsConditionalBreakpoints\":true,\"supportsHitConditionalBreakpoints\":true,"
                    + "\"supportsEvaluateForHovers\":true,\"exceptionBreakpointFilters\":[{\"filter\":\"raised\","
                    + "\"label\":\"Raised Exceptions\",\"description\":\"Stops where an exception is raised,"
                    + " caught or not\",\"default\":false,\"supportsCondition\":true,"
                    + "\"conditionDescription\":\"names of exceptions, such as ValueError, json.*,"
                    + " !KeyError; or an expression in which exc is the exception\"},{\"filter\":\"uncaught\","
                    + "\"label\":\"Uncaught Exceptions\","
                    + "\"description\":\"Stops before an exception ends the program or a thread\",\"default\":true,"
                    + "\"supportsCondition\":true,\"conditionDescription\":\"names of exceptions, such as ValueError,"
                    + " json.*, !KeyError; or an expression in which exc is the exception\"},"
                    + "{\"filter\":\"userUnhandled\",\"label\":\"User Uncaught Exceptions\","
                    + "\"description\":\"Stops when an exception leaves your own code for that of a library\","
                    + "\"default\":false,\"supportsCondition\":true,\"conditionDescription\":\"names of exceptions,"
                    + " such as ValueError, json.*, !KeyError; or an expression in which exc is the exception\"}],"
                    + "\"supportsSetVariable\":true,\"supportsRestartFrame\":true,\"supportsGotoTargetsRequest\":true,"
                    + "\"supportsStepInTargetsRequest\":true,\"supportsCompletionsRequest\":true,"
                    + "\"completionTriggerCharacters\":[\".\",\"[\",\"\\\"\",\"\\u0027\"],\"supportsModulesRequest\":true,"
                    + "\"supportsRestartRequest\":true,\"supportsExceptionOptions\":true,"
                    + "\"supportsValueFormattingOptions\":true,\"supportsExceptionInfoRequest\":true"
                    + ",";

    private static final String LAST =
            "\"supportsDelayedStackTraceLoading\":true,\"supportsLoadedSourcesRequest\":true,"
                    + "\"supportsLogPoints\":true,\"supportsTerminateThreadsRequest\":true,"
                    + "\"supportsSetExpression\":true,\"supportsTerminateRequest\":true,"
                    + "\"supportsDataBreakpoints\":true,\"supportsReadMemoryRequest\":true,"
                    + "\"supportsWriteMemoryRequest\":true,\"supportsCancelRequest\":true,"
                    + "\"supportsBreakpointLocationsRequest\":true,\"supportsClipboardContext\":true,"
                    + "\"supportsExceptionFilterOptions\":true,\"supportsSingleThreadExecutionRequests\":true,"
                    + "\"supportsANSIStyling\":true}";
    private static final String WHERE_TARGETS_CAN_BE_LEFT = FIRST + "\"supportTerminateDebuggee\":true," + LAST;
    private static final String ON_WINDOWS = FIRST + LAST;

    private EarlyInitialize() {}

    /** The capabilities that are announced, as JSON. */
    public static byte[] announcedCapabilities() {
        return (File.separatorChar == '\\' ? ON_WINDOWS : WHERE_TARGETS_CAN_BE_LEFT)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads the first message, and answers it if it is a plain initialize.
     *
     * @param in read without a buffer in between: what is taken from it is in the result
     * @param capabilities the body of the response, as JSON
     * @return what was read, to be given to {@link DapConnection#open}
     * @throws IOException if the stream to the client is broken
     */
    public static FirstBytes answer(InputStream in, OutputStream out, byte[] capabilities) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream(FIRST_READ);
        FrameReader frames = new FrameReader();
        byte[] chunk = new byte[FIRST_READ];
        while (read.size() < PATIENCE) {
            int count = in.read(chunk);
            if (count < 0) {
                break;
            }
            read.write(chunk, 0, count);
            Optional<Frame> frame = frames.next(ByteBuffer.wrap(chunk, 0, count));
            if (frame.isPresent()) {
                return new FirstBytes(read.toByteArray(), answered(frame.get(), out, capabilities));
            }
        }
        return new FirstBytes(read.toByteArray(), false);
    }

    private static boolean answered(Frame frame, OutputStream out, byte[] capabilities) throws IOException {
        if (!(frame instanceof Frame.Body body)) {
            return false;
        }
        OptionalInt seq = PlainInitialize.seqOf(body.bytes());
        if (seq.isEmpty()) {
            return false;
        }
        out.write(response(seq.getAsInt(), capabilities));
        out.flush();
        return true;
    }

    private static byte[] response(int requestSeq, byte[] capabilities) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(capabilities.length + 128);
        put(body, "{\"type\":\"response\",\"seq\":1,\"request_seq\":");
        put(body, Integer.toString(requestSeq));
        put(body, ",\"command\":\"initialize\",\"success\":true,\"body\":");
        body.write(capabilities);
        put(body, "}");
        ByteArrayOutputStream frame = new ByteArrayOutputStream(body.size() + 32);
        put(frame, "Content-Length: ");
        put(frame, Integer.toString(body.size()));
        put(frame, "\r\n\r\n");
        body.writeTo(frame);
        return frame.toByteArray();
    }

    private static void put(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
