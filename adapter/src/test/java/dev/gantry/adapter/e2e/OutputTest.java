package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Where output goes, and what the client sees of it. */
@ExtendWith(LeakCheck.class)
class OutputTest {
    private static final String SEQ = "i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done";

    @TempDir
    private Path directory;

    private static String lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    @Test
    void whatIsOverTheCapGoesToTheNamedFile() {
        Path file = directory.resolve("rest.log");
        JsonObject launch = Json.with(Json.shell(SEQ), "outputCap", Json.object("size", 1000, "path", file.toString()));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            int cut = lines(3000).lastIndexOf('\n', 999) + 1;
            assertThat(adapter.timeline().output("stdout"))
                    .isEqualTo(lines(3000).substring(0, cut));
            assertThat(file).hasContent(lines(3000).substring(cut));
            assertThat(adapter.timeline().output("console")).contains("outputCap", file.toString());
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @Test
    void aCapWithoutAFileNamesTheFileItMade() throws IOException {
        try (AdapterProcess adapter = AdapterProcess.running(Json.with(Json.shell(SEQ), "outputCap", "1KiB"))) {
            adapter.awaitTerminated();
            String console = adapter.timeline().output("console");
            Path file = Path.of(console.replaceAll("(?s).*the rest goes to (\\S+)\n.*", "$1"));
            try {
                assertThat(adapter.timeline().output("stdout") + Files.readString(file))
                        .isEqualTo(lines(3000));
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void mergedOutputKeepsTheOrderOfBothStreams() {
        String script = "i=0; while [ $i -lt 200 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done";
        try (AdapterProcess adapter = AdapterProcess.running(Json.with(Json.shell(script), "mergeOutput", true))) {
            adapter.awaitTerminated();
            String expected = IntStream.range(0, 200)
                    .mapToObj(i -> "out " + i + "\nerr " + i + "\n")
                    .collect(Collectors.joining());
            assertThat(adapter.timeline().output("stdout")).isEqualTo(expected);
            adapter.timeline().never(output("stderr"));
        }
    }

    @Test
    void theStandardStreamsGoToFilesAndAppend() throws IOException {
        Path in = directory.resolve("in");
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Files.writeString(in, "from a file\n");
        Files.writeString(out, "long old content that goes\n");
        Files.writeString(err, "old\n");
        JsonObject launch = Json.with(
                Json.shell("cat; echo to err >&2"),
                "stdio",
                Json.array(in.toString(), out.toString(), Json.object("path", err.toString(), "append", true)));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(out).hasContent("from a file\n");
            assertThat(err).hasContent("old\nto err\n");
            adapter.timeline().never(output("stdout")).never(output("stderr"));
            assertThat(adapter.client()
                            .request("gantry/write", Json.object("text", "x"))
                            .success())
                    .isFalse();
        }
    }

    @Test
    void aPromptWithoutALineEndAppearsAtOnceAndEventsAlwaysHaveACategory() {
        try (AdapterProcess adapter =
                AdapterProcess.running(Json.shell("printf 'name? '; read name; echo \"hi $name\""))) {
            adapter.timeline().awaitOutput("stdout", "name? ");
            adapter.client().ask("gantry/write", Json.object("text", "you\n"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("name? hi you\n");
            assertThat(adapter.timeline().all(event("output")))
                    .allSatisfy(entry -> assertThat(entry.text("category")).isNotEmpty());
        }
    }

    @Test
    void charactersOfManyBytesAreNeverCutHoweverTheyAreWritten() {
        String script = "for b in '\\360' '\\237' '\\232' '\\200'; do printf \"$b\"; sleep 0.03; done; echo";
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(script))) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("\uD83D\uDE80\n");
        }
    }

    @Test
    void anotherEncodingIsDecoded() {
        JsonObject launch = Json.with(Json.shell("printf 'caf\\351\\n'"), "outputEncoding", "latin1");
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("caf\u00e9\n");
        }
    }

    @Test
    void theCapCutsNoCharacterAndNoEscapeSequence() throws IOException {
        String atOnce = "os.write(1, text)";
        assertCutAt(atOnce, "abéé\n", 3, "ab");
        assertCutAt(atOnce, "ab\u001b[31mred\u001b[0m\n", 4, "ab");
        assertCutAt(atOnce, "ab\u001b[31mred\u001b[0m\n", 9, "ab\u001b[31mre");
        assertCutAt(atOnce, "one\ntwo é\nthree\n", 13, "one\ntwo é\n");
        assertCutAt(atOnce, "no line's end is near", 10, "no line's ");
    }

    @Test
    void theCapCutsNoCharacterOfWhichAPartHasCome() throws IOException {
        String eachByteRead = """
                for byte in text:
                    os.write(1, bytes([byte]))
                    while fcntl.ioctl(1, termios.FIONREAD, bytes(4)) != bytes(4):
                        pass
                """;
        assertCutAt(eachByteRead, "abéé\n", 3, "ab");
        assertCutAt(eachByteRead, "ab\n\uD83D\uDE80\n", 6, "ab\n");
        assertCutAt(eachByteRead, "ab\nc", 3, "ab\n");
    }

    @Test
    void aCapWhoseFileCannotBeMadeSaysWhyInWords() {
        JsonObject launch = Json.with(Json.shell(SEQ), "outputCap", Json.object("size", 1000, "path", "/proc/rest"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(adapter.timeline().output("console"))
                    .contains(
                            "the rest is dropped, since it cannot be written: /proc/rest: no file can be made in /proc")
                    .doesNotContain("Exception");
        }
    }

    private void assertCutAt(String write, String text, int cap, String shown) throws IOException {
        Path file = directory.resolve("rest.log");
        String program = "import fcntl, os, sys, termios\ntext = bytes.fromhex(sys.argv[1])\n" + write;
        JsonObject launch = Json.with(
                Json.launching(List.of("python3", "-c", program, HexFormat.of().formatHex(text.getBytes(UTF_8)))),
                "outputCap",
                Json.object("size", cap, "path", file.toString()));
        try (AdapterProcess adapter = AdapterProcess.start()) {
            adapter.client().ask("initialize", Json.object("adapterID", "gantry", "supportsANSIStyling", true));
            adapter.launch(launch);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(adapter.timeline().output("stdout")).isEqualTo(shown);
            assertThat(Files.readString(file)).isEqualTo(text.substring(shown.length()));
        }
    }

    @Test
    void aPromptBehindAnOpenEscapeSequenceAppears() {
        String script = "printf '\\033]0;title Password: '; read word; echo; echo \"got $word\"";
        for (boolean ansi : new boolean[] {true, false}) {
            try (AdapterProcess adapter = AdapterProcess.start()) {
                adapter.client().ask("initialize", Json.object("adapterID", "gantry", "supportsANSIStyling", ansi));
                adapter.launch(Json.shell(script));
                adapter.timeline().awaitOutput("stdout", "Password: ");
                adapter.client().ask("evaluate", Json.object("expression", "secret", "context", "repl"));
                adapter.awaitTerminated();
                assertThat(adapter.timeline().output("stdout"))
                        .isEqualTo((ansi ? "\u001b]0;" : "") + "title Password: \ngot secret\n");
            }
        }
    }

    @Test
    void aLongStringSequenceIsTakenOutAsAWhole() {
        String script = "printf '\\033Pq'; head -c 300000 /dev/zero | tr '\\0' A; printf '\\033\\\\after\\n'";
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell(script))) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("after\n");
        }
    }

    @Test
    void linesTypedAreOneStreamInTheProgramsEncoding() throws IOException {
        assertTyped("utf-16", "\uFEFFfirst é\nsecond\n".getBytes(UTF_16BE));
        assertTyped("utf-16le", "first é\nsecond\n".getBytes(UTF_16LE));
        assertTyped("latin1", "first é\nsecond\n".getBytes(ISO_8859_1));
        assertTyped("utf-8", "first é\nsecond\n".getBytes(UTF_8));
    }

    private void assertTyped(String encoding, byte[] expected) throws IOException {
        Path file = directory.resolve("typed");
        JsonObject launch = Json.with(Json.shell("cat > \"$1\"", file.toString()), "outputEncoding", encoding);
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            for (String line : List.of("first é", "second", ".eof")) {
                adapter.client().ask("evaluate", Json.object("expression", line, "context", "repl"));
            }
            adapter.awaitTerminated();
        }
        assertThat(Files.readAllBytes(file)).as(encoding).isEqualTo(expected);
    }

    @Test
    void anEncodingThatCannotBeUsedIsRefusedByName() {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            Entry answer = adapter.client().launch(Json.with(Json.shell("true"), "outputEncoding", "x-JISAutoDetect"));
            assertThat(answer.success()).isFalse();
            assertThat(answer.toString()).contains("'outputEncoding'", "x-JISAutoDetect");
        }
    }
}
