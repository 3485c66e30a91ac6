package dev.gantry.launcher.linux;

import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Linux 5.4 and later with glibc 2.29 and later, on x86-64 and aarch64. Before glibc 2.34 a child's descriptors are not exact to the last:
 * see {@link PosixSpawn#oneByOne}. Holds nothing; any thread.
 */
public final class LinuxBackend implements Backend {
    static final String NAME = "linux";

    private static final Set<Capability> OWN = EnumSet.of(
            Capability.ANY_CHILD_FDS,
            Capability.PTY,
            Capability.PROCESS_GROUP,
            Capability.ALL_SIGNALS,
            Capability.SIGNAL_DEFAULTS,
            Capability.EXACT_EXIT_REASON,
            Capability.RESOURCE_USAGE,
            Capability.SUBREAPER,
            Capability.ARGV0);

    private final TreeKeeper.Factory keepers;

    /** Cheap: links nothing. */
    public LinuxBackend() {
        this(ProcTreeKeeper.FACTORY);
    }

    LinuxBackend(TreeKeeper.Factory keepers) {
        this.keepers = keepers;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unavailableBecause() {
        String os = System.getProperty("os.name", "");
        if (!os.equals("Linux")) {
            return Optional.of("this is " + os + ", not Linux");
        }
        String arch = System.getProperty("os.arch", "");
        if (!arch.equals("amd64") && !arch.equals("aarch64")) {
            return Optional.of("the machine is " + arch + "; supported are amd64 and aarch64");
        }
        return probe();
    }

    /** Asks the kernel itself: a sandbox may forbid what its version has. */
    private static Optional<String> probe() {
        try {
            if (Libc.optional("gnu_get_libc_version").isEmpty()) {
                return Optional.of("the C library is not glibc; install a Java runtime made for glibc 2.29 or later");
            }
            int errno;
            try (PidFd ourselves = PidFd.open(Libc.getpid())) {
                errno = ourselves.errnoOfWaiting();
            }
            // Nobody is a child of his own; a kernel that does not know the question says EINVAL.
            return Errno.ECHILD.is(errno)
                    ? Optional.empty()
                    : Optional.of(noHandles("waitid(P_PIDFD): " + Errno.describe(errno)));
        } catch (SystemCallException e) {
            return Optional.of(noHandles(e.getMessage()));
        } catch (LinkageError e) {
            return Optional.of("the C library or JNA cannot be used (" + e.getMessage()
                    + "); glibc 2.29 or later is needed, and a directory for temporary files that may hold programs");
        }
    }

    private static String noHandles(@Nullable String why) {
        return "handles to processes do not work (" + why
                + "); they need Linux 5.4, and a sandbox that forbids neither pidfd_open nor waitid";
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.copyOf(OWN);
        all.addAll(keepers.capabilities());
        if (isExact()) {
            all.add(Capability.EXACT_DESCRIPTORS);
        }
        return all;
    }

    private static boolean isExact() {
        try {
            return PosixSpawn.canCloseRange();
        } catch (LinkageError notThisPlatform) {
            return false;
        }
    }

    @Override
    public void preload() {
        Object unused = Preload.run();
    }

    @Override
    public Reactor open(ReactorOptions options) throws IOException {
        return LinuxReactor.open(options, capabilities(), keepers);
    }

    @Override
    public OutputStream isolateStandardOutput() throws IOException {
        return PrivateOutput.takeStandardOutput();
    }
}
