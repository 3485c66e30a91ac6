package dev.gantry.launcher.linux;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The guardian's script as a process of ours. */
final class TestGuardian implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final long TERM_BIT = 1L << 14;

    private final Process process;
    private final Guardian commands;

    TestGuardian() throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(Guardian.request().command());
        process = new ProcessBuilder(command).start();
        commands = new Guardian(this::write);
    }

    Guardian commands() {
        return commands;
    }

    long pid() {
        return process.pid();
    }

    boolean write(byte[] lines) throws IOException {
        process.getOutputStream().write(lines);
        process.getOutputStream().flush();
        return true;
    }

    /** Returns once it ignores what it must. */
    void proveListening() {
        await().atMost(SOON).until(this::ignoresTerm);
    }

    void endOfInput() throws IOException {
        process.getOutputStream().close();
    }

    void assertEnded() {
        await().atMost(SOON).pollInterval(Duration.ofMillis(2)).until(() -> !process.isAlive());
    }

    @Override
    public void close() throws IOException {
        endOfInput();
        assertEnded();
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    private boolean ignoresTerm() throws IOException {
        String status = Files.readString(Path.of("/proc/" + process.pid() + "/status"));
        String mask = status.lines()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(mask.substring(7).strip(), 16) & TERM_BIT) != 0;
    }
}
