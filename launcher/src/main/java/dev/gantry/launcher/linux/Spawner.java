package dev.gantry.launcher.linux;

import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.engine.NanoClock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Turns a request into a running child, or into an exception and nothing else. Confined to the reactor's thread. */
final class Spawner {
    private static final int SHOWN = 200;

    private final LinuxReactor reactor;
    private final NanoClock clock;
    private final BigPipes bigPipes = new BigPipes();
    private final ChildEnvironment ourEnvironment = ChildEnvironment.ours();
    private final ProcFs proc = ProcFs.system();
    private final UsageMeter.Meters meters;

    Spawner(LinuxReactor reactor, NanoClock clock) {
        this.reactor = reactor;
        this.clock = clock;
        this.meters = new UsageMeter.Meters(proc, reactor.loop(), clock);
    }

    LinuxTransport spawn(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        checkArguments(request);
        ChildDirectory directory = new ChildDirectory(request.workingDirectory());
        ChildEnvironment environment = environment(request);
        try (Plumbing plumbing = Plumbing.enter(request, directory, bigPipes)) {
            ProgramSearch.Program program = ProgramSearch.find(program(request), environment, directory);
            plumbing.open();
            PosixSpawn.Job job = new PosixSpawn.Job(
                    program.argument(),
                    request.command(),
                    environment,
                    plumbing.directoryFd(),
                    group(request),
                    plan(plumbing));
            return start(protocol, request, new Attempt(job, program, directory, plumbing));
        }
    }

    /** What a start is made of, checked and opened. */
    private record Attempt(
            PosixSpawn.Job job, ProgramSearch.Program program, ChildDirectory directory, Plumbing plumbing) {}

    private LinuxTransport start(ProcessProtocol protocol, SpawnRequest request, Attempt attempt)
            throws SpawnException {
        Optional<TreeKeeper.Intent> intent = request.guarded() ? Optional.of(intend(attempt)) : Optional.empty();
        Optional<LinuxTransport> made = Optional.empty();
        boolean started = false;
        try {
            attempt.plumbing().emptyFiles();
            long startedAt = clock.nanoTime();
            LinuxTransport transport = transport(protocol, request, attempt, run(attempt), startedAt);
            made = Optional.of(transport);
            intent.ifPresent(pending -> pending.started(transport.child().id()));
            started = true;
            return transport;
        } finally {
            if (!started) {
                made.ifPresent(LinuxTransport::destroy);
                intent.ifPresent(TreeKeeper.Intent::failed);
            }
        }
    }

    private static long run(Attempt attempt) throws SpawnException {
        try {
            return PosixSpawn.spawn(attempt.job());
        } catch (SystemCallException e) {
            SpawnException failure = ExecFailure.of(
                    attempt.program(),
                    attempt.directory(),
                    e.errno(),
                    attempt.job().argumentBytes());
            failure.initCause(e);
            throw failure;
        }
    }

