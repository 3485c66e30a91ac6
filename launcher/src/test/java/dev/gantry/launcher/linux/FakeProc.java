package dev.gantry.launcher.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that looks like /proc as far as {@link ProcFs} looks. */
final class FakeProc {
    private final Path root;

    FakeProc(Path root) {
        this.root = root;
    }

    Path process(long pid) {
        return root.resolve(Long.toString(pid));
    }

    /** A process with a parent, a state, a start time and one thread. */
    FakeProc add(long pid, long parent, char state, long start) throws IOException {
        Files.createDirectories(process(pid).resolve("fd"));
        Files.createDirectories(process(pid).resolve("task").resolve(Long.toString(pid)));
        Files.writeString(
                process(pid).resolve("stat"),
                "%d (p) q) %c %d %d %d 0 -1 0 0 0 0 0 50 50 0 0 20 0 1 0 %d 0 0\n"
                        .formatted(pid, state, parent, pid, pid, start));
        Files.writeString(process(pid).resolve("cmdline"), "prog\0" + pid + "\0");
        Files.writeString(process(pid).resolve("status"), "Name:\tp\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n");
        return this;
    }

    /** What the kernel lists as children of one of its threads. */
    FakeProc children(long pid, long task, String list) throws IOException {
        Path folder = process(pid).resolve("task").resolve(Long.toString(task));
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("children"), list);
        return this;
    }

    FakeProc link(long pid, int fd, String target) throws IOException {
        Files.createSymbolicLink(process(pid).resolve("fd").resolve(Integer.toString(fd)), Path.of(target));
        return this;
    }

    ProcFs seenBy(long self) {
        return new ProcFs(root, self);
    }
}
