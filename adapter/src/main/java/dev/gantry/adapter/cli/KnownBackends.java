package dev.gantry.adapter.cli;

import dev.gantry.launcher.Backend;
import dev.gantry.launcher.linux.LinuxBackend;
import dev.gantry.launcher.portable.PortableBackend;
import dev.gantry.launcher.windows.WindowsBackend;
import java.io.File;
import java.util.List;

/**
 * The process backends, by name: a search for services costs milliseconds, and finds nothing in a jar whose path has "!/" in it.
 * Stateless; any thread.
 */
public final class KnownBackends {
    private KnownBackends() {}

    /** All, best first, also those that this machine cannot run. */
    static List<Backend> all() {
        return List.of(new LinuxBackend(), new WindowsBackend(), new PortableBackend());
    }

    /** See {@link Backend#preload}; of the backend that most likely is the best. Where it is not, nothing is lost. */
    public static void preload() {
        if (File.separatorChar == '/') {
            try {
                new LinuxBackend().preload();
            } catch (RuntimeException | LinkageError notThisPlatform) {
                // Whoever looks for the best backend finds the same, and another one.
                return;
            }
        }
    }

    /** The best that runs here; the others are not loaded. */
    public static Backend best() {
        Backend linux = new LinuxBackend();
        if (linux.unavailableBecause().isEmpty()) {
            return linux;
        }
        Backend windows = new WindowsBackend();
        return windows.unavailableBecause().isEmpty() ? windows : new PortableBackend();
    }
}
