package dev.gantry.launcher.linux;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real process that has said a first line. Closing kills its tree, and what it named, by pid and start time. */
final class TestChild implements AutoCloseable {
    private static final ProcFs PROC = ProcFs.system();

    private final Process process;
    private final BufferedReader out;
    private final ProcessId id;
    private final String firstLine;
    private final List<ProcessId> others = new ArrayList<>();

    private TestChild(Process process) throws IOException {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.id = PROC.identity(process.pid()).orElseThrow();
        this.firstLine = String.valueOf(out.readLine());
    }

    /** Runs a script that must print a line once it is ready. */
    static TestChild shell(String script) throws IOException {
        return start("/bin/sh", "-c", script);
    }

    /** As {@link #shell}, in a session of its own. */
    static TestChild session(String script) throws IOException {
        return start("setsid", "/bin/sh", "-c", script);
    }

    static TestChild start(String... command) throws IOException {
        return new TestChild(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    long pid() {
        return id.pid();
    }

    ProcessId id() {
        return id;
    }

    Process process() {
        return process;
    }

    /** What it said first. */
    String firstLine() {
        return firstLine;
    }

    /** The next line it says. */
    String nextLine() throws IOException {
        return String.valueOf(out.readLine());
    }

    /** The process whose pid is word number {@code index} of the first line; it will be killed on close. */
    ProcessId said(int index) {
        ProcessId other =
                PROC.identity(Long.parseLong(firstLine.split(" ", -1)[index])).orElseThrow();
        others.add(other);
        return other;
    }

    boolean isAlive() {
        return PROC.isAlive(id);
    }

    @Override
    public void close() throws IOException {
        others.add(id);
        PROC.treeStats(others).forEach(stat -> kill(stat.id()));
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + id + " survived SIGKILL");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        out.close();
        process.getOutputStream().close();
    }

    /** Kills exactly that process; nothing if it is gone. */
    static void kill(ProcessId process) {
        if (PROC.isAlive(process)) {
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
