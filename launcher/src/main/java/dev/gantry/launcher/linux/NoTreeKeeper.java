package dev.gantry.launcher.linux;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A keeper that can do nothing, and says so. Holds nothing. */
final class NoTreeKeeper implements TreeKeeper {
    /** Makes such keepers. */
    static final Factory FACTORY = new Factory() {
        @Override
        public Set<Capability> capabilities() {
            return Set.of();
        }

        @Override
        public TreeKeeper open(LinuxReactor reactor) {
            return new NoTreeKeeper();
        }
    };

    @Override
    public void warmUp() {}

    @Override
    public Intent intend(Expected process) {
        throw missing(Capability.GUARDIAN, "a guarded process");
    }

    @Override
    public void started(ProcessId child, boolean ownGroup) {}

    @Override
    public void adopted(ProcStat orphan, boolean onlyOurs) {}

    @Override
    public void orphanReaped(ProcessId orphan) {}

    @Override
    public void closed(ProcessId child, String link) {}

    @Override
    public void release(ProcessId child) {}

    @Override
    public void reaped(ProcessId child) {}

    @Override
    public List<ProcessInfo> tree(ProcessId child) {
        throw missing(Capability.PROCESS_TREE, "the tree of " + child.pid());
    }

    @Override
    public void signalTree(ProcessId child, Signal signal) {
        throw missing(Capability.PROCESS_TREE, signal + " to the tree of " + child.pid());
    }

    @Override
    public void signalDescendant(ProcessId child, long pid, Signal signal) {
        throw missing(Capability.PROCESS_TREE, signal + " to " + pid + " of the tree of " + child.pid());
    }

    @Override
    public List<ProcessInfo> holders(Collection<String> links) {
        throw missing(Capability.PROCESS_TREE, "who holds a pipe");
    }

    @Override
    public Optional<Long> drain(ProcessId child, List<Integer> readEnds, List<Integer> writeEnds) {
        throw missing(Capability.DETACH, "keeping pipes open");
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) {
        throw missing(Capability.TERMINAL_LAUNCH, String.join(" ", request.command()));
    }

    @Override
    public Look look() {
        return () -> false;
    }

    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public void close() {}

    @Override
    public void letGo() {}

    private static UnsupportedCapabilityException missing(Capability capability, String what) {
        return new UnsupportedCapabilityException("linux", capability, what);
    }
}
