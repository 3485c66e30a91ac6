package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import dev.gantry.adapter.session.OutputChannel;
import dev.gantry.adapter.session.OutputFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What we say of a program begins on a line of its own, in clients that show all output in one place. */
class ConsoleLineTest {
    private final ManualReactor reactor = new ManualReactor();
    private final RecordingTrace trace = new RecordingTrace();
    private final SlowClient taken = new SlowClient();
    private final Outbox outbox = new Outbox(reactor, new Outbox.Listener() {
        @Override
        public void outputDrained() {}

        @Override
        public void idle() {}

        @Override
        public void clientDead(IOException why) {}
    });
    private final Thread writer = new Thread(() -> outbox.run(taken), "test-writer");
    private final Sequence sequence = new Sequence(0);
    private final OutputPort port = new OutputPort(outbox, sequence, reactor, trace);
    private final WireClient client = new WireClient(outbox, port, sequence, new ReverseRequests(trace), trace);

    ConsoleLineTest() {
        taken.takeAll();
        writer.start();
    }

    @AfterEach
    void leavesNoThreadBehind() throws Exception {
        outbox.close();
        writer.join(10_000);
        assertThat(writer.isAlive()).isFalse();
    }

    @Test
    void itDoesNotFollowAnUnfinishedLine() {
        write("stdout", "abc");
        console("exit code 0");
        console("bye");
        assertThat(received()).containsExactly("stdout abc", "console \nexit code 0\n", "console bye\n");
    }

    @Test
    void nothingIsPutBetweenWholeLines() {
        console("$ cat");
        write("stdout", "abc\n");
        console("exit code 0");
        assertThat(received()).containsExactly("console $ cat\n", "stdout abc\n", "console exit code 0\n");
    }

    @Test
    void whatCountsIsWhatIsShownLastWhicheverStreamItIs() {
        write("stdout", "abc");
        write("stderr", "def\n");
        console("one");
        write("stderr", "g");
        console("two");
        assertThat(received())
                .containsExactly("stdout abc", "stderr def\n", "console one\n", "stderr g", "console \ntwo\n");
    }

    @Test
    void theProgramsLineGoesOnAfterOurs() {
        write("stdout", "abc");
        console("one");
        write("stdout", "def\n");
        console("two");
        assertThat(received()).containsExactly("stdout abc", "console \none\n", "stdout def\n", "console two\n");
    }

    /** Colours that are set back after the last line show nothing. */
    @ParameterizedTest
    @CsvSource({"'red|^[0m', true", "'red|^[0m^[K', true", "'red^[0m', false", "'|^[0mx', false", "'|^[0m^[', false"})
    void escapeSequencesAfterALinesEndAreNoText(String written, boolean atLineStart) {
        write("stdout", written.replace('|', '\n').replace('^', '\u001b'));
        console("end");
        assertThat(received()).endsWith(atLineStart ? "console end\n" : "console \nend\n");
    }

    @Test
    void aSequenceThatComesInAnEventOfItsOwnIsNoText() {
        write("stdout", "abc\n");
        write("stdout", "\u001b[0m");
        console("end");
        assertThat(received()).containsExactly("stdout abc\n", "stdout \u001b[0m", "console end\n");
    }

    /** Its exact bytes are the program's alone. */
    @Test
    void theLinesEndBelongsToOurEventWhereBytesAreExact() {
        for (Charset charset : List.of(UTF_8, StandardCharsets.UTF_16LE)) {
            OutputChannel raw = port.open(new OutputFormat("stdout", charset, true, true));
            raw.write(ByteBuffer.wrap("a\n\u001b[1mb".getBytes(charset)));
            raw.flush(true);
            console("end");
            assertThat(received()).endsWith("console \nend\n");
        }
    }

    private void write(String category, String text) {
        OutputChannel channel = port.open(new OutputFormat(category, UTF_8, false, false));
        channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
        channel.flush(true);
    }

    private void console(String line) {
        JsonObject body = new JsonObject();
        body.addProperty("category", "console");
        body.addProperty("output", line + "\n");
        client.event("output", body);
    }

    private List<String> received() {
        await().until(() -> outbox.queuedBytes() == 0);
        return Sent.stream(taken.taken()).stream()
                .map(event -> event.getAsJsonObject("body"))
                .map(body -> body.get("category").getAsString() + " "
                        + body.get("output").getAsString())
                .toList();
    }
}
