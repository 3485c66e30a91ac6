package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessInfo;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads /proc. Each answer is that of one moment: a process that ends meanwhile is simply not in it. What must know a process that is
 * gone from one that could not be looked at asks for its {@link Sight}. Stateless, for any thread; reads of /proc do not wait for
 * devices, and each is bounded.
 */
final class ProcFs {
    private static final int MAX_COMMAND = 4096;
    private static final int MAX_UTF8_PER_CHAR = 3;
    private static final int MAX_FILE = 1 << 20;
    /** USER_HZ is 100 on x86-64 and aarch64. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private static final int MOST_WALKS = 10;

    private final Path root;
    private final String rootName;
    private final long self;

    /**
     * Any directory laid out like it.
     *
     * @param root usually /proc
     * @param self our own pid, which is never among holders
     */
    ProcFs(Path root, long self) {
        this.root = root;
        this.rootName = root.toString();
        this.self = self;
    }

    /** This machine's. */
    static ProcFs system() {
        return new ProcFs(Path.of("/proc"), Libc.getpid());
    }

    /** Clock ticks since boot: what a process that starts now gets as its start time, or less. Needs no file. */
    long ticksNow() {
        return OwnProcess.bootNanos() / NANOS_PER_TICK;
    }

    /** Our own pid. */
    long self() {
        return self;
    }

    Sight sight(long pid) {
        ProcFile.Content content = ProcFile.readRecord(file(pid, "stat"));
        if (content instanceof ProcFile.Text text) {
            Optional<ProcStat> stat = ProcStat.parse(text.text());
            return stat.isPresent() ? new Sight.Found(stat.get()) : new Sight.Gone();
        }
        return content instanceof ProcFile.Unreadable unreadable
                ? new Sight.Unclear(unreadable.why())
                : new Sight.Gone();
    }

    Optional<ProcStat> stat(long pid) {
        return sight(pid) instanceof Sight.Found found ? Optional.of(found.stat()) : Optional.empty();
    }

    Optional<ProcessId> identity(long pid) {
        return stat(pid).map(ProcStat::id);
    }

    /** Whether that very process was seen, and is no zombie. */
    boolean isAlive(ProcessId id) {
        return stat(id.pid())
                .filter(stat -> stat.id().equals(id) && !stat.isDead())
                .isPresent();
    }

