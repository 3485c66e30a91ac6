package dev.gantry.adapter.dap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileTraceTest {
    @TempDir
    private Path folder = Path.of("set by JUnit");

    @AfterEach
    void leavesNoThreadBehind() {
        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("trace-writer"));
    }

    @Test
    void writesBothDirectionsAndDecisionsInOrderWithTheTime() throws IOException {
        Path file = folder.resolve("log");
        try (Trace trace = Trace.toFile(file)) {
            assertThat(trace.isOn()).isTrue();
            trace.received("{\"seq\":1}".getBytes(UTF_8));
            byte[] frame = "Content-Length: 9\r\n\r\n{\"seq\":2}".getBytes(UTF_8);
            trace.sent(frame, 0, frame.length);
            trace.note("TERM to the group of 12");
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3).allMatch(line -> line.matches("20\\d\\d-\\d\\d-\\d\\dT[0-9:.]+Z .*"));
        assertThat(lines.get(0)).endsWith(" <- {\"seq\":1}");
        assertThat(lines.get(1)).endsWith(" -> {\"seq\":2}");
        assertThat(lines.get(2)).endsWith(" -- TERM to the group of 12");
    }

    @Test
    void cutsLongOutputAndSaysHowLongItWas() throws IOException {
        Path file = folder.resolve("log");
        String body = "{\"type\":\"event\",\"event\":\"output\",\"body\":{\"output\":\"" + "x".repeat(60_000) + "\"}}";
        byte[] frame = ("Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(UTF_8);
        try (Trace trace = Trace.toFile(file)) {
            trace.sent(frame, 0, frame.length);
        }

        assertThat(Files.readString(file)).hasSizeLessThan(400).endsWith("x... (" + body.length() + " bytes)\n");
    }

    @Test
    void theFileIsItsOwnersAloneAndHoldsNoToken() throws IOException {
        Path file = folder.resolve("log");
        try (Trace trace = Trace.toFile(file)) {
            trace.received("{\"command\":\"launch\",\"arguments\":{\"gantryToken\" : \"s3cret\",\"program\":\"p\"}}"
                    .getBytes(UTF_8));
        }

        assertThat(Files.readString(file)).doesNotContain("s3cret").contains("\"program\":\"p\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFaultIsWrittenWithItsStackUnderTheReferenceThatIsGiven() throws IOException {
        Path file = folder.resolve("log");
        try (Trace trace = Trace.toFile(file)) {
            assertThat(trace.fault("here", new IllegalStateException("first"))).isEqualTo("E1 in " + file);
            assertThat(trace.fault("there", new IllegalStateException("second")))
                    .isEqualTo("E2 in " + file);
        }

        assertThat(Files.readString(file))
                .contains("!! E1 here: java.lang.IllegalStateException: first\n\tat ")
                .contains("!! E2 there: ");
    }

    @Test
    void boundsItsMemoryAndSaysHowMuchItLeftOut() throws IOException {
        Path file = folder.resolve("log");
        String line = "x".repeat(100_000);
        int lines = 2_000;
        try (Trace trace = Trace.toFile(file)) {
            for (int i = 0; i < lines; i++) {
                trace.note(line);
            }
        }

        List<String> written = Files.readAllLines(file);
        long full = written.stream().filter(one -> one.endsWith(line)).count();
        long leftOut = written.stream()
                .filter(one -> one.contains(" lines were left out here"))
                .mapToLong(one -> Long.parseLong(one.replaceAll("-- (\\d+) .*", "$1")))
                .sum();
        assertThat(full + leftOut).isEqualTo(lines);
    }

    @Test
    void appendsAndRefusesAFileThatCannotBeOpened() throws IOException {
        Path file = folder.resolve("log");
        for (int i = 0; i < 2; i++) {
            try (Trace trace = Trace.toFile(file)) {
                trace.note("run");
            }
        }

        assertThat(Files.readAllLines(file)).hasSize(2);
        assertThatThrownBy(() -> Trace.toFile(folder.resolve("none/log"))).isInstanceOf(IOException.class);
    }

    @Test
    void doesNothingAfterItsEnd() throws IOException {
        Path file = folder.resolve("log");
        Trace trace = Trace.toFile(file);
        trace.close();
        trace.close();
        trace.note("too late");

        assertThat(Files.readString(file)).isEmpty();
    }
}
