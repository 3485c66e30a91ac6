package dev.gantry.launcher.linux;

import dev.gantry.launcher.engine.NanoClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks for children that no reactor has started: orphans that came to us, the subreaper. They are told to the keeper and reaped
 * singly. What other code of this JVM has started is left alone: the thread that it hangs on tells it, or that java.lang.Process waits
 * for it. Where neither does (native code on the main thread, or on a thread that ended before the next look), a child passes for an
 * orphan, and is reaped if it stays a zombie.
 *
 * <p>Somebody who cannot be looked at is what he was; gone is only who is seen to be gone. Confined to the reactor's thread; ended by
 * {@link #lastLook}.
 */
final class OrphanReaper {
    /** java.lang.Process reaps its own at once: what is a zombie for so long is nobody's. */
    static final Duration ZOMBIE = Duration.ofSeconds(1);

    private final ProcFs proc;
    private final TreeKeeper keeper;
    private final NanoClock clock;
    private final Supplier<JdkChildren> jdk;
    private final Set<ProcessId> adopted = new LinkedHashSet<>();
    /** Zombies of those, and since when. */
    private final Map<ProcessId, Long> zombies = new HashMap<>();
    /** Children that other code of this JVM has made, as of the last look. */
    private Set<ProcessId> madeHere = Set.of();
    /** Such a one was there before the last look listed our children, or went while it was under way. */
    private boolean othersWent;
    /** Such a one has gone since the last look that came to its end. */
    private boolean someWent;
    /**
     * Of the moment before the last look listed our children, since the next one may meet the orphan of a process that came and went while
     * that one was under way; null before the first.
     */
    private @Nullable JdkChildren jdkBefore;
    /** Two at the same time would tell things twice: a new look ends the one before. */
    private @Nullable OneLook current;

    /** @param jdk what java.lang.Process waits for now */
    OrphanReaper(ProcFs proc, TreeKeeper keeper, NanoClock clock, Supplier<JdkChildren> jdk) {
        this.proc = proc;
        this.keeper = keeper;
        this.clock = clock;
        this.jdk = jdk;
    }

    /** A look that tells the keeper, at its end, of what came and went since the last one. */
    Look begin() {
        OneLook look = new OneLook();
        current = look;
        return look;
    }

    /** A process is being started whose orphans are to be known from those of others: what others had before is of interest. */
    void prepare() {
        if (jdkBefore == null) {
            jdkBefore = jdk.get();
        }
    }

    /**
     * Before the first process: a look, if we have children already. Such were made by the program that became this JVM by exec, and hang on the main
     * thread.
     */
    void firstLook() {
        ChildLookup.Children inherited = proc.childrenOfThread(proc.self(), proc.self());
        if (!inherited.complete() || !inherited.pids().isEmpty()) {
            look();
        }
    }

    /** A whole look at once. */
    void look() {
        begin().finish();
    }

    /** A last look; those who came to us are reaped by the {@link LateReaper}. */
    void lastLook() {
        look();
        for (ProcessId orphan : adopted) {
            try {
                PidFd handle = PidFd.open(orphan.pid());
                if (proc.sight(orphan.pid()).provesGone(orphan)) {
                    handle.close();
                } else {
                    LateReaper.takeOrphan(handle);
                }
            } catch (SystemCallException e) {
                // Reaped already, or there is no descriptor for it: then it stays a zombie until this JVM ends.
            }
        }
        adopted.clear();
    }

    private boolean isRipe(ProcessId orphan) {
        Long since = zombies.get(orphan);
        return since != null && clock.nanoTime() - since > ZOMBIE.toNanos();
    }

    /** True if it is gone. Between the look and here nobody else can reap it and give its number away, but java.lang.Process. */
    private boolean reap(ProcessId zombie) {
        try (PidFd handle = PidFd.open(zombie.pid())) {
            Sight sight = proc.sight(zombie.pid());
            return sight.provesGone(zombie)
                    || (sight instanceof Sight.Found && handle.reap().isPresent());
        } catch (SystemCallException e) {
            return Errno.ESRCH.is(e.errno()) || Errno.ECHILD.is(e.errno());
        }
    }

    private final class OneLook implements Look {
        private @Nullable OwnChildren children;
        private @Nullable JdkChildren jdkFirst;
        private Iterator<Map.Entry<Long, Boolean>> toSee =
                Map.<Long, Boolean>of().entrySet().iterator();
        private final Set<ProcessId> missing = new LinkedHashSet<>();
        private final List<ProcStat> newcomers = new ArrayList<>();
        private final Set<ProcessId> othersNow = new LinkedHashSet<>();

        @Override
        public boolean step() {
            OwnChildren seen = children;
            if (current != this) {
                return false;
            }
            if (seen == null) {
                jdkFirst = jdk.get();
                seen = OwnChildren.now(proc);
                children = seen;
                // Who is awaited now may be reaped, and not be awaited any more, before it is looked at.
                Map<Long, Boolean> others = new LinkedHashMap<>(seen.madeHere());
                others.keySet().removeIf(Lineages::isAwaited);
                toSee = others.entrySet().iterator();
                missing.addAll(adopted);
            } else if (!seen.complete()) {
                current = null;
                return false;
            } else if (toSee.hasNext()) {
                Map.Entry<Long, Boolean> child = toSee.next();
                see(child.getKey(), child.getValue());
            } else {
                current = null;
                conclude(seen);
                return false;
            }
            return true;
        }

        private void see(long pid, boolean isMadeHere) {
            if (Lineages.isAwaited(pid)) {
                return;
            }
            Sight sight = proc.sight(pid);
            someWent |= isMadeHere && sight instanceof Sight.Gone;
            if (sight instanceof Sight.Unclear) {
                madeHere.stream().filter(id -> id.pid() == pid).forEach(othersNow::add);
            } else if (sight instanceof Sight.Found found && found.stat().parentPid() == proc.self()) {
                ProcStat child = found.stat();
                if (adopted.contains(child.id())) {
                    missing.remove(child.id());
                    remember(child);
                } else if (isMadeHere || madeHere.contains(child.id())) {
                    othersNow.add(child.id());
                } else {
                    newcomers.add(child);
                }
            }
        }

        private void remember(ProcStat orphan) {
            if (orphan.isDead()) {
                zombies.putIfAbsent(orphan.id(), clock.nanoTime());
            }
        }

        private void conclude(OwnChildren seen) {
            JdkChildren jdkNow = jdk.get();
            tell(seen, jdkNow);
            List<ProcessId> gone = new ArrayList<>();
            for (ProcessId id : missing) {
                Sight sight = proc.sight(id.pid());
                if (sight.provesGone(id)
                        || (sight instanceof Sight.Found found && found.stat().parentPid() != proc.self())) {
                    gone.add(id);
                }
            }
            for (ProcessId id : List.copyOf(zombies.keySet())) {
                if (isRipe(id) && !jdkNow.pids().contains(id.pid()) && reap(id)) {
                    gone.add(id);
                }
            }
            othersWent = someWent || !madeHere.isEmpty();
            someWent = false;
            madeHere = othersNow;
            jdkBefore = jdkFirst;
            for (ProcessId id : gone) {
                zombies.remove(id);
                if (adopted.remove(id)) {
                    keeper.orphanReaped(id);
                }
            }
        }

        /** Newcomers are of our trees only if nobody else's were there, before or now, that can have left them. */
        private void tell(OwnChildren seen, JdkChildren jdkNow) {
            for (Iterator<ProcStat> all = newcomers.iterator(); all.hasNext(); ) {
                ProcStat child = all.next();
                if (jdkNow.pids().contains(child.pid())) {
                    othersNow.add(child.id());
                    all.remove();
                }
            }
            boolean onlyOurs = seen.tellsMakers()
                    && madeHere.isEmpty()
                    && othersNow.isEmpty()
                    && !othersWent
                    && !someWent
                    && jdkBefore != null
                    && jdkNow.noneSince(jdkBefore);
            for (ProcStat orphan : newcomers) {
                adopted.add(orphan.id());
                remember(orphan);
                keeper.adopted(orphan, onlyOurs);
            }
        }
    }
}
