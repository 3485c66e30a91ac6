package dev.gantry.adapter.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What launch arguments are read against.
 *
 * @param environment what a target inherits
 * @param restored what a target's environment must change to be that: a value sets, null removes
 * @param workingDirectory the adapter's own, absolute
 * @param platform whose conventions hold
 */
public record Host(
        Map<String, String> environment,
        Map<String, @Nullable String> restored,
        Path workingDirectory,
        Platform platform) {
    /** The entry script sets this for the JVM, and says in a property what it was; empty if it was not set. */
    private static final String LOCALE = "LC_ALL";

    public Host {
        environment = Map.copyOf(environment);
        restored = Collections.unmodifiableMap(new LinkedHashMap<>(restored));
    }

    /** Where a target inherits the adapter's environment as it is. */
    public Host(Map<String, String> environment, Path workingDirectory) {
        this(environment, Map.of(), workingDirectory, Platform.current());
    }

    /** This process. */
    public static Host current() {
        return of(System.getenv(), System.getProperties(), Path.of("").toAbsolutePath());
    }

    static Host of(Map<String, String> own, Properties properties, Path workingDirectory) {
        Map<String, String> inherited = new HashMap<>(own);
        Map<String, @Nullable String> restored = new LinkedHashMap<>();
        String before = properties.getProperty("gantry.restore." + LOCALE);
        if (before != null && before.isEmpty()) {
            inherited.remove(LOCALE);
            restored.put(LOCALE, null);
        } else if (before != null) {
            inherited.put(LOCALE, before);
            restored.put(LOCALE, before);
        }
        return new Host(inherited, restored, workingDirectory, Platform.current());
    }
}
