package dev.gantry.adapter.dap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/**
 * A trace in a file. Lines wait in a queue of at most {@value #QUEUE_LIMIT} characters for the thread {@code trace-writer}; what
 * comes while it is full is counted and left out, and the file says so. A file that cannot be written any more is given up
 * silently: a trace must not end a session. {@link #close()} ends the thread.
 *
 * <p>A new file is its owner's alone, since programs' arguments, environments and output are in it; the server's token is left out.
 */
final class FileTrace implements Trace {
    static final int QUEUE_LIMIT = 4 * 1024 * 1024;
    /** Longer messages are cut: a flood of output is not what one looks for in a trace. */
    private static final int MESSAGE_LIMIT = 64 * 1024;

    private static final int OUTPUT_LIMIT = 256;
    private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);
    private static final Pattern TOKEN = Pattern.compile("(\"gantryToken\"\\s*:\\s*)\"[^\"]*\"");
    private static final byte[] OUTPUT_MARK = "\"event\":\"output\"".getBytes(StandardCharsets.US_ASCII);

    private final Path file;
    private final OutputStream out;
    private final Thread writer;
    private final AtomicInteger faults = new AtomicInteger();
    /** Guards what is below. */
    private final Object lock = new Object();

    private final Deque<String> lines = new ArrayDeque<>();
    private int queued;
    private long leftOut;
    private boolean closed;

    private FileTrace(Path file, OutputStream out) {
        this.file = file;
        this.out = out;
        this.writer = new Thread(this::run, "trace-writer");
        this.writer.setDaemon(true);
    }

    static FileTrace open(Path file) throws IOException {
        OutputStream out = Channels.newOutputStream(Files.newByteChannel(
                file, EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND), ownersAlone(file)));
        FileTrace trace = new FileTrace(file, new BufferedOutputStream(out, 64 * 1024));
        trace.writer.start();
        return trace;
    }

    private static FileAttribute<?>[] ownersAlone(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void received(byte[] body) {
        String text = abbreviated(body, 0, body.length, MESSAGE_LIMIT);
        add("<- " + (text.contains("gantryToken") ? TOKEN.matcher(text).replaceAll("$1\"...\"") : text));
    }

    @Override
    public void sent(byte[] bytes, int from, int length) {
        int body = bodyStart(bytes, from, length);
        int size = from + length - body;
        add("-> " + abbreviated(bytes, body, size, isOutput(bytes, body, size) ? OUTPUT_LIMIT : MESSAGE_LIMIT));
    }

    @Override
    public void note(String line) {
        add("-- " + line);
    }

    @Override
    public String fault(String where, Throwable error) {
        String reference = "E" + faults.incrementAndGet();
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text, true));
        add("!! " + reference + " " + where + ": " + text.toString().stripTrailing());
        return reference + " in " + file;
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
        try {
            writer.join(CLOSE_DEADLINE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(String text) {
        String line = Instant.now() + " " + text;
        synchronized (lock) {
            if (closed) {
                return;
            }
            if (queued + line.length() > QUEUE_LIMIT) {
                leftOut++;
                return;
            }
            lines.add(line);
            queued += line.length();
            lock.notifyAll();
        }
    }

    private void run() {
        try (OutputStream target = out) {
            for (String line = take(); !line.isEmpty(); line = take()) {
                target.write(line.getBytes(StandardCharsets.UTF_8));
                if (isIdle()) {
                    target.flush();
                }
            }
        } catch (IOException e) {
            synchronized (lock) {
                closed = true;
                lines.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next line with its line end; the empty string at the end. */
    private String take() throws InterruptedException {
        synchronized (lock) {
            while (lines.isEmpty() && !closed) {
                lock.wait();
            }
            if (lines.isEmpty()) {
                return "";
            }
            String line = lines.remove();
            queued -= line.length();
            if (leftOut > 0 && lines.isEmpty()) {
                line += "\n-- " + leftOut + " lines were left out here: they came faster than they could be written";
                leftOut = 0;
            }
            return line + "\n";
        }
    }

    private boolean isIdle() {
        synchronized (lock) {
            return lines.isEmpty();
        }
    }

    private static String abbreviated(byte[] bytes, int from, int length, int limit) {
        int shown = Math.min(length, limit);
        String text = new String(bytes, from, shown, StandardCharsets.UTF_8);
        return shown == length ? text : text + "... (" + length + " bytes)";
    }

    private static int bodyStart(byte[] bytes, int from, int length) {
        for (int i = from; i + 3 < from + length; i++) {
            if (bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == '\r' && bytes[i + 3] == '\n') {
                return i + 4;
            }
        }
        return from;
    }

    private static boolean isOutput(byte[] bytes, int from, int length) {
        int last = from + Math.min(length, 64) - OUTPUT_MARK.length;
        for (int i = from; i <= last; i++) {
            int match = 0;
            while (match < OUTPUT_MARK.length && bytes[i + match] == OUTPUT_MARK[match]) {
                match++;
            }
            if (match == OUTPUT_MARK.length) {
                return true;
            }
        }
        return false;
    }
}