    /** The status, as wait(2) has it, of a zombie whose parent has not asked for it yet. */
    OptionalInt zombieStatus(ProcessId id) {
        Optional<String> text = text(id.pid(), "stat");
        boolean isZombie = text.flatMap(ProcStat::parse)
                .filter(stat -> stat.id().equals(id) && stat.isDead())
                .isPresent();
        if (!isZombie) {
            return OptionalInt.empty();
        }
        String line = text.orElseThrow().strip();
        return OptionalInt.of(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)));
    }

    /** Everything about a process that lives; empty for a zombie. */
    Optional<ProcessInfo> info(long pid) {
        return stat(pid).filter(stat -> !stat.isDead()).map(this::info);
    }

    /** The rest about a process that was just seen. */
    ProcessInfo info(ProcStat stat) {
        return new ProcessInfo(
                stat.pid(),
                stat.parentPid(),
                stat.id().startTime(),
                stat.state(),
                command(stat),
                residentBytes(stat.pid()).orElse(0),
                stat.cpuTime());
    }

    /** The arguments joined by a space, at most 4096 characters; the short name in brackets where there are none. */
    Optional<String> command(long pid) {
        return stat(pid).map(this::command);
    }

    /** Memory resident now, in bytes. */
    OptionalLong residentBytes(long pid) {
        return statusKibibytes(pid, "VmRSS:");
    }

    /** The most memory that was ever resident, in bytes: inherited by exec from the process before. */
    OptionalLong peakResidentBytes(long pid) {
        return statusKibibytes(pid, "VmHWM:");
    }

    /** The children of all its threads, zombies included. */
    List<Long> children(long pid) {
        return stat(pid).map(stat -> childLookup().of(stat).pids()).orElse(List.of());
    }

    /** Our own children, zombies included. */
    List<Long> ownChildren() {
        return children(self);
    }

    /**
     * The living processes among the roots and all their descendants, each once, every root before its own descendants. Walked
     * until a walk finds nobody new; one that forks faster than that is left to its next caller.
     */
    List<ProcessInfo> tree(Collection<ProcessId> roots) {
        List<ProcessInfo> found = new ArrayList<>();
        for (ProcStat stat : treeStats(roots)) {
            if (!stat.isDead()) {
                found.add(info(stat));
            }
        }
        return found;
    }

    /** As {@link #tree}, zombies included. */
    List<ProcStat> treeStats(Collection<ProcessId> roots) {
        return List.copyOf(settledWalk(roots).found().values());
    }

    /** A walk that found nobody whom the one before it did not know. */
    TreeWalk settledWalk(Collection<ProcessId> roots) {
        TreeWalk last = TreeWalk.whole(this, roots);
        for (int walks = 1; walks < MOST_WALKS; walks++) {
            TreeWalk before = last;
            last = TreeWalk.whole(this, before.everybody());
            if (before.everybody().containsAll(last.found().keySet())) {
                break;
            }
        }
        return last;
    }

    /** Every process there is, kernel threads included; what cannot be looked at is left out. */
    List<ProcStat> all() {
        return ChildrenByParent.everybody(this).processes();
    }

    /** The numbers of all processes. */
    Numbers pids() {
        return numbersIn(root);
    }

    /** The numbers of a process's threads, the first one first. */
    Numbers threads(long pid) {
        return numbersIn(process(pid).resolve("task"));
    }

    /** A file of one of our own threads; empty if it cannot be read. */
    String ofThread(long thread, String file) {
        return text(self, "task/" + thread + "/" + file).orElse("");
    }

    /** What one of our own descriptors is, as the system names it: "pipe:[123]", "socket:[45]", "/dev/pts/6". */
    Optional<String> link(int fd) {
        return target(process(self).resolve("fd").resolve(Integer.toString(fd)));
    }

    /** The living processes other than ourselves that hold one of these open, named as {@link #link} names them. */
    List<ProcessInfo> holdersOf(Set<String> links) {
        List<ProcessInfo> found = new ArrayList<>();
        if (links.isEmpty()) {
            return found;
        }
        for (long pid : pids().numbers()) {
            if (pid != self && holds(pid, links)) {
                info(pid).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Whether it holds one of these open. */
    boolean holds(long pid, Collection<String> links) {
        Path folder = process(pid).resolve("fd");
        for (long fd : numbersIn(folder).numbers()) {
            if (target(folder.resolve(Long.toString(fd)))
                    .filter(links::contains)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** How to find children: by the kernel's own lists, or, where it keeps none, by one look at everybody's parent. */
    ChildLookup childLookup() {
        return keepsLists() ? this::listed : ChildrenByParent.of(this);
    }

    /** Whether this kernel lists the children of each thread. */
    boolean keepsLists() {
        return Files.exists(
                process(self).resolve("task").resolve(Long.toString(self)).resolve("children"));
    }

    private ChildLookup.Children listed(ProcStat parent) {
        if (parent.threads() <= 1) {
            return childrenOfThread(parent.pid(), parent.pid());
        }
        Numbers threads = threads(parent.pid());
        List<Long> pids = new ArrayList<>();
        boolean complete = threads.complete();
        for (long thread : threads.numbers()) {
            ChildLookup.Children children = childrenOfThread(parent.pid(), thread);
            pids.addAll(children.pids());
            complete &= children.complete();
        }
        return new ChildLookup.Children(pids, complete);
    }

    /** What the kernel lists; nobody, if the thread has ended. */
    ChildLookup.Children childrenOfThread(long pid, long thread) {
        ProcFile.Content content = read(pid, "task/" + thread + "/children");
        List<Long> pids = new ArrayList<>();
        if (content instanceof ProcFile.Text text) {
            for (String pidOfChild : text.text().strip().split(" +", -1)) {
                if (!pidOfChild.isEmpty()) {
                    pids.add(Long.parseLong(pidOfChild));
                }
            }
        }
        return new ChildLookup.Children(pids, !(content instanceof ProcFile.Unreadable));
    }

    private String command(ProcStat stat) {
        String joined = (read(stat.pid(), "cmdline", MAX_COMMAND * MAX_UTF8_PER_CHAR) instanceof ProcFile.Text text
                        ? text.text()
                        : "")
                .replace('\0', ' ')
                .stripTrailing();
        return joined.isEmpty() ? "[" + stat.name() + "]" : cut(joined);
    }

    private static String cut(String text) {
        if (text.length() <= MAX_COMMAND) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_COMMAND - 1)) ? MAX_COMMAND - 1 : MAX_COMMAND;
        return text.substring(0, end);
    }

    private OptionalLong statusKibibytes(long pid, String key) {
        OptionalLong kibibytes = ProcFile.number(file(pid, "status"), key);
        return kibibytes.isPresent() ? OptionalLong.of(kibibytes.getAsLong() * 1024) : kibibytes;
    }

    private Path process(long pid) {
        return root.resolve(Long.toString(pid));
    }

    private ProcFile.Content read(long pid, String file) {
        return read(pid, file, MAX_FILE);
    }

    private ProcFile.Content read(long pid, String file, int maxBytes) {
        return ProcFile.read(file(pid, file), maxBytes);
    }

    private String file(long pid, String name) {
        return rootName + "/" + pid + "/" + name;
    }

    private Optional<String> text(long pid, String file) {
        return read(pid, file) instanceof ProcFile.Text text ? Optional.of(text.text()) : Optional.empty();
    }

    /**
     * The entries of a folder whose names are numbers.
     *
     * @param complete false if the folder is there and could not be read, not to its end at least
     */
    record Numbers(List<Long> numbers, boolean complete) {}

    private static Numbers numbersIn(Path folder) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (isNumber(name)) {
                    found.add(Long.parseLong(name));
                }
            }
            return new Numbers(found, true);
        } catch (DirectoryIteratorException e) {
            return new Numbers(found, e.getCause() instanceof NoSuchFileException);
        } catch (IOException e) {
            return new Numbers(found, e instanceof NoSuchFileException);
        }
    }

    private static boolean isNumber(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
