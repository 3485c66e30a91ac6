package dev.gantry.adapter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.Frames;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A client that is killed takes its end of both streams with it: writing to it fails at once. The target still gets its ladder, and its
 * output is read until its end, else it would die of SIGPIPE in the middle of its clean-up.
 */
@ExtendWith(LeakCheck.class)
class VanishingClientTest {
    @TempDir
    private Path directory;

    /** What the client takes with it. */
    enum Loss {
        BOTH_STREAMS,
        ITS_READING_END
    }

    @ParameterizedTest
    @EnumSource(Loss.class)
    void aGracefulTargetEndsGracefullyAfterItsClientWasKilled(Loss loss) throws Exception {
        Path file = directory.resolve("last");
        Path fifo = directory.resolve("to-client");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        // Opening either end of a FIFO waits for the other.
        CompletableFuture<InputStream> reading = CompletableFuture.supplyAsync(() -> open(fifo));
        Process adapter = new ProcessBuilder(AdapterCommand.dap().words())
                .redirectOutput(fifo.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        OutputStream out = adapter.getOutputStream();
        try {
            try (InputStream in = reading.get(20, TimeUnit.SECONDS)) {
                send(out, 1, "initialize", Json.object("adapterID", "gantry"));
                send(out, 2, "launch", longGoodbye(file));
                await(in, message -> message.toString().contains("\"event\":\"initialized\""));
                send(out, 3, "configurationDone", new JsonObject());
                await(in, message -> message.toString().contains("tick"));
            }
            if (loss == Loss.BOTH_STREAMS) {
                out.close();
            }
            assertThat(adapter.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(file).hasContent("stopped");
        } finally {
            adapter.destroyForcibly();
            out.close();
        }
    }

    private static JsonObject longGoodbye(Path file) {
        return Json.object(
                "program",
                Programs.LONG_GOODBYE.path().toString(),
                "python",
                Pythons.newest().executable().toString(),
                "args",
                Json.array(file.toString()),
                "stopLadder",
                Json.array("SIGINT:15"));
    }

    private static InputStream open(Path fifo) {
        try {
            return Files.newInputStream(fifo);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void send(OutputStream out, int seq, String command, JsonObject arguments) throws IOException {
        out.write(
                Frames.encode(Json.object("seq", seq, "type", "request", "command", command, "arguments", arguments)));
        out.flush();
    }

    private static void await(InputStream in, Predicate<JsonObject> wanted) throws IOException {
        JsonObject message = Frames.read(in).orElseThrow();
        while (!wanted.test(message)) {
            message = Frames.read(in).orElseThrow();
        }
    }
}
