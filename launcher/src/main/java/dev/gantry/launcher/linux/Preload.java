package dev.gantry.launcher.linux;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Runs through what starts the first process, as far as no function of the system is called: a second thread can do so while the first one
 * links the C library. Pure, but for the script that is then known.
 */
final class Preload {
    /** Loaded, and not yet initialized: that may link the C library. */
    private static final List<Class<?>> LATER = List.of(
            LinuxReactor.class,
            Epoll.Watch.class,
            ProcTreeKeeper.class,
            OrphanReaper.class,
            TreeWatch.class,
            GuardianProcess.class,
            Spawner.class,
            Plumbing.class,
            ProgramSearch.class,
            PosixSpawn.class,
            LinuxChild.class,
            LinuxTransport.class,
            UsageMeter.class,
            OomWatch.class,
            ProcFs.class,
            ProcFile.class,
            ProcStat.class,
            Channel.class,
            Family.class);

    private Preload() {}

    /** Gives what it has made, which nobody needs. */
    static Object run() {
        ChildEnvironment environment =
                ChildEnvironment.ours().with(Guardian.request().environment());
        SortedMap<Integer, FdPlan.Source> wanted = new TreeMap<>();
        for (int fd = 0; fd < 3; fd++) {
            wanted.put(fd, new FdPlan.Ours(fd + 10));
        }
        return List.of(environment, FdPlan.of(wanted, new FdPlan.ByRange()), LATER);
    }
}
