package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            assertThat(adapter.timeline().output("stdout"))
                    .isEqualTo(lines(3000).substring(0, 1000));
            assertThat(file).hasContent(lines(3000).substring(1000));
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
}
