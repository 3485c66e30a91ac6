package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.DapClient;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that reads nothing for a while: the target waits, the adapter does not grow, nothing is lost. */
@Tag("once")
@ExtendWith(LeakCheck.class)
class SilentReaderTest {
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final long MOST_GROWTH = 16L << 20;
    /** The adapter's queue, two pipes' and this client's own buffers, and what the target prints while its debugger answers. */
    private static final long MOST_AHEAD = 4L << 20;

    private static final int QUESTIONS = 9;

    /** Numbered lines of 100 bytes without end; at SIGTERM the line that is being written is finished, and the count told. */
    private static final String COUNTING = """
            import os, signal, sys
            stop = []
            signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
            n = 0
            while not stop:
                block = b''.join(b'%012d%087d\\n' % (n + i, 0) for i in range(500))
                n += 500
                view = memoryview(block)
                while view:
                    view = view[os.write(1, view):]
            os.write(2, b'%d lines' % n)
            """;

    private static JsonObject counting() {
        return Json.object(
                "code",
                COUNTING,
                "python",
                Pythons.newest().executable().toString(),
                "stopLadder",
                Json.array("SIGTERM:60"));
    }

    @Test
    void nothingGrowsNothingIsLostAndTheNextAnswerIsNear() {
        try (AdapterProcess adapter = AdapterProcess.running(counting())) {
            DapClient client = adapter.client();
            adapter.timeline().awaitOutput("stdout", String.format("%012d", 2000));
            client.pauseReading();
            long before = Processes.resident(adapter.pid());
            long most = mostGrowthDuring(adapter, before);
            client.resumeReading();
            List<Long> ahead = outputAheadOfAnswers(adapter);
            System.out.printf(
                    "silent reader: adapter grew by %.1f MiB, characters of output ahead of an answer: %s%n",
                    most / 1048576.0, ahead);
            assertThat(most).isLessThan(MOST_GROWTH);
            assertThat(ahead.get(QUESTIONS / 2)).isLessThan(MOST_AHEAD);
            client.ask("terminate", null);
            adapter.awaitTerminated();
            assertAllLines(adapter);
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    private static long mostGrowthDuring(AdapterProcess adapter, long before) {
        AtomicLong most = new AtomicLong();
        long end = System.nanoTime() + SILENCE.toNanos();
        Processes.within(SILENCE.plusSeconds(10)).until(() -> {
            most.accumulateAndGet(Processes.resident(adapter.pid()) - before, Math::max);
            return System.nanoTime() > end;
        });
        return most.get();
    }

    /** How much came between each question and its answer, sorted; the target goes on flooding meanwhile. */
    private static List<Long> outputAheadOfAnswers(AdapterProcess adapter) {
        return Stream.generate(() -> adapter.client().ask("threads", null))
                .limit(QUESTIONS)
                .map(answer -> {
                    List<Entry> entries = adapter.timeline().entries();
                    int asked = adapter.timeline()
                            .exactlyOnce(
                                    request("threads").where("its number", entry -> entry.seq() == answer.requestSeq()))
                            .index();
                    return entries.subList(asked, answer.index()).stream()
                            .filter(output("stdout")::matches)
                            .mapToLong(entry -> entry.text("output").length())
                            .sum();
                })
                .sorted()
                .toList();
    }

    private static void assertAllLines(AdapterProcess adapter) {
        long next = 0;
        StringBuilder rest = new StringBuilder();
        for (Entry entry : adapter.timeline().all(output("stdout"))) {
            rest.append(entry.text("output"));
            int from = 0;
            for (int end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n", from)) {
                if (end - from != 99 || Long.parseLong(rest, from, from + 12, 10) != next) {
                    throw new AssertionError("line " + next + " is " + rest.substring(from, end));
                }
                next++;
                from = end + 1;
            }
            rest.delete(0, from);
        }
        assertThat(rest).isEmpty();
        assertThat(adapter.timeline().output("stderr")).isEqualTo(next + " lines");
    }
}
