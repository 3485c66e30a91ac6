package dev.gantry.launcher.windows;

import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/** Windows 10 and later, 64 bits. Holds nothing; any thread. */
public final class WindowsBackend implements Backend {
    static final String NAME = "windows";

    private static final Set<Capability> CAPABILITIES = Set.of(
            Capability.ARGV0,
            Capability.PROCESS_TREE,
            Capability.GUARDIAN,
            Capability.EXACT_DESCRIPTORS,
            Capability.RESOURCE_USAGE);

    /** For {@link java.util.ServiceLoader}. Cheap: links nothing. */
    public WindowsBackend() {}

    static UnsupportedCapabilityException lacks(Capability capability, String what) {
        return new UnsupportedCapabilityException(NAME, capability, what);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unavailableBecause() {
        String os = System.getProperty("os.name", "");
        if (!os.startsWith("Windows")) {
            return Optional.of("this is " + os + ", not Windows");
        }
        String arch = System.getProperty("os.arch", "");
        if (!arch.equals("amd64") && !arch.equals("aarch64")) {
            return Optional.of("Java is for " + arch + "; install one for amd64 or aarch64");
        }
        try {
            Kernel32.GetCurrentProcess();
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of("JNA cannot be used (" + e.getMessage()
                    + "); Windows 10 or later is needed, and a directory for temporary files that may hold programs");
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Reactor open(ReactorOptions options) throws IOException {
        if (options.subreaper()) {
            throw lacks(Capability.SUBREAPER, "adopting orphans");
        }
        return WindowsReactor.open(options, CAPABILITIES);
    }

    /**
     * Standard output as it was; what else the program prints goes to standard error, as does what children inherit as descriptor 1.
     * What the JVM itself writes is kept away by its flags, as every entry of Gantry has them.
     */
    @Override
    public OutputStream isolateStandardOutput() {
        OutputStream output = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        StandardHandles.letOutputBeError();
        return output;
    }
}
