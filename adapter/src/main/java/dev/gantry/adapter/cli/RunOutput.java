package dev.gantry.adapter.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Writes the target's output where it belongs, exactly, and the lines about the run to standard error. Confined to the thread
 * that reads the adapter's messages, but for {@link #note}.
 */
final class RunOutput {
    /**
     * How EPIPE comes out of a FileOutputStream: the JDK passes the system's words, and no number. On Windows they are those of
     * ERROR_BROKEN_PIPE, ERROR_NO_DATA and ERROR_PIPE_NOT_CONNECTED, then as Wine says them; where it does not speak English, the words
     * are shown.
     */
    private static final List<String> BROKEN_PIPE = List.of(
            "Broken pipe",
            "The pipe has been ended",
            "The pipe is being closed",
            "No process is on the other end of the pipe",
            "Pipe closed",
            "Pipe not connected");

    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    /** Colours that are set back after the last line show nothing. */
    private static final Pattern SEQUENCES_AT_END = Pattern.compile("(?:\u001b\\[[0-?]*[ -/]*[@-~])+$");

    private static final int LONGEST_SEQUENCES = 64;

    private final OutputStream out;
    private final OutputStream err;
    private final Charset charset;
    private final boolean quiet;
    private final boolean dim;
    private final boolean onePlace;

    private volatile boolean withinLine;

    /**
     * @param charset what the target's output is encoded in
     * @param quiet whether console lines are dropped
     * @param dim whether console lines are dimmed
     * @param onePlace whether both streams go to the same place
     */
    RunOutput(OutputStream out, OutputStream err, Charset charset, boolean quiet, boolean dim, boolean onePlace) {
        this.out = out;
        this.err = err;
        this.charset = charset;
        this.quiet = quiet;
        this.dim = dim;
        this.onePlace = onePlace;
    }

    /**
     * An output event's body.
     *
     * @throws ClosedException if nobody reads the stream any more
     * @throws FailedException if the stream cannot be written for another reason
     */
    void event(JsonObject body) throws IOException {
        String category = text(body, "category");
        switch (category) {
            case "stdout" -> {
                if (body.has("source")) {
                    // The debugger's own, as a log message: no program says where in it something was written.
                    show(text(body, "output"));
                    return;
                }
                write(out, "standard output", bytes(body));
                if (onePlace) {
                    shown(text(body, "output"));
                }
            }
            case "stderr" -> {
                write(err, "standard error", bytes(body));
                shown(text(body, "output"));
            }
            case "telemetry" -> {}
            default -> {
                if (!quiet || category.equals("important")) {
                    // The adapter takes all output for one place, and begins a line of its own there; here there may be
                    // two.
                    String line = text(body, "output");
                    note(line.startsWith("\n") ? line.substring(1) : line);
                }
            }
        }
    }

    /** A message of the adapter, as a line of JSON. */
    void json(JsonObject message) throws IOException {
        write(out, "standard output", (message + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Remembers whether what was shown last where our lines go has ended within a line. */
    private void shown(String text) {
        String end = text.substring(Math.max(0, text.length() - LONGEST_SEQUENCES));
        String visible = SEQUENCES_AT_END.matcher(end).replaceFirst("");
        if (!visible.isEmpty()) {
            withinLine = !visible.endsWith("\n");
        }
    }

    /**
     * Lines of our own to standard error, not behind an unfinished one of the program; each is marked as ours. They are lost if it cannot
     * be written.
     */
    void note(String lines) {
        mark(lines, dim);
    }

    /** The same for what was asked for, which is as bright as the program's. */
    void show(String lines) {
        mark(lines, false);
    }

    private void mark(String lines, boolean dim) {
        StringBuilder marked = new StringBuilder(withinLine ? "\n" : "");
        withinLine = false;
        lines.lines()
                .forEach(line -> marked.append(dim ? DIM : "")
                        .append("gantry: ")
                        .append(line)
                        .append(dim ? PLAIN : "")
                        .append('\n'));
        try {
            write(err, "standard error", marked.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            return; // There is nobody else to tell, and the program does not depend on our lines.
        }
    }

    private byte[] bytes(JsonObject body) {
        if (body.get("data") instanceof JsonObject data && data.has("base64")) {
            return Base64.getDecoder().decode(text(data, "base64"));
        }
        return text(body, "output").getBytes(charset);
    }

    private static String text(JsonObject object, String key) {
        JsonElement value = object.get(key);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    private static void write(OutputStream stream, String name, byte[] bytes) throws IOException {
        try {
            stream.write(bytes);
            stream.flush();
        } catch (IOException failed) {
            String reason = String.valueOf(failed.getMessage());
            if (BROKEN_PIPE.contains(reason)) {
                throw new ClosedException(failed);
            }
            throw new FailedException("cannot write " + name + ": " + reason, failed);
        }
    }

    /** Nobody reads what we print. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1L;

        ClosedException(IOException cause) {
            super(cause);
        }
    }

    /** What we print cannot be written; the message says where and why. */
    static final class FailedException extends IOException {
        private static final long serialVersionUID = 1L;

        FailedException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
