package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code gantry dap --log}, as a client starts it. */
@Timeout(60)
class DapLogTest {
    private static final byte[] INITIALIZE = message("{\"seq\":1,\"type\":\"request\",\"command\":\"initialize\","
            + "\"arguments\":{\"adapterID\":\"gantry\"}}");

    @TempDir
    private Path directory;

    private static byte[] message(String json) {
        return ("Content-Length: " + json.length() + "\r\n\r\n" + json).getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void aLogThatCannotBeWrittenIsToldBeforeAnythingIsAnswered() throws Exception {
        Path log = directory.resolve("no/log");
        refused(log, "cannot write the log " + log + ": there is no directory " + directory + "/no");
    }

    @Test
    void aDirectoryIsRefused() throws Exception {
        refused(directory, "cannot write the log " + directory + ": Is a directory");
    }

    @Test
    void aFifoIsRefusedInsteadOfWaitingForItsReader() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        refused(
                fifo,
                "cannot write the log " + fifo + ": it is a FIFO, and opening one waits for a reader; name a file,"
                        + " or /dev/stderr");
    }

    @Test
    void theProtocolsStreamIsRefused() throws Exception {
        Path out = Path.of("/dev/stdout");
        refused(out, "cannot write the log /dev/stdout: standard output is not for it; /dev/stderr or a file is");
    }

    private static void refused(Path log, String why) throws IOException, InterruptedException {
        try (CommandProcess dap = CommandProcess.startReal("dap", "--log", log.toString())) {
            try {
                dap.feed(INITIALIZE);
            } catch (IOException ended) {
                assertThat(ended).hasMessageMatching("Broken pipe|Stream [Cc]losed");
            }
            assertThat(dap.await()).isEqualTo(1);
            assertThat(dap.out()).isEmpty();
            assertThat(dap.err()).isEqualTo("gantry: " + why + "\n");
        }
    }

    @Test
    void aNewLogIsItsUsersAlone() throws Exception {
        Path log = directory.resolve("log");
        try (CommandProcess dap =
                CommandProcess.startReal("dap", "--log", log.toString()).feed(INITIALIZE)) {
            assertThat(dap.await()).isZero();
            assertThat(dap.out()).contains("\"command\":\"initialize\"").contains("\"success\":true");
        }
        assertThat(Files.getPosixFilePermissions(log)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(log).content().contains("initialize");
    }

    @Test
    void aLogThatIsThereKeepsWhatItHoldsAndWhoMayReadIt() throws Exception {
        Path log = Files.writeString(directory.resolve("log"), "before\n");
        Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-r-----"));
        try (CommandProcess dap =
                CommandProcess.startReal("dap", "--log", log.toString()).feed(INITIALIZE)) {
            assertThat(dap.await()).isZero();
        }
        assertThat(Files.getPosixFilePermissions(log)).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
        assertThat(log).content().startsWith("before\n").contains("initialize");
    }

    @Test
    void standardErrorCanBeTheLog() throws Exception {
        try (CommandProcess dap =
                CommandProcess.startReal("dap", "--log", "/dev/stderr").feed(INITIALIZE)) {
            assertThat(dap.await()).isZero();
            assertThat(dap.err()).contains("state NEW -> INITIALIZED");
        }
    }
}
