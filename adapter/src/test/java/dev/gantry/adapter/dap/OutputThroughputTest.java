package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How fast bytes become frames, in CPU time. The floor is far below what is reached: it catches a lost fast path, not a slow machine. */
class OutputThroughputTest {
    private static final double FLOOR = 0.3;
    private static final int ROUNDS = 10;
    private static final int PIECES = 200;

    @Test
    void asciiLinesAreCopiedNotParsed() {
        Map<String, Double> figures = new TreeMap<>();
        figures.put(
                "ASCII lines, 80 bytes",
                best("the quick brown fox jumps over the lazy dog ".repeat(2).substring(0, 79) + "\n"));
        figures.put("ASCII lines, 200 bytes", best("x".repeat(199) + "\n"));
        figures.put("quotes", best("{\"key\": \"value\"}\n"));
        figures.put("Cyrillic", best("съешь ещё этих мягких французских булок\n"));
        figures.put("CJK", best("いろはにほへとちりぬるを漢字\n"));

        figures.forEach((text, speed) -> System.out.printf("output encoder, %s: %.2f GB/s%n", text, speed));
        assertThat(figures.get("ASCII lines, 80 bytes")).isGreaterThan(FLOOR);
    }

    /** The best of several rounds, in GB/s. */
    private static double best(String line) {
        ByteBuffer direct = ByteBuffer.allocateDirect(64 * 1024);
        byte[] bytes = line.getBytes(UTF_8);
        while (direct.remaining() > bytes.length) {
            direct.put(bytes);
        }
        direct.flip();
        Counter counter = new Counter();
        OutputEvent event = new OutputEvent(counter);
        event.open(OutputEvent.prefix("\"stdout\""), false);
        OutputEncoder encoder = new OutputEncoder(false, event, true);
        byte[] scratch = new byte[64 * 1024];
        double best = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuTime();
            for (int i = 0; i < PIECES; i++) {
                encoder.encode(direct.duplicate(), scratch);
            }
            best = Math.max(best, (double) PIECES * direct.limit() / Math.max(1, cpuTime() - start));
        }
        assertThat(counter.bytes).isGreaterThan((long) ROUNDS * PIECES * direct.limit() - OutputEvent.FRAME_LIMIT);
        return best;
    }

    /** Of this thread: the machine's other work does not count. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static final class Counter implements OutputEvent.Sink {
        private int seq;
        private long bytes;

        @Override
        public int nextSeq() {
            return ++seq;
        }

        @Override
        public void frame(byte[] frame, int from, int length) {
            bytes += length;
        }
    }
}
