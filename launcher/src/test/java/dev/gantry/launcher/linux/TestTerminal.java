package dev.gantry.launcher.linux;

import static org.awaitility.Awaitility.await;

import dev.gantry.launcher.SpawnRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A terminal launch with a real terminal, script(1), and our ends of the FIFOs. */
final class TestTerminal implements AutoCloseable {

    private final Path directory;
    private final RandomAccessFile leash;
    private final RandomAccessFile reportKeeper;
    private final BufferedReader report;
    private final TestScreen screen;
    private final List<ProcessId> started = new ArrayList<>();

    TestTerminal(SpawnRequest request) throws Exception {
        directory = Files.createTempDirectory("gantry-");
        TerminalScript.write(directory, request.withChildFds(Map.of()));
        String leashFile = directory.resolve(TerminalScript.LEASH).toString();
        String reportFile = directory.resolve(TerminalScript.REPORT).toString();
        Process mkfifo = new ProcessBuilder("mkfifo", "-m", "600", leashFile, reportFile).start();
        if (mkfifo.waitFor() != 0) {
            throw new IOException("mkfifo failed in " + directory);
        }
        leash = new RandomAccessFile(leashFile, "rw");
        leash.write(TerminalScript.GO.getBytes(StandardCharsets.US_ASCII));
        // Holds a writing end until the shell has one, so that reading waits instead of ending.
        reportKeeper = new RandomAccessFile(reportFile, "rw");
        report = Files.newBufferedReader(Path.of(reportFile), StandardCharsets.US_ASCII);
        screen = new TestScreen("exec " + String.join(" ", TerminalScript.command(directory)));
    }

    Path directory() {
        return directory;
    }

    /** The next line of the report; "null" at its end. */
    String reported() throws IOException {
        String line = String.valueOf(report.readLine());
        reportKeeper.close();
        return line;
    }

    /** Reads the hello. */
    ProcessId start() throws IOException {
        String[] words = reported().split(" ", -1);
        if (words.length != 3 || !words[0].equals("hello")) {
            throw new IllegalStateException("not started: " + String.join(" ", words) + "; screen: " + screen());
        }
        ProcessId process = new ProcessId(Long.parseLong(words[1]), Long.parseLong(words[2]));
        started.add(process);
        return process;
    }

    void type(String text) throws IOException {
        screen.type(text);
    }

    void awaitScreen(String text) {
        screen.awaitText(text);
    }

    String screen() {
        return screen.text();
    }

    void closeLeash() throws IOException {
        leash.close();
    }

    /** The terminal's end: its status is that of the shell. */
    int exitCode() {
        return screen.exitCode();
    }

    ProcessId terminal() {
        return screen.id();
    }

    @Override
    public void close() throws IOException {
        leash.close();
        ProcFs proc = ProcFs.system();
        proc.treeStats(started).forEach(stat -> TestChild.kill(stat.id()));
        screen.close();
        await().atMost(Duration.ofSeconds(30)).until(() -> started.stream().noneMatch(proc::isAlive));
        report.close();
        reportKeeper.close();
        for (String name : List.of("run", "target", "pid", "ending", "begun", "leash", "report")) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Files.deleteIfExists(directory);
    }
}
