package dev.gantry.launcher.portable;

import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.UnsupportedCapabilityException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.Set;

/** Runs wherever Java does. Stateless; any thread. */
public final class PortableBackend implements Backend {
    static final String NAME = "portable";

    /** Where there are POSIX signals and a /bin/sh. */
    static final boolean POSIX = File.separatorChar == '/';

    /** The JDK closes all descriptors above 2 in the child; on Windows, inheritable handles of others can pass. */
    private static final Set<Capability> CAPABILITIES = POSIX ? Set.of(Capability.EXACT_DESCRIPTORS) : Set.of();

    /** For {@link java.util.ServiceLoader}. */
    public PortableBackend() {}

    static UnsupportedCapabilityException lacks(Capability capability, String what) {
        return new UnsupportedCapabilityException(NAME, capability, what);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> unavailableBecause() {
        return Optional.empty();
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public Reactor open(ReactorOptions options) {
        if (options.subreaper()) {
            throw lacks(Capability.SUBREAPER, "adopting orphans");
        }
        return PortableReactor.start(options, CAPABILITIES);
    }

    /** Plain standard output; what the JVM itself writes to descriptor 1 still goes there. */
    @Override
    public OutputStream isolateStandardOutput() {
        OutputStream output = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        return output;
    }
}
