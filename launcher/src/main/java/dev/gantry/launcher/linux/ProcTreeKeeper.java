package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the families of a reactor's processes by /proc, and the guardian informed of the guarded ones. Orphans come to us, the
 * subreaper, with no word of whose they are: a family claims those that are proved to be its own ({@link Family#claims}). One of whom
 * nothing is proved belongs to the only family there is, if nothing else is there, or was since the last look, that can have left it:
 * no other process of any reactor, no child of java.lang.Process or of native code, no stranger. So a daemon that is faster than the
 * looks, in a session of its own and without our pipes, is not guarded where there is anything else.
 *
 * <p>Confined to the reactor's thread.
 */
final class ProcTreeKeeper implements TreeKeeper {
    static final Factory FACTORY = new Factory() {
        @Override
        public Set<Capability> capabilities() {
            return EnumSet.of(
                    Capability.PROCESS_TREE, Capability.GUARDIAN, Capability.DETACH, Capability.TERMINAL_LAUNCH);
        }

        @Override
        public TreeKeeper open(LinuxReactor reactor) {
            return new ProcTreeKeeper(reactor);
        }
    };

    /** Among more than these, nothing is known by elimination anyway. */
    private static final int FEW = 4;

    private static final Duration GUARDIAN_END = Duration.ofSeconds(1);
    /** It lets programs in terminals a second and a half. */
    private static final Duration GENTLE_END = Duration.ofSeconds(3);

    private final LinuxReactor reactor;
    private final ProcFs proc = ProcFs.system();
    private final SignalSender sender = new PidFdSender(proc);
    private final GuardianProcess guardian;
    private final TerminalLauncher terminals;
    private final Map<ProcessId, Family> families = new LinkedHashMap<>();
    /** Orphans that no family claims. */
    private final Set<ProcessId> strangers = new LinkedHashSet<>();

    private ProcTreeKeeper(LinuxReactor reactor) {
        this.reactor = reactor;
        this.guardian = new GuardianProcess(reactor);
        this.terminals = new TerminalLauncher(reactor, this, proc, line -> reactor.trace(() -> line));
    }

    @Override
    public void warmUp() {
        reactor.execute(() -> {
            reactor.lookForInherited();
            try {
                guardian.ensureRunning();
            } catch (IOException e) {
                reactor.trace(() -> "warming up: " + e.getMessage());
            }
        });
    }

    @Override
    public Intent intend(Expected process) throws IOException {
        guardian.ensureRunning();
        forgetTheDead();
        long ticks = proc.ticksNow();
        Guardian.Ward ward = process.links().isEmpty()
                ? guardian.guardian().intendBare(ticks, group(process), process.file(), process.command())
                : guardian.guardian().intend(ticks, process.links());
        return new Intent() {
            @Override
            public void started(ProcessId child) {
                keep(new Family(child, proc, ours(), !process.ownGroup(), Optional.of(ward)));
                tell(() -> ward.started(child));
            }

            @Override
            public void failed() {
                tell(ward::failed);
            }
        };
    }

    /** What has died out already must not stand in the way of knowing the orphans of the new one: after a restart, for instance. */
    private void forgetTheDead() {
        for (int look = 0; look < Family.QUIET_LOOKS && families.size() <= FEW; look++) {
            List<Family> ended = new ArrayList<>();
            for (Family family : families.values()) {
                if (family.hasRootEnded()) {
                    ended.add(family);
                }
            }
            if (ended.isEmpty()) {
                return;
            }
            reactor.lookForOrphans();
            ended.forEach(family -> {
                TreeWalk walk = family.walk(proc.childLookup());
                walk.finish();
                looked(family, walk);
            });
        }
    }

    private static OptionalLong group(Expected process) {
        return process.ownGroup() ? OptionalLong.empty() : OptionalLong.of(Libc.getpgid(0));
    }

    /** Our own session and group: others are in them, too. */
    private static Set<Long> ours() {
        return Set.copyOf(new LinkedHashSet<>(List.of((long) Libc.getsid(0), (long) Libc.getpgid(0))));
    }

    @Override
    public void started(ProcessId child, boolean ownGroup) {
        if (reactor.isSubreaper()) {
            keep(new Family(child, proc, ours(), !ownGroup, Optional.empty()));
            reactor.hurry();
        } else {
            Lineages.begin(child);
        }
    }

    private void keep(Family family) {
        Lineages.begin(family.root());
        families.put(family.root(), family);
    }

    /**
     * The family of a program in a terminal, which is no child of ours; kept until it is released. Its orphans do not come to us, unless
     * the terminal's do: a descendant whose parent ended before a look saw it is not found then.
     */
    Family inTerminal(ProcessId program, boolean guarded) {
        Set<Long> shared = new HashSet<>(ours());
        proc.stat(program.pid()).ifPresent(stat -> {
            shared.add(stat.sessionId());
            shared.add(stat.groupId());
        });
        shared.remove(program.pid());
        Optional<Guardian.Ward> ward = guarded ? Optional.of(guardian.guardian().watch(program)) : Optional.empty();
        Family family = new Family(program, proc, shared, true, ward);
        family.rootEnded();
        family.watch();
        keep(family);
        ward.ifPresent(told -> tell(told::announce));
        reactor.hurry();
        return family;
    }

    /** If we are gone before a terminal has begun to use it, the guardian removes it, as far as one runs. */
    Guardian.Folder waiting(Path directory) {
        Guardian.Folder folder = guardian.guardian().new Folder(directory.toString());
        tell(() -> guardian.guardian().add(folder));
        return folder;
    }

    /** It is removed, or about to be by others. */
    void over(Guardian.Folder folder) {
        tell(folder::release);
    }

    @Override
    public void adopted(ProcStat orphan, boolean onlyOurs) {
        Optional<Family> family = familyOf(orphan, onlyOurs);
        if (family.isEmpty()) {
            strangers.add(orphan.id());
            Lineages.begin(orphan.id());
            reactor.trace(() -> "process " + orphan.pid() + " came to us; nobody knows whose it is");
            return;
        }
        // Told before it is traced: who reads of it may rely on the guardian's knowing.
        tell(() -> family.get().adopt(orphan));
        reactor.trace(() -> "process " + orphan.pid() + " came to us from the tree of "
                + family.get().root().pid());
    }

    private Optional<Family> familyOf(ProcStat orphan, boolean onlyOurs) {
        for (Family family : families.values()) {
            if (family.claims(orphan)) {
                return Optional.of(family);
            }
        }
        for (Family family : families.values()) {
            if (onlyOurs && Lineages.isOnly(family.root()) && family.mayHave(orphan)) {
                return Optional.of(family);
            }
        }
        return Optional.empty();
    }

    @Override
    public void orphanReaped(ProcessId orphan) {
        if (strangers.remove(orphan)) {
            Lineages.end(orphan);
        }
        families.values().forEach(family -> family.orphanReaped(orphan));
    }

    @Override
    public Look look() {
        return new LookAtAll();
    }

    @Override
    public boolean isBusy() {
        for (Family family : families.values()) {
            if (family.isWatched()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void closed(ProcessId child, String link) {
        Optional.ofNullable(families.get(child)).flatMap(Family::ward).ifPresent(ward -> tell(() -> ward.closed(link)));
    }

    @Override
    public void release(ProcessId child) {
        Family family = families.get(child);
        if (family != null) {
            tell(family::release);
            if (!reactor.isSubreaper()) {
                forget(family);
            }
        }
    }

    /** Where no orphans come to us, a family that is not guarded is nothing to us; others may hear of it for ever. */
    private void forget(Family family) {
        families.remove(family.root());
        if (family.isOver() && reactor.isSubreaper()) {
            Lineages.end(family.root());
        } else {
            Lineages.loseSight(family.root());
        }
    }

    @Override
    public void reaped(ProcessId child) {
        Family family = families.get(child);
        if (family != null) {
            family.rootEnded();
        } else if (!reactor.isSubreaper()) {
            Lineages.loseSight(child);
        }
    }

    @Override
    public List<ProcessInfo> tree(ProcessId child) {
        reactor.lookForOrphans();
        Family family = family(child);
        List<ProcessInfo> living = family.living();
        tell(family::report);
        return living;
    }

    @Override
    public void signalTree(ProcessId child, Signal signal) throws IOException {
        reactor.lookForOrphans();
        family(child).signal(signal, sender, line -> reactor.trace(() -> line));
    }

    @Override
    public void signalDescendant(ProcessId child, long pid, Signal signal) throws IOException {
        reactor.lookForOrphans();
        family(child).signalOne(pid, signal, sender);
    }

    /** One that is not kept is looked at without being remembered. */
    Family family(ProcessId child) {
        Family known = families.get(child);
        return known != null ? known : new Family(child, proc, ours(), true, Optional.empty());
    }

    @Override
    public List<ProcessInfo> holders(Collection<String> links) {
        return proc.holdersOf(Set.copyOf(links));
    }

    @Override
    public Optional<Long> drain(ProcessId child, List<Integer> readEnds, List<Integer> writeEnds) throws IOException {
        if (readEnds.isEmpty() && writeEnds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(reactor.spawnDrainer(Drainer.plan(child, readEnds, writeEnds)));
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) throws IOException {
        if (request.guarded()) {
            guardian.ensureRunning();
        }
        return terminals.prepare(protocol, request);
    }

    @Override
    public void close() {
        reactor.lookForOrphans();
        List<Family> gentle = new ArrayList<>();
        for (Family family : families.values()) {
            if (family.isGentle()) {
                gentle.add(family);
            } else if (family.ward().isPresent()) {
                tell(() -> family.signal(Signal.KILL, sender, line -> reactor.trace(() -> line)));
            }
        }
        boolean isGuarded = guardian.isRunning();
        // The shells in the terminals and the guardian do the same thing at the same time.
        terminals.letGo();
        guardian.endInput();
        terminals.close();
        guardian.awaitEnd(gentle.isEmpty() ? GUARDIAN_END : GENTLE_END);
        if (!isGuarded) {
            gentle.forEach(family -> tell(() -> family.signal(Signal.KILL, sender, line -> reactor.trace(() -> line))));
        }
    }

    @Override
    public void letGo() {
        for (Family family : families.values()) {
            if (family.lives()) {
                Lineages.loseSight(family.root());
            } else {
                Lineages.end(family.root());
            }
        }
        strangers.forEach(Lineages::loseSight);
        families.clear();
        strangers.clear();
    }

    /** All families, one after the other. */
    private final class LookAtAll implements Look {
        private final Deque<Family> left = new ArrayDeque<>(families.values());
        private @Nullable ChildLookup children;
        private @Nullable TreeWalk walk;

        @Override
        public boolean step() {
            Family family = left.peek();
            if (family == null) {
                return false;
            }
            ChildLookup lists = children;
            TreeWalk current = walk;
            if (lists == null) {
                children = proc.childLookup();
            } else if (current == null) {
                walk = family.walk(lists);
            } else if (!current.step()) {
                walk = null;
                left.remove();
                looked(family, current);
            }
            return true;
        }
    }

    private void looked(Family family, TreeWalk walk) {
        family.looked(walk);
        tell(family::report);
        if (family.isOver() && families.containsKey(family.root())) {
            tell(family::release);
            forget(family);
        }
    }

    /** A guardian that takes nothing is noticed by its own watch; a process that cannot be signalled is traced, and is left. */
    private void tell(Refusals.Attempt attempt) {
        try {
            attempt.make();
        } catch (IOException e) {
            reactor.trace(() -> "keeping trees: " + e.getMessage());
        }
    }
}
