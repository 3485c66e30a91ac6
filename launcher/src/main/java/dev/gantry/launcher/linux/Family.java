package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A child, the orphans that came of it, and whom of its descendants was ever seen. Confined to the reactor's thread. */
final class Family {
    /** A killed process cannot fork, so few rounds are needed; the bound is for those that cannot be killed. */
    private static final int MOST_ROUNDS = 5;

    private final ProcessId root;
    private final ProcFs proc;
    private final Optional<Guardian.Ward> ward;
    private final Set<ProcessId> orphans = new LinkedHashSet<>();
    private final Set<ProcessId> seen = new LinkedHashSet<>();
    private boolean rootReaped;

    Family(ProcessId root, ProcFs proc, Optional<Guardian.Ward> ward) {
        this.root = root;
        this.proc = proc;
        this.ward = ward;
    }

    ProcessId root() {
        return root;
    }

    Optional<Guardian.Ward> ward() {
        return ward;
    }

    void rootReaped() {
        rootReaped = true;
    }

    boolean isRootReaped() {
        return rootReaped;
    }

    /** Whether it surely is a descendant: it was seen as one, or is in a session or group that the root or an orphan leads. */
    boolean claims(ProcStat stranger) {
        return seen.contains(stranger.id()) || leads(stranger.sessionId()) || leads(stranger.groupId());
    }

    private boolean leads(long number) {
        return root.pid() == number || orphans.stream().anyMatch(orphan -> orphan.pid() == number);
    }

    void adopt(ProcessId orphan) throws IOException {
        if (orphans.add(orphan) && ward.isPresent()) {
            ward.get().adopted(orphan);
        }
    }

    void orphanReaped(ProcessId orphan) throws IOException {
        if (orphans.remove(orphan) && ward.isPresent()) {
            ward.get().reaped(orphan);
        }
    }

    /** Itself first, zombies left out. */
    List<ProcessInfo> living() {
        List<ProcessInfo> living = proc.tree(roots());
        living.forEach(process -> seen.add(new ProcessId(process.pid(), process.startTime())));
        return living;
    }

    void signal(Signal signal, SignalSender sender, Consumer<String> trace) throws IOException {
        if (signal == Signal.KILL) {
            kill(sender, trace);
            return;
        }
        for (ProcessInfo process : living()) {
            sender.send(new ProcessId(process.pid(), process.startTime()), signal);
        }
    }

    private void kill(SignalSender sender, Consumer<String> trace) throws IOException {
        Set<ProcessId> everybody = roots();
        everybody.addAll(seen);
        TreeKill kill = new TreeKill(proc, sender, everybody, trace);
        boolean over = false;
        for (int round = 0; round < MOST_ROUNDS && !over; round++) {
            over = kill.round();
        }
        Optional<IOException> refusal = kill.refusals().values().stream().findFirst();
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    private Set<ProcessId> roots() {
        Set<ProcessId> roots = new LinkedHashSet<>();
        roots.add(root);
        roots.addAll(orphans);
        return roots;
    }
}
