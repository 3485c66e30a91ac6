package dev.gantry.launcher.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

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
        countThreads(pid);
        return this;
    }

    /** From now on this process cannot be looked at, though it is there. */
    FakeProc unreadable(long pid) throws IOException {
        Files.delete(process(pid).resolve("stat"));
        Files.createDirectory(process(pid).resolve("stat"));
        return this;
    }

    /** It ends, and its parent has asked for its status. */
    FakeProc remove(long pid) throws IOException {
        try (Stream<Path> all = Files.walk(process(pid))) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        return this;
    }

    /** Changes what {@link #add} wrote. */
    FakeProc state(long pid, char state, long parent, long group, long session) throws IOException {
        Path stat = process(pid).resolve("stat");
        Files.writeString(
                stat,
                Files.readString(stat)
                        .replaceFirst(
                                "\\) . \\d+ \\d+ \\d+ ",
                                ") " + state + " " + parent + " " + group + " " + session + " "));
        return this;
    }

    private void countThreads(long pid) throws IOException {
        try (Stream<Path> tasks = Files.list(process(pid).resolve("task"))) {
            Path stat = process(pid).resolve("stat");
            Files.writeString(
                    stat, Files.readString(stat).replaceFirst(" 20 0 \\d+ 0 ", " 20 0 " + tasks.count() + " 0 "));
        }
    }

    FakeProc link(long pid, int fd, String target) throws IOException {
        Files.createSymbolicLink(process(pid).resolve("fd").resolve(Integer.toString(fd)), Path.of(target));
        return this;
    }

    ProcFs seenBy(long self) {
        return new ProcFs(root, self);
    }
}
