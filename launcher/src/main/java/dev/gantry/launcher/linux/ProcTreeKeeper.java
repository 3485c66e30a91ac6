package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Keeps the families of a reactor's children by /proc, and the guardian informed of them. Orphans come to us, the subreaper, with no word
 * of whose they are: a family claims those that it saw before or that are in a session or group of its members; the only family there is
 * claims any. Confined to the reactor's thread.
 */
final class ProcTreeKeeper implements TreeKeeper {
    /** Makes such keepers. */
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

    private final LinuxReactor reactor;
    private final ProcFs proc = ProcFs.system();
    private final SignalSender sender = new PidFdSender(proc);
    private final GuardianProcess guardian;
    private final TerminalLauncher terminals;
    private final Map<ProcessId, Family> families = new LinkedHashMap<>();
    /** Orphans that no family claims, and drainers: not to be asked about again. */
    private final Set<ProcessId> strangers = new LinkedHashSet<>();

    private ProcTreeKeeper(LinuxReactor reactor) {
        this.reactor = reactor;
        this.guardian = new GuardianProcess(reactor);
        this.terminals = new TerminalLauncher(reactor, proc, line -> reactor.trace(() -> line));
    }

    @Override
    public void warmUp() {
        reactor.execute(() -> {
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
        long ticks = proc.ticksNow();
        Guardian.Ward ward = process.links().isEmpty()
                ? guardian.guardian().intendBare(ticks, group(process), process.file(), process.command())
                : guardian.guardian().intend(ticks, process.links());
        return new Intent() {
            @Override
            public void started(ProcessId child) {
                families.put(child, new Family(child, proc, Optional.of(ward)));
                tell(() -> ward.started(child));
            }

            @Override
            public void failed() {
                tell(ward::failed);
            }
        };
    }

    private OptionalLong group(Expected process) {
        return process.ownGroup()
                ? OptionalLong.empty()
                : proc.stat(ProcessHandle.current().pid()).stream()
                        .mapToLong(ProcStat::groupId)
                        .findFirst();
    }

    @Override
    public void adopted(ProcessId orphan) {
        if (strangers.contains(orphan)) {
            return;
        }
        Optional<ProcStat> stat =
                proc.stat(orphan.pid()).filter(found -> found.id().equals(orphan));
        if (stat.isEmpty()) {
            return;
        }
        Optional<Family> family = familyOf(stat.get());
        if (family.isEmpty()) {
            strangers.add(orphan);
            reactor.trace(() -> "process " + orphan.pid() + " came to us; nobody knows whose it is");
            return;
        }
        // Told before it is traced: who reads of it may rely on the guardian's knowing.
        tell(() -> family.get().adopt(orphan));
        reactor.trace(() -> "process " + orphan.pid() + " came to us from the tree of "
                + family.get().root().pid());
    }

    private Optional<Family> familyOf(ProcStat orphan) {
        Optional<Family> sure = families.values().stream()
                .filter(family -> family.claims(orphan))
                .findFirst();
        if (sure.isPresent()) {
            return sure;
        }
        List<Family> older = families.values().stream()
                .filter(family -> family.root().startTime() <= orphan.id().startTime())
                .toList();
        return older.size() == 1 ? Optional.of(older.get(0)) : Optional.empty();
    }

    @Override
    public void orphanReaped(ProcessId orphan) {
        strangers.remove(orphan);
        families.values().forEach(family -> tell(() -> family.orphanReaped(orphan)));
    }

    /** A regular look: what is seen now is known when its parent ends; a family that has died out is forgotten. */
    @Override
    public void look() {
        for (Family family : List.copyOf(families.values())) {
            if (family.living().isEmpty() && family.isRootReaped()) {
                release(family.root());
            }
        }
    }

    @Override
    public boolean isBusy() {
        return !families.isEmpty();
    }

    @Override
    public void closed(ProcessId child, String link) {
        Optional.ofNullable(families.get(child)).flatMap(Family::ward).ifPresent(ward -> tell(() -> ward.closed(link)));
    }

    @Override
    public void release(ProcessId child) {
        Optional.ofNullable(families.remove(child)).flatMap(Family::ward).ifPresent(ward -> tell(ward::release));
    }

    @Override
    public void reaped(ProcessId child) {
        Optional.ofNullable(families.get(child)).ifPresent(Family::rootReaped);
    }

    @Override
    public List<ProcessInfo> tree(ProcessId child) {
        reactor.lookForOrphans();
        return family(child).living();
    }

    @Override
    public void signalTree(ProcessId child, Signal signal) throws IOException {
        reactor.lookForOrphans();
        family(child).signal(signal, sender, line -> reactor.trace(() -> line));
    }

    /** One that was released or never was guarded is looked at without being remembered. */
    private Family family(ProcessId child) {
        Family known = families.get(child);
        return known != null ? known : new Family(child, proc, Optional.empty());
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
        return terminals.prepare(protocol, request);
    }

    @Override
    public void close() {
        reactor.lookForOrphans();
        for (Family family : List.copyOf(families.values())) {
            if (family.ward().isPresent()) {
                tell(() -> family.signal(Signal.KILL, sender, line -> reactor.trace(() -> line)));
            }
        }
        terminals.close();
        guardian.close();
    }

    /** A guardian that takes nothing is noticed by its own watch; a process that cannot be signalled is traced, and is left. */
    private void tell(Telling telling) {
        try {
            telling.tell();
        } catch (IOException e) {
            reactor.trace(() -> "keeping trees: " + e.getMessage());
        }
    }

    /** Something to be told to the guardian or a process. */
    private interface Telling {
        void tell() throws IOException;
    }
}
