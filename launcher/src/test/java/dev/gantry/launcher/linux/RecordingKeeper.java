package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** A keeper that writes down what it is told, on the reactor's thread. */
final class RecordingKeeper implements TreeKeeper {
    private final Collection<String> told;
    private final BooleanSupplier refuses;
    /** Adopted, and told to come of none but our trees. */
    private final Set<Long> surelyOurs = ConcurrentHashMap.newKeySet();

    RecordingKeeper(Collection<String> told, BooleanSupplier refuses) {
        this.told = told;
        this.refuses = refuses;
    }

    Set<Long> surelyOurs() {
        return Set.copyOf(surelyOurs);
    }

    @Override
    public void warmUp() {}

    @Override
    public Intent intend(Expected process) throws IOException {
        if (refuses.getAsBoolean()) {
            throw new IOException("nobody is there");
        }
        told.add("intend " + process.links() + (process.ownGroup() ? " own group " : " our group ") + process.file()
                + " " + process.command());
        return new Intent() {
            @Override
            public void started(ProcessId child) {
                told.add("started " + child.pid() + " " + child.startTime());
            }

            @Override
            public void failed() {
                told.add("failed");
            }
        };
    }

    @Override
    public void started(ProcessId child, boolean ownGroup) {}

    @Override
    public void adopted(ProcStat orphan, boolean onlyOurs) {
        told.add("adopted " + orphan.pid());
        if (onlyOurs) {
            surelyOurs.add(orphan.pid());
        }
    }

    @Override
    public void orphanReaped(ProcessId orphan) {
        told.add("orphan reaped " + orphan.pid());
    }

    @Override
    public void closed(ProcessId child, String link) {
        told.add("closed " + child.pid() + " " + link);
    }

    @Override
    public void release(ProcessId child) {
        told.add("release " + child.pid());
    }

    @Override
    public void reaped(ProcessId child) {
        told.add("reaped " + child.pid());
    }

    @Override
    public List<ProcessInfo> tree(ProcessId child) {
        return List.of();
    }

    @Override
    public void signalTree(ProcessId child, Signal signal) {}

    @Override
    public void signalDescendant(ProcessId child, long pid, Signal signal) {}

    @Override
    public List<ProcessInfo> holders(Collection<String> links) {
        return List.of();
    }

    @Override
    public Optional<Long> drain(ProcessId child, List<Integer> readEnds, List<Integer> writeEnds) {
        return Optional.empty();
    }

    @Override
    public TerminalLaunch prepareTerminalLaunch(ProcessProtocol protocol, SpawnRequest request) {
        throw new UnsupportedOperationException("not of this test");
    }

    @Override
    public void close() {
        told.add("close");
    }

    @Override
    public Look look() {
        return () -> false;
    }

    @Override
    public void letGo() {}

    @Override
    public boolean isBusy() {
        return true;
    }
}
