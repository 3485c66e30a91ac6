package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Reads /proc. Each answer is that of one moment: a process that ends meanwhile is simply not in it, and so is one that we may
 * not look at. Stateless, for any thread; reads of /proc do not wait for devices, and each is bounded.
 */
final class ProcFs {
    private static final int MAX_COMMAND = 4096;
    private static final int MAX_UTF8_PER_CHAR = 3;
    private static final int TICKS_PER_SECOND = 100;

    private final Path root;
    private final long self;

    /**
     * Any directory laid out like it.
     *
     * @param root usually /proc
     * @param self our own pid, which is never among holders
     */
    ProcFs(Path root, long self) {
        this.root = root;
        this.self = self;
    }

    /** This machine's. */
    static ProcFs system() {
        return new ProcFs(Path.of("/proc"), ProcessHandle.current().pid());
    }

    Optional<ProcStat> stat(long pid) {
        return text(process(pid).resolve("stat")).flatMap(ProcStat::parse);
    }

    Optional<ProcessId> identity(long pid) {
        return stat(pid).map(ProcStat::id);
    }

    /** Whether that very process exists and is no zombie. */
    boolean isAlive(ProcessId id) {
        return stat(id.pid())
                .filter(stat -> stat.id().equals(id) && !stat.isDead())
                .isPresent();
    }

    /** The status, as wait(2) has it, of a zombie whose parent has not asked for it yet. */
    OptionalInt zombieStatus(ProcessId id) {
        Optional<String> text = text(process(id.pid()).resolve("stat"));
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
        return stat(pid).filter(stat -> !stat.isDead()).map(this::describe);
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
        return childLookup().apply(pid);
    }

    /** Our own children, zombies included. */
    List<Long> ownChildren() {
        return children(self);
    }

    /**
     * The living processes among the roots and all their descendants, each once, every root before its own descendants. Walked
     * until a walk finds nobody new; one that forks faster than that is left to its next caller.
     */
    List<ProcessInfo> tree(Iterable<ProcessId> roots) {
        List<ProcessInfo> found = new ArrayList<>();
        for (ProcStat stat : treeStats(roots)) {
            if (!stat.isDead()) {
                found.add(describe(stat));
            }
        }
        return found;
    }

    /** As {@link #tree}, zombies included. */
    List<ProcStat> treeStats(Iterable<ProcessId> roots) {
        Set<ProcessId> members = new LinkedHashSet<>();
        int before;
        int walks = 0;
        do {
            before = members.size();
            members.addAll(walk(roots, members));
            walks++;
        } while (members.size() > before && walks < 10);
        List<ProcStat> live = new ArrayList<>();
        for (ProcessId id : members) {
            stat(id.pid()).filter(stat -> stat.id().equals(id)).ifPresent(live::add);
        }
        return live;
    }

    /** Every process there is, kernel threads included. */
    List<ProcStat> all() {
        List<ProcStat> found = new ArrayList<>();
        for (long pid : numbersIn(root)) {
            stat(pid).ifPresent(found::add);
        }
        return found;
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
        for (long pid : numbersIn(root)) {
            if (pid != self && holds(pid, links)) {
                info(pid).ifPresent(found::add);
            }
        }
        return found;
    }

    /** Clock ticks since boot: what a process that starts now gets as its start time, or less. */
    long ticksNow() throws IOException {
        String uptime = Files.readString(root.resolve("uptime")).strip();
        String seconds = uptime.substring(0, uptime.indexOf(' '));
        int point = seconds.indexOf('.');
        return Long.parseLong(seconds.substring(0, point)) * TICKS_PER_SECOND
                + Long.parseLong(seconds.substring(point + 1));
    }

    /** How to find children: by the kernel's own lists, or, where it keeps none, by one look at everybody's parent. */
    private LongFunction<List<Long>> childLookup() {
        Path probe = process(self).resolve("task").resolve(Long.toString(self)).resolve("children");
        return Files.exists(probe) ? this::listedChildren : ChildrenByParent.of(all());
    }

    private List<Long> listedChildren(long pid) {
        List<Long> found = new ArrayList<>();
        Path tasks = process(pid).resolve("task");
        for (long task : numbersIn(tasks)) {
            String line = text(tasks.resolve(Long.toString(task)).resolve("children"))
                    .orElse("")
                    .strip();
            if (!line.isEmpty()) {
                for (String child : line.split(" +", -1)) {
                    found.add(Long.parseLong(child));
                }
            }
        }
        return found;
    }

    private Set<ProcessId> walk(Iterable<ProcessId> roots, Set<ProcessId> known) {
        LongFunction<List<Long>> children = childLookup();
        Set<ProcessId> seen = new LinkedHashSet<>();
        roots.forEach(root -> descend(root, children, seen));
        known.forEach(member -> descend(member, children, seen));
        return seen;
    }

    private void descend(ProcessId from, LongFunction<List<Long>> children, Set<ProcessId> seen) {
        List<ProcessId> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            ProcessId next = open.remove(0);
            boolean itself =
                    stat(next.pid()).filter(stat -> stat.id().equals(next)).isPresent();
            if (itself && seen.add(next)) {
                for (long child : children.apply(next.pid())) {
                    identity(child).ifPresent(open::add);
                }
            }
        }
    }

    private ProcessInfo describe(ProcStat stat) {
        return new ProcessInfo(
                stat.pid(),
                stat.parentPid(),
                stat.id().startTime(),
                stat.state(),
                command(stat),
                residentBytes(stat.pid()).orElse(0),
                stat.cpuTime());
    }

    private String command(ProcStat stat) {
        String joined = head(process(stat.pid()).resolve("cmdline"), MAX_COMMAND * MAX_UTF8_PER_CHAR)
                .orElse("")
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
        return text(process(pid).resolve("status"))
                .flatMap(status -> status.lines()
                        .filter(line -> line.startsWith(key))
                        .map(line ->
                                line.substring(key.length()).replace("kB", "").strip())
                        .findFirst())
                .map(number -> OptionalLong.of(Long.parseLong(number) * 1024))
                .orElse(OptionalLong.empty());
    }

    private boolean holds(long pid, Set<String> links) {
        Path folder = process(pid).resolve("fd");
        for (long fd : numbersIn(folder)) {
            if (target(folder.resolve(Long.toString(fd)))
                    .filter(links::contains)
                    .isPresent()) {
                return true;
            }
        }
        return false;
    }

    private Path process(long pid) {
        return root.resolve(Long.toString(pid));
    }

    /** The entries whose names are numbers; none if the folder is gone or closed to us. */
    private static List<Long> numbersIn(Path folder) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, ProcFs::isNumber)) {
            entries.forEach(
                    entry -> found.add(Long.parseLong(entry.getFileName().toString())));
        } catch (IOException | DirectoryIteratorException gone) {
            // The process has ended, or is another user's: what was read of it counts.
            return found;
        }
        return found;
    }

    private static boolean isNumber(Path entry) {
        return entry.getFileName().toString().chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<String> target(Path link) {
        try {
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private static Optional<String> text(Path file) {
        return head(file, 1 << 20);
    }

    private static Optional<String> head(Path file, int maxBytes) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(maxBytes), StandardCharsets.UTF_8));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
