package dev.gantry.launcher.linux;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Tells whether the system killed somebody for want of memory in the control group of a process while it ran. Of a process
 * that died by SIGKILL it is then said that it was that one: in a group of many the victim may have been another, but SIGKILL
 * from elsewhere at such a time is rare. Reads files of /proc and /sys/fs/cgroup; for any thread.
 */
final class OomWatch {
    private static final int MAX_FILE = 1 << 20;

    private final Path proc;
    private final Path system;
    private volatile Known last = new Known("", Optional.empty());

    /** Which counter the groups of one process have: mostly those of the one before. */
    private record Known(String groups, Optional<Path> counter) {}

    /**
     * The counter of one group at one moment.
     *
     * @param counter the file that has it
     * @param kills what it said
     */
    record Sample(Path counter, long kills) {}

    /**
     * Any directories laid out like the system's.
     *
     * @param proc usually /proc
     * @param system what mount points are relative to: usually /
     */
    OomWatch(Path proc, Path system) {
        this.proc = proc;
        this.system = system;
    }

    /** This machine's. */
    static OomWatch system() {
        return new OomWatch(Path.of("/proc"), Path.of("/"));
    }

    /** What is to be asked again when the process has ended; empty where no group counts. */
    Optional<Sample> begin(long pid) {
        Optional<Path> counter = counterOf(pid);
        OptionalLong kills = counter.isPresent() ? kills(counter.get()) : OptionalLong.empty();
        return kills.isPresent() ? Optional.of(new Sample(counter.get(), kills.getAsLong())) : Optional.empty();
    }

    /** Whether the counter has grown. A group that is gone by now tells nothing. */
    boolean killedSince(Sample begin) {
        return kills(begin.counter()).orElse(begin.kills()) > begin.kills();
    }

    private Optional<Path> counterOf(long pid) {
        String groups = text(proc + "/" + pid + "/cgroup");
        Known known = last;
        if (!known.groups().equals(groups)
                || known.counter().isEmpty()
                || kills(known.counter().get()).isEmpty()) {
            known = new Known(groups, counterOf(groups));
            last = known;
        }
        return known.counter();
    }

    private Optional<Path> counterOf(String groups) {
        for (String line : lines(groups)) {
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                Optional<Path> counter = counterIn(fields[1], fields[2]);
                if (counter.isPresent()) {
                    return counter;
                }
            }
        }
        return Optional.empty();
    }

    /** Of one line of /proc/PID/cgroup: version 2 has no controllers in it. */
    private Optional<Path> counterIn(String controllers, String group) {
        if (controllers.isEmpty()) {
            return folder("cgroup2", "", group)
                    .flatMap(folder ->
                            firstThatCounts(folder.resolve("memory.events.local"), folder.resolve("memory.events")));
        }
        if (List.of(controllers.split(",", -1)).contains("memory")) {
            return folder("cgroup", "memory", group)
                    .flatMap(folder -> firstThatCounts(folder.resolve("memory.oom_control")));
        }
        return Optional.empty();
    }

    private static Optional<Path> firstThatCounts(Path... files) {
        for (Path file : files) {
            if (kills(file).isPresent()) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    /** Where a group is mounted, as proc(5) describes mountinfo: "id parent dev root mountpoint options - type source super". */
    private Optional<Path> folder(String type, String controller, String group) {
        for (String line : lines(text(proc + "/self/mountinfo"))) {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] kind = halves.length == 2 ? halves[1].split(" ", -1) : new String[0];
            if (mount.length > 4
                    && kind.length > 2
                    && kind[0].equals(type)
                    && (controller.isEmpty() || List.of(kind[2].split(",", -1)).contains(controller))) {
                return inside(mount[3], group)
                        .map(below ->
                                system.resolve(unescaped(mount[4]).substring(1)).resolve(below));
            }
        }
        return Optional.empty();
    }

    /** The group's path below the part of the hierarchy that the mount shows. */
    private static Optional<String> inside(String shown, String group) {
        String prefix = shown.equals("/") ? "/" : shown + "/";
        if (!(group + "/").startsWith(prefix)) {
            return Optional.empty();
        }
        String below = (group + "/").substring(prefix.length());
        return Optional.of(below.endsWith("/") ? below.substring(0, below.length() - 1) : below);
    }

    private static String unescaped(String path) {
        return path.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }

    private static OptionalLong kills(Path counter) {
        return ProcFile.number(counter.toString(), "oom_kill ");
    }

    /** The whole of a file; nothing if it is not there. */
    private static String text(String file) {
        return ProcFile.read(file, MAX_FILE) instanceof ProcFile.Text content ? content.text() : "";
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }
}
