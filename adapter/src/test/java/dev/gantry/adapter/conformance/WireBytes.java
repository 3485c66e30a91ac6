package dev.gantry.adapter.conformance;

import static dev.gantry.fixtures.Expectation.event;

import dev.gantry.adapter.e2e.AdapterCommand;
import dev.gantry.adapter.e2e.Json;
import dev.gantry.fixtures.DapClient;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every byte that an adapter writes in one session with a program, as it is on the wire: answers of all kinds, failures, output. */
final class WireBytes {
    private static final Pattern HEADER = Pattern.compile("(.*?)\r\n\r\n", Pattern.DOTALL);

    /** The packed one is made by a session with a client that takes no bytes but the right ones. */
    private static final AdapterCommand UNPACKED = AdapterCommand.of(System.getProperty("java.class.path"), List.of());

    private static byte @Nullable [] held;

    private WireBytes() {}

    /** What the adapter has written, also if a strict client could not read it. One session for all who ask; guarded by the class. */
    static synchronized byte[] ofASession() throws IOException {
        byte[] bytes = held == null ? read() : held;
        held = bytes;
        return bytes.clone();
    }

    private static byte[] read() throws IOException {
        Process process = new ProcessBuilder(UNPACKED.words())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DapClient client = DapClient.over(copying(process.getInputStream(), bytes), process.getOutputStream())) {
            hold(client);
        } finally {
            process.destroyForcibly().onExit().join();
        }
        return bytes.toByteArray();
    }

    private static void hold(DapClient client) {
        try {
            client.initialize();
            client.launch(Json.shell("echo 'grüße 🦆'; exit 3"));
            client.request("no such request");
            client.request("threads");
            client.timeline().await(event("terminated"));
            client.request("disconnect");
            client.awaitEnd();
        } catch (AssertionError unreadable) {
            // The bytes tell.
            return;
        }
    }

    private static InputStream copying(InputStream from, ByteArrayOutputStream copy) {
        return new FilterInputStream(from) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (count > 0) {
                    copy.write(buffer, offset, count);
                }
                return count;
            }
        };
    }

    /** The headers of all messages, without the empty line behind; what is not one after the other as they say ends the list. */
    static List<String> headers(byte[] bytes) {
        // One character for each byte.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        List<String> headers = new ArrayList<>();
        Matcher header = HEADER.matcher(text);
        for (int from = 0; from < text.length(); ) {
            if (!header.find(from) || header.start() != from) {
                headers.add("no header: " + text.substring(from));
                return headers;
            }
            headers.add(header.group(1));
            String length = header.group(1).replaceAll("\\D", "");
            from = header.end() + (length.isEmpty() ? text.length() : Integer.parseInt(length));
        }
        return headers;
    }
}
