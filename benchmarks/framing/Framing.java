package dev.gantry.adapter.dap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.jsonrpc.debug.json.DebugMessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugNotificationMessage;

/** For framing.py: one line of figures for each text, in GB/s of the program's bytes: ours, and lsp4j's with a String on the way. */
public final class Framing {
    private static final int PIECE = 64 * 1024;
    private static final long BYTES = 200_000_000L;
    private static final int ROUNDS = 7;

    private static long framed;

    private Framing() {}

    /** One way from bytes to frames. */
    private interface Way {
        void take(ByteBuffer data);
    }

    public static void main(String[] arguments) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("ASCII, lines of 16 bytes", "0123456789abcde\n");
        texts.put("ASCII, lines of 80 bytes", "the quick brown fox jumps over the lazy dog ".repeat(2).substring(0, 79) + "\n");
        texts.put("ASCII, lines of 200 bytes", "x".repeat(199) + "\n");
        texts.put("quotes", "{\"key\": \"value\"}\n");
        texts.put("Cyrillic", "съешь ещё этих мягких французских булок\n");
        texts.put("CJK", "いろはにほへとちりぬるを漢字\n");
        texts.forEach((name, line) -> {
            ByteBuffer data = filled(line.getBytes(StandardCharsets.UTF_8));
            System.out.printf("%s\t%.3f\t%.3f%n", name, best(ours(), data), best(lsp4j(), data));
        });
    }

    private static ByteBuffer filled(byte[] line) {
        ByteBuffer data = ByteBuffer.allocateDirect(PIECE);
        while (data.remaining() >= line.length) {
            data.put(line);
        }
        return data.flip();
    }

    private static double best(Way way, ByteBuffer data) {
        double best = 0;
        int pieces = (int) (BYTES / data.limit() / ROUNDS) + 1;
        for (int round = 0; round < ROUNDS; round++) {
            long begin = System.nanoTime();
            for (int i = 0; i < pieces; i++) {
                way.take(data.duplicate());
            }
            best = Math.max(best, (double) pieces * data.limit() / (System.nanoTime() - begin));
        }
        return best;
    }

    private static Way ours() {
        OutputEvent event = new OutputEvent(new OutputEvent.Sink() {
            private int seq;

            @Override
            public int nextSeq() {
                return ++seq;
            }

            @Override
            public void frame(byte[] bytes, int from, int length) {
                framed += length;
            }
        });
        event.open(OutputEvent.prefix("\"stdout\""), false);
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        byte[] scratch = new byte[PIECE];
        return data -> encoder.encode(data, scratch);
    }

    private static Way lsp4j() {
        DebugMessageJsonHandler handler = new DebugMessageJsonHandler(Map.of());
        byte[] scratch = new byte[PIECE];
        return data -> {
            int count = data.remaining();
            data.get(scratch, 0, count);
            OutputEventArguments body = new OutputEventArguments();
            body.setCategory("stdout");
            body.setOutput(new String(scratch, 0, count, StandardCharsets.UTF_8));
            DebugNotificationMessage message = new DebugNotificationMessage();
            message.setId(1);
            message.setMethod("output");
            message.setParams(body);
            byte[] content = handler.serialize(message).getBytes(StandardCharsets.UTF_8);
            framed += ("Content-Length: " + content.length + "\r\n\r\n").length() + content.length;
        };
    }
}