    /** Makes a transport for what runs; if that fails, it runs no more. */
    private LinuxTransport transport(
            ProcessProtocol protocol, SpawnRequest request, Attempt attempt, long pid, long startedAt)
            throws SpawnException {
        LinuxChild child;
        try {
            child = adopt(pid, attempt.job().group(), terminalFds(request), request.guarded(), startedAt);
        } catch (SystemCallException e) {
            SpawnException failure = new SpawnException(
                    Step.DESCRIPTORS,
                    attempt.program().file(),
                    e.errno(),
                    "the process was started, and killed at once: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
        boolean made = false;
        try {
            LinuxTransport transport = new LinuxTransport(
                    reactor, protocol, child, shown(request), attempt.plumbing().ourEnds());
            attempt.plumbing().keepOurEnds();
            made = true;
            return transport;
        } finally {
            if (!made) {
                child.destroy();
            }
        }
    }

    /**
     * The null device on 1 and 2, a gate on 0, and the plan's descriptors as they are. When this returns, the drainer reads; if it throws,
     * there is none, and the descriptors are as before.
     */
    LinuxChild spawnDrainer(Drainer.Plan plan) throws SystemCallException {
        List<Integer> opened = new ArrayList<>();
        try {
            int nothing = Descriptors.open("/dev/null", Libc.O_RDWR, 0);
            opened.add(nothing);
            Descriptors.Pair gate = Descriptors.pipe();
            opened.add(gate.first());
            opened.add(gate.second());
            SortedMap<Integer, FdPlan.Source> sources = new TreeMap<>();
            sources.put(0, new FdPlan.Ours(gate.first()));
            sources.put(1, new FdPlan.Ours(nothing));
            sources.put(2, new FdPlan.Ours(nothing));
            plan.childFds().forEach((childFd, ours) -> sources.put(childFd, new FdPlan.Ours(ours)));
            long startedAt = clock.nanoTime();
            long pid = PosixSpawn.spawn(new PosixSpawn.Job(
                    plan.command().get(0),
                    plan.command(),
                    ourEnvironment,
                    OptionalInt.empty(),
                    ProcessGroup.NEW_SESSION,
                    FdPlan.of(sources, PosixSpawn.closing())));
            LinuxChild drainer = adopt(pid, ProcessGroup.NEW_SESSION, Set.of(), false, startedAt);
            handOver(plan.toMakeBlocking(), gate.second(), drainer);
            return drainer;
        } finally {
            opened.forEach(Descriptors::close);
        }
    }

    /**
     * Last of all, when nothing else can fail: O_NONBLOCK belongs to what the drainer shares with us, and were it gone while we still
     * read, the reactor would block.
     */
    private static void handOver(List<Integer> readEnds, int gate, LinuxChild drainer) throws SystemCallException {
        try {
            for (int fd : readEnds) {
                Descriptors.setNonBlocking(fd, false);
            }
            Descriptors.writeAll(gate, Drainer.GO);
        } catch (SystemCallException e) {
            // Before anything is made non-blocking again: it may be reading by now.
            drainer.destroy();
            for (int fd : readEnds) {
                Descriptors.setNonBlocking(fd, true);
            }
            throw e;
        }
    }

    /**
     * Takes charge of a child that was just started: its number means it until it is reaped, and nobody but us should do that. If this
     * fails, the child is killed and reaped.
     */
    private LinuxChild adopt(long pid, ProcessGroup group, Set<Integer> terminalFds, boolean guarded, long startedAt)
            throws SystemCallException {
        Optional<PidFd> opened = Optional.empty();
        boolean adopted = false;
        try {
            PidFd pidFd = PidFd.open(pid);
            opened = Optional.of(pidFd);
            LinuxChild.Facts facts = new LinuxChild.Facts(identified(pid), group, terminalFds, guarded);
            LinuxChild child = new LinuxChild(facts, pidFd, proc, meters.meter(pid, startedAt), reactor.epoll());
            adopted = true;
            return child;
        } catch (IllegalStateException e) {
            if (e.getCause() instanceof SystemCallException refused) {
                throw refused;
            }
            throw e;
        } finally {
            if (!adopted) {
                opened.ifPresent(PidFd::close);
                PidFd.destroyChild(pid);
            }
        }
    }

    /** With its start time, by which the guardian and the tree know it; 0 where there is no /proc, or it is hidden there, and nobody asks. */
    private ProcessId identified(long pid) throws SystemCallException {
        Sight sight = proc.sight(pid);
        if (sight instanceof Sight.Unclear unclear && Descriptors.access("/proc/" + pid + "/stat", Libc.F_OK) == 0) {
            throw unclear.why();
        }
        return sight instanceof Sight.Found found ? found.stat().id() : new ProcessId(pid, 0);
    }

    private TreeKeeper.Intent intend(Attempt attempt) throws SpawnException {
        PosixSpawn.Job job = attempt.job();
        List<String> links = new ArrayList<>();
        attempt.plumbing().ourEnds().forEach(end -> links.add(end.link()));
        try {
            return reactor.keeper()
                    .intend(new TreeKeeper.Expected(
                            links, job.group() != ProcessGroup.INHERIT, job.program(), job.arguments()));
        } catch (IOException e) {
            SpawnException failure = new SpawnException(
                    Step.GUARD,
                    job.program(),
                    e.getCause() instanceof SpawnException cause ? cause.errno() : 0,
                    "the guardian could not be told of " + job.program() + ": " + e.getMessage());
            failure.initCause(e);
            throw failure;
        }
    }

    private ChildEnvironment environment(SpawnRequest request) throws SpawnException {
        try {
            return (request.clearEnvironment() ? ChildEnvironment.empty() : ourEnvironment).with(request.environment());
        } catch (IllegalArgumentException e) {
            throw unpassable(request, String.valueOf(e.getMessage()));
        }
    }

    private static void checkArguments(SpawnRequest request) throws SpawnException {
        for (int i = 0; i < request.command().size(); i++) {
            Optional<String> flaw = CStrings.flaw(request.command().get(i));
            if (flaw.isPresent()) {
                throw unpassable(request, "argument " + i + " " + flaw.get());
            }
        }
    }

    private static SpawnException unpassable(SpawnRequest request, String why) {
        String program = program(request).replace("\0", "\\0");
        return new SpawnException(
                Step.EXECUTE,
                program,
                Errno.EINVAL.number(),
                "cannot run " + program + ": " + why + ", which cannot be passed to a program");
    }

    /** For people: the command, cut where it gets long. */
    private static String shown(SpawnRequest request) {
        String command = String.join(" ", request.command());
        return command.length() <= SHOWN ? command : command.substring(0, SHOWN) + "…";
    }

    private static String program(SpawnRequest request) {
        return request.executable()
                .map(Path::toAbsolutePath)
                .map(Path::toString)
                .orElseGet(() -> request.command().get(0));
    }

    /** A pty's line discipline sends its signals to a session's foreground group: it needs one. */
    private static ProcessGroup group(SpawnRequest request) {
        return request.pty().isPresent() ? ProcessGroup.NEW_SESSION : request.group();
    }

    private static Set<Integer> terminalFds(SpawnRequest request) {
        return Set.copyOf(Plumbing.terminals(request));
    }

    private static FdPlan plan(Plumbing plumbing) throws SpawnException {
        try {
            return FdPlan.of(plumbing.sources(), PosixSpawn.closing());
        } catch (SystemCallException e) {
            SpawnException failure = new SpawnException(
                    Step.DESCRIPTORS,
                    "/proc/self/fd",
                    e.errno(),
                    "cannot tell which of our descriptors the child must not have [" + e.getMessage() + "]");
            failure.initCause(e);
            throw failure;
        }
    }
}
