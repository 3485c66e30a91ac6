package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.TerminalLaunch;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Prepares programs that a terminal starts. Confined to the reactor's thread; closed by its keeper, by {@link #letGo} and {@link #close}. */
final class TerminalLauncher implements AutoCloseable {
    /**
     * How long the end of the reactor waits, in all, for the programs that it ends. A shell that is left ends them in any case:
     * it sends TERM, and KILL one and a half seconds later.
     */
    private static final Duration DEATH = Duration.ofSeconds(2);

    private final LinuxReactor reactor;
    private final ProcTreeKeeper keeper;
    private final ProcFs proc;
    private final Consumer<String> trace;
    private final Set<TerminalRun> runs = new LinkedHashSet<>();

    TerminalLauncher(LinuxReactor reactor, ProcTreeKeeper keeper, ProcFs proc, Consumer<String> trace) {
        this.reactor = reactor;
        this.keeper = keeper;
        this.proc = proc;
        this.trace = trace;
    }

    /** As {@link dev.gantry.launcher.Reactor#prepareTerminalLaunch}. */
    TerminalLaunch prepare(ProcessProtocol protocol, SpawnRequest request) throws IOException {
        reactor.assertInThread();
        checkFormat(request);
        TerminalRun run = new TerminalRun(this, reactor, protocol, request, TerminalDirectory.create(request));
        runs.add(run);
        trace("prepared a start in a terminal: " + String.join(" ", run.command()));
        return run;
    }

    /** Not of a program that is looked up: the terminal has its own PATH. */
    private static void checkFormat(SpawnRequest request) throws SpawnException {
        String program = request.command().get(0);
        ChildDirectory directory = new ChildDirectory(request.workingDirectory());
        if (program.indexOf('/') >= 0
                && ProgramFormat.isNone(Descriptors.beginning(directory.resolve(program), ProgramFormat.HEAD_BYTES))) {
            throw ExecFailure.noProgram(directory.shown(program));
        }
    }

    ProcFs proc() {
        return proc;
    }

    ProcTreeKeeper keeper() {
        return keeper;
    }

    void trace(String what) {
        trace.accept(what);
    }

    void ended(TerminalRun run) {
        runs.remove(run);
    }

    /** The first step of the end: launches that wait are cancelled, programs that are guarded and were not released begin to end. */
    void letGo() {
        List.copyOf(runs).forEach(TerminalRun::letGo);
    }

    /** The second: they have ended, or the time is over. Nobody is called. */
    @Override
    public void close() {
        long end = System.nanoTime() + DEATH.toNanos();
        List.copyOf(runs).forEach(run -> run.abandon(Duration.ofNanos(end - System.nanoTime())));
    }
}
