package dev.gantry.launcher.linux;

import dev.gantry.launcher.DelayedCall;
import dev.gantry.launcher.engine.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks now and then for children that this reactor did not start: orphans that came to us, the subreaper. Each is reaped
 * singly. A zombie that java.lang.Process waits for is gone a moment later: only one that stays is reaped.
 *
 * <p>Confined to the reactor's thread; ends with it.
 */
final class OrphanReaper {
    /**
     * While there are trees to keep: a double-forked child is unguarded from its parent's end to the next look. Daemons are made
     * soon after a start, so looks come close together at first.
     */
    private static final Duration FIRST_INTERVAL = Duration.ofMillis(10);

    private static final Duration BUSY_INTERVAL = Duration.ofMillis(100);

    private static final Duration IDLE_INTERVAL = Duration.ofSeconds(1);
    /** java.lang.Process reaps its own at once: what is a zombie for so long is nobody's. */
    private static final long ZOMBIE_NANOS = 1_000_000_000;

    private final EventLoop loop;
    private final TreeKeeper keeper;
    private final LongPredicate isOurs;
    private Duration interval = BUSY_INTERVAL;
    private @Nullable DelayedCall next;
    private Set<ProcessId> adopted = Set.of();
    private Map<ProcessId, Long> zombies = Map.of();

    /**
     * Does nothing before {@link #start}.
     *
     * @param isOurs whether a process id is that of an unreaped child that the reactor waits for
     */
    OrphanReaper(EventLoop loop, TreeKeeper keeper, LongPredicate isOurs) {
        this.loop = loop;
        this.keeper = keeper;
        this.isOurs = isOurs;
    }

    void start() {
        next = loop.callLater(keeper.isBusy() ? interval : IDLE_INTERVAL, () -> {
            Duration longer = interval.multipliedBy(2);
            interval = longer.compareTo(BUSY_INTERVAL) > 0 ? BUSY_INTERVAL : longer;
            loop.guarded("looking for orphans", this::look);
            loop.guarded("looking after trees", keeper::look);
            start();
        });
    }

    /** There is a new tree to keep: the next looks come soon. */
    void hurry() {
        interval = FIRST_INTERVAL;
        if (next != null) {
            next.cancel();
            start();
        }
    }

    /** Tells the keeper of what came and went since the last look. */
    void look() {
        Set<ProcessId> seen = new LinkedHashSet<>();
        Map<ProcessId, Long> dead = new HashMap<>();
        for (long pid : children()) {
            Optional<ChildStat> stat = isOurs.test(pid) ? Optional.empty() : ChildStat.read(pid);
            if (stat.isPresent()) {
                ProcessId id = new ProcessId(pid, stat.get().startTime());
                seen.add(id);
                if (stat.get().state() == 'Z') {
                    dead.put(id, zombies.getOrDefault(id, System.nanoTime()));
                }
            }
        }
        for (ProcessId id : seen) {
            if (!adopted.contains(id)) {
                keeper.adopted(id);
            }
        }
        Set<ProcessId> gone = new LinkedHashSet<>(adopted);
        gone.removeAll(seen);
        for (Map.Entry<ProcessId, Long> zombie : dead.entrySet()) {
            if (System.nanoTime() - zombie.getValue() > ZOMBIE_NANOS && reap(zombie.getKey())) {
                seen.remove(zombie.getKey());
                gone.add(zombie.getKey());
            }
        }
        adopted = seen;
        zombies = dead;
        gone.forEach(keeper::orphanReaped);
    }

    /** True if it is gone. Between the look and here nobody else can reap it and give its number away, but java.lang.Process. */
    private static boolean reap(ProcessId zombie) {
        try (PidFd pidFd = PidFd.open(zombie.pid())) {
            boolean same = ChildStat.read(zombie.pid())
                    .filter(stat -> stat.startTime() == zombie.startTime())
                    .isPresent();
            return !same || pidFd.reap().isPresent();
        } catch (SystemCallException e) {
            // Gone already, or no child of ours any more.
            return true;
        }
    }

    /** Children hang on the thread that made them, adopted ones on the main thread. */
    private static List<Long> children() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.flatMap(task -> text(task.resolve("children"))).collect(Collectors.toList());
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Stream<Long> text(Path file) {
        try {
            String line = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return line.isEmpty()
                    ? Stream.empty()
                    : Stream.of(line.split(" ", -1)).map(Long::valueOf);
        } catch (IOException e) {
            // The thread has ended.
            return Stream.empty();
        }
    }
}
