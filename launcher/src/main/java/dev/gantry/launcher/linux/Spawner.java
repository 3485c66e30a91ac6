package dev.gantry.launcher.linux;

import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.engine.NanoClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turns a request into a running child, or into an exception and nothing else. Confined to the reactor's thread. */
final class Spawner {
    private static final int SHOWN = 200;

    private final LinuxReactor reactor;
    private final NanoClock clock;
    private final ChildEnvironment ourEnvironment = ChildEnvironment.ours();

    Spawner(LinuxReactor reactor, NanoClock clock) {
        this.reactor = reactor;
        this.clock = clock;
    }

    LinuxTransport spawn(ProcessProtocol protocol, SpawnRequest request) throws SpawnException {
        checkArguments(request);
        Path directory = request.workingDirectory().orElse(Path.of("")).toAbsolutePath();
        ChildEnvironment environment = environment(request);
        try (Plumbing plumbing = Plumbing.open(request, directory)) {
            ProgramSearch.Program program = ProgramSearch.find(program(request), environment, directory);
            PosixSpawn.Job job = new PosixSpawn.Job(
                    program.argument(),
                    request.command(),
                    environment,
                    plumbing.directoryFd(),
                    group(request),
                    FdPlan.of(plumbing.sources(), closing()));
            LinuxChild child = start(request, job, program, directory, plumbing);
            return new LinuxTransport(reactor, protocol, child, shown(request), plumbing.keepOurEnds());
        }
    }

    /** The null device on 0 to 2, and the plan's descriptors as they are. */
    LinuxChild spawnDrainer(Drainer.Plan plan) throws IOException {
        for (int fd : plan.toMakeBlocking()) {
            Descriptors.setNonBlocking(fd, false);
        }
        int nothing = Descriptors.open("/dev/null", Libc.O_RDWR, 0);
        try {
            SortedMap<Integer, FdPlan.Source> sources = new TreeMap<>();
            for (int fd = 0; fd <= 2; fd++) {
                sources.put(fd, new FdPlan.Ours(nothing));
            }
            plan.childFds().forEach((childFd, ours) -> sources.put(childFd, new FdPlan.Ours(ours)));
            long startedAt = clock.nanoTime();
            ProcessId id = identified(PosixSpawn.spawn(new PosixSpawn.Job(
                    plan.command().get(0),
                    plan.command(),
                    ourEnvironment,
                    OptionalInt.empty(),
                    ProcessGroup.NEW_SESSION,
                    FdPlan.of(sources, closing()))));
            return adopt(new LinuxChild.Facts(id, ProcessGroup.NEW_SESSION, Set.of(), false), startedAt);
        } finally {
            Descriptors.close(nothing);
        }
    }

    private LinuxChild start(
            SpawnRequest request, PosixSpawn.Job job, ProgramSearch.Program program, Path directory, Plumbing plumbing)
            throws SpawnException {
        Optional<TreeKeeper.Intent> intent = request.guarded() ? Optional.of(intend(job, plumbing)) : Optional.empty();
        long startedAt = clock.nanoTime();
        long pid;
        try {
            pid = PosixSpawn.spawn(job);
        } catch (SystemCallException e) {
            intent.ifPresent(TreeKeeper.Intent::failed);
            SpawnException failure = ExecFailure.of(program, directory, e.errno(), job.argumentBytes());
            failure.initCause(e);
            throw failure;
        }
        try {
            ProcessId id = identified(pid);
            LinuxChild.Facts facts = new LinuxChild.Facts(id, job.group(), terminalFds(request), request.guarded());
            LinuxChild child = adopt(facts, startedAt);
            intent.ifPresent(made -> made.started(id));
            return child;
        } catch (SystemCallException e) {
            PidFd.destroyChild(pid);
            intent.ifPresent(TreeKeeper.Intent::failed);
            String what = "the process was started, and killed at once: " + e.getMessage();
            throw new SpawnException(Step.DESCRIPTORS, program.argument(), e.errno(), what);
        }
    }

    /** The number means this child until it is reaped, and nobody but us can do that. */
    private LinuxChild adopt(LinuxChild.Facts facts, long startedAt) throws SystemCallException {
        PidFd pidFd = PidFd.open(facts.id().pid());
        try {
            UsageMeter meter = new UsageMeter(facts.id().pid(), reactor.loop(), clock, startedAt);
            return new LinuxChild(facts, pidFd, meter, reactor.epoll());
        } catch (IllegalStateException e) {
            pidFd.close();
            throw new SystemCallException("epoll_ctl for process " + facts.id().pid(), Errno.ENOMEM.number());
        }
    }

    private static ProcessId identified(long pid) {
        return new ProcessId(pid, ChildStat.read(pid).map(ChildStat::startTime).orElse(0L));
    }

    private TreeKeeper.Intent intend(PosixSpawn.Job job, Plumbing plumbing) throws SpawnException {
        List<String> links =
                plumbing.ourEnds().stream().map(Plumbing.OurEnd::link).toList();
        try {
            return reactor.keeper()
                    .intend(new TreeKeeper.Expected(
                            links, job.group() != ProcessGroup.INHERIT, job.program(), job.arguments()));
        } catch (IOException e) {
            SpawnException failure = new SpawnException(
                    Step.GUARD,
                    job.program(),
                    0,
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
            if (request.command().get(i).indexOf(0) >= 0) {
                throw unpassable(
                        request, "argument " + i + " has a NUL character, which cannot be passed to a program");
            }
        }
    }

    private static SpawnException unpassable(SpawnRequest request, String why) {
        String program = program(request).replace("\0", "\\0");
        return new SpawnException(Step.EXECUTE, program, Errno.EINVAL.number(), "cannot run " + program + ": " + why);
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
        return request.childFds().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof ChildFd.Pty)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static FdPlan.Closing closing() {
        return PosixSpawn.canCloseRange() ? new FdPlan.ByRange() : new FdPlan.OneByOne(openHere());
    }

    static Set<Integer> openHere() {
        try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
            return fds.map(fd -> Integer.valueOf(fd.getFileName().toString())).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new IllegalStateException("cannot list our own descriptors in /proc/self/fd: " + e.getMessage(), e);
        }
    }
}
