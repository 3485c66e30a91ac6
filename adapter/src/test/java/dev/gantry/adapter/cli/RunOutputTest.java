package dev.gantry.adapter.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where our lines begin, beside the program's. */
class RunOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void ourLineDoesNotFollowAnUnfinishedOneInTheSamePlace() throws IOException {
        RunOutput output = new RunOutput(out, out, UTF_8, false, false, true);
        output.event(event("stdout", "abc"));
        output.event(event("console", "\nexit code 0\n"));
        output.event(event("console", "bye\n"));
        assertThat(out).hasToString("abc\ngantry: exit code 0\ngantry: bye\n");
    }

    @Test
    void ourLineAndTheProgramsErrorsAreOnePlace() throws IOException {
        RunOutput output = new RunOutput(out, err, UTF_8, false, false, false);
        output.event(event("stderr", "abc"));
        output.event(event("console", "exit code 0\n"));
        assertThat(err).hasToString("abc\ngantry: exit code 0\n");
    }

    @Test
    void anUnfinishedLineInAnotherPlaceChangesNothing() throws IOException {
        RunOutput output = new RunOutput(out, err, UTF_8, false, false, false);
        output.event(event("stdout", "abc"));
        output.event(event("console", "\nexit code 0\n"));
        assertThat(out).hasToString("abc");
        assertThat(err).hasToString("gantry: exit code 0\n");
    }

    @Test
    void wholeLinesAndColoursSetBackLeaveNoEmptyLine() throws IOException {
        RunOutput output = new RunOutput(out, out, UTF_8, false, false, true);
        output.note("one");
        output.event(event("stdout", "abc\n"));
        output.note("two");
        output.event(event("stdout", "abc\n"));
        output.event(event("stdout", "\u001b[0m"));
        output.note("three");
        assertThat(out).hasToString("gantry: one\nabc\ngantry: two\nabc\n\u001b[0mgantry: three\n");
    }

    @Test
    void aQuietRunAddsNothing() throws IOException {
        RunOutput output = new RunOutput(out, out, UTF_8, true, false, true);
        output.event(event("stdout", "abc"));
        output.event(event("console", "\nexit code 0\n"));
        assertThat(out).hasToString("abc");
    }

    /** As Linux, Windows and Wine say it, where the JDK passes no number. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Broken pipe",
                "The pipe has been ended",
                "The pipe is being closed",
                "No process is on the other end of the pipe",
                "Pipe closed",
                "Pipe not connected"
            })
    void whoReadsNoMoreIsToldFromWhatCannotBeWritten(String words) {
        assertThatThrownBy(() -> failing(words).event(event("stdout", "abc")))
                .isInstanceOf(RunOutput.ClosedException.class);
    }

    @Test
    void whatCannotBeWrittenIsSaid() {
        assertThatThrownBy(() -> failing("No space left on device").event(event("stdout", "abc")))
                .isInstanceOf(RunOutput.FailedException.class)
                .hasMessage("cannot write standard output: No space left on device");
    }

    private RunOutput failing(String words) {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(words);
            }
        };
        return new RunOutput(failing, err, UTF_8, false, false, false);
    }

    private static JsonObject event(String category, String text) {
        JsonObject body = new JsonObject();
        body.addProperty("category", category);
        body.addProperty("output", text);
        return body;
    }
}
