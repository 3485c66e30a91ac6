package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The target's environment: the adapter's, changed by env files, changed by {@code env}. Immutable.
 *
 * @param inherited the adapter's
 * @param changes a value sets, null removes
 * @param platform whose conventions hold for names
 */
record Environment(Map<String, String> inherited, Map<String, @Nullable String> changes, Platform platform) {
    /** An env file is read whole, on the way to the launch. */
    private static final long LARGEST_FILE = 1 << 20;

    /** What a name stands for outside an env file. A class and no lambda: the first lambda costs more than the whole parse. */
    private record Known(
            Map<String, String> earlierFiles, Map<String, @Nullable String> env, Map<String, String> inherited)
            implements EnvFile.Surroundings {
        @Override
        public @Nullable String valueOf(String name) {
            if (earlierFiles.containsKey(name)) {
                return earlierFiles.get(name);
            }
            return env.containsKey(name) ? env.get(name) : inherited.get(name);
        }
    }

    static Environment read(Arguments arguments, Host host, Path cwd) {
        Platform platform = host.platform();
        Map<String, String> inherited = platform.asLookedUp(host.environment());
        Map<String, @Nullable String> env = platform.variables();
        addOwnEnv(arguments, env);
        Map<String, String> fromFiles = platform.variables();
        List<String> files = arguments.texts("envFile");
        for (String file : files) {
            EnvFile.Surroundings surroundings = new Known(fromFiles, env, inherited);
            fromFiles.putAll(fromFile(arguments, file, cwd, surroundings));
        }
        Map<String, @Nullable String> changes = platform.variables();
        changes.putAll(host.restored());
        changes.putAll(fromFiles);
        changes.putAll(env);
        return new Environment(
                inherited, Collections.unmodifiableMap(platform.asInherited(changes, inherited)), platform);
    }

    /** What the target will see. */
    Optional<String> valueOf(String name) {
        return Optional.ofNullable(changes.containsKey(name) ? changes.get(name) : inherited.get(name));
    }

    /** Whether the target's variable of this name is somebody's wish: inherited, set, or removed. */
    boolean mentions(String name) {
        return changes.containsKey(name) || inherited.containsKey(name);
    }

    private static void addOwnEnv(Arguments arguments, Map<String, @Nullable String> env) {
        if (!(arguments.get("env") instanceof JsonObject object)) {
            return;
        }
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            String name = entry.getKey();
            JsonElement value = entry.getValue();
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
                arguments.fault(
                        "env",
                        "'env' has a variable named \"" + name + "\"; a name is not empty and has neither = nor NUL");
            } else if (value.isJsonNull()) {
                env.put(name, null);
            } else if (!value.isJsonPrimitive()) {
                arguments.wrong("env", "env." + name, value);
            } else if ((value.getAsString().indexOf('\0') < 0 || arguments.passable("env", "env." + name, value))) {
                env.put(name, value.getAsString());
            }
        }
    }

    private static Map<String, String> fromFile(
            Arguments arguments, String name, Path cwd, EnvFile.Surroundings surroundings) {
        if (name.isEmpty()) {
            arguments.warn("'envFile' is empty; the launch goes on without it");
            return Map.of();
        }
        Path file;
        try {
            file = cwd.resolve(name);
        } catch (InvalidPathException e) {
            arguments.warn("envFile '" + name + "' is no path: "
                    + (Platform.current() == Platform.WINDOWS ? Paths.whyNoPath(e) : e.getReason())
                    + "; the launch goes on without it");
            return Map.of();
        }
        Optional<String> unfit = whyUnfit(file);
        if (unfit.isPresent()) {
            arguments.warn("envFile " + file + " " + unfit.get() + "; the launch goes on without it"
                    + Paths.unresolvedHint(name));
            return Map.of();
        }
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            EnvFile.Read read = EnvFile.read(text, file.toString(), surroundings);
            for (String warning : read.warnings()) {
                arguments.warn(warning);
            }
            return read.variables();
        } catch (IOException e) {
            arguments.warn("envFile " + file + " cannot be read (" + FileFaults.reason(file, e)
                    + "); the launch goes on without it");
            return Map.of();
        }
    }

    private static Optional<String> whyUnfit(Path file) {
        if (!Files.exists(file)) {
            return Optional.of("does not exist");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("is not a regular file");
        }
        if (!Files.isReadable(file)) {
            return Optional.of("may not be read by this user");
        }
        return file.toFile().length() > LARGEST_FILE ? Optional.of("is larger than 1 MiB") : Optional.empty();
    }
}
