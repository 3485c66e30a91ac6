package dev.gantry.launcher;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** The backends that are on the class path. */
public final class Backends {
    private Backends() {}

    /** All backends, best first, also those that this machine cannot run. */
    public static List<Backend> all() {
        return load().toList();
    }

    /** Each made when it is asked for. */
    private static Stream<Backend> load() {
        return ServiceLoader.load(Backend.class, Backends.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get);
    }

    /**
     * The best backend that runs here.
     *
     * @throws IllegalStateException if none does
     */
    public static Backend best() {
        return load().filter(backend -> backend.unavailableBecause().isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no process backend runs on this machine"));
    }
}
