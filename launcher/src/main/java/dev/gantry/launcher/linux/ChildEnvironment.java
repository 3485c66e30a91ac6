package dev.gantry.launcher.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An environment as bytes, so that what is not UTF-8 passes through unchanged. Immutable.
 *
 * @param entries each "name=value" without a 0 at the end
 */
record ChildEnvironment(List<byte[]> entries) {
    static ChildEnvironment empty() {
        return new ChildEnvironment(List.of());
    }

    /** That of this process, as it was started. */
    static ChildEnvironment ours() {
        try {
            return parse(Files.readAllBytes(Path.of("/proc/self/environ")));
        } catch (IOException e) {
            // No /proc: what the JVM could decode is better than nothing.
            List<byte[]> entries = new ArrayList<>();
            System.getenv().forEach((name, value) -> entries.add(entry(name, value)));
            return new ChildEnvironment(entries);
        }
    }

    /** From a block of entries, each ended by a 0. */
    static ChildEnvironment parse(byte[] block) {
        List<byte[]> entries = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= block.length; i++) {
            if (i == block.length || block[i] == 0) {
                if (i > start) {
                    entries.add(java.util.Arrays.copyOfRange(block, start, i));
                }
                start = i + 1;
            }
        }
        return new ChildEnvironment(List.copyOf(entries));
    }

    /**
     * With these variables set, or removed where the value is null.
     *
     * @throws IllegalArgumentException if a name is empty or has a '=', or a name or value has a {@link CStrings#flaw}
     */
    ChildEnvironment with(Map<String, @Nullable String> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        changes.forEach(ChildEnvironment::check);
        Map<String, @Nullable String> left = new LinkedHashMap<>(changes);
        List<byte[]> changed = new ArrayList<>();
        for (byte[] entry : entries) {
            String name = nameOf(entry);
            if (!changes.containsKey(name)) {
                changed.add(entry);
            } else {
                String value = left.remove(name);
                if (value != null) {
                    changed.add(entry(name, value));
                }
            }
        }
        left.forEach((name, value) -> {
            if (value != null) {
                changed.add(entry(name, value));
            }
        });
        return new ChildEnvironment(List.copyOf(changed));
    }

    Optional<String> get(String name) {
        byte[] prefix = (name + "=").getBytes(StandardCharsets.UTF_8);
        for (byte[] entry : entries) {
            if (java.util.Arrays.mismatch(prefix, entry) == prefix.length) {
                return Optional.of(
                        new String(entry, prefix.length, entry.length - prefix.length, StandardCharsets.UTF_8));
            }
        }
        return entries.stream().anyMatch(entry -> java.util.Arrays.equals(entry, prefix))
                ? Optional.of("")
                : Optional.empty();
    }

    private static void check(String name, @Nullable String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("'" + name + "' cannot be the name of an environment variable");
        }
        CStrings.flaw(name).ifPresent(flaw -> {
            throw new IllegalArgumentException(
                    "the name of environment variable '" + name.replace("\0", "\\0") + "' " + flaw);
        });
        if (value != null) {
            CStrings.flaw(value).ifPresent(flaw -> {
                throw new IllegalArgumentException("the value of environment variable " + name + " " + flaw);
            });
        }
    }

    private static String nameOf(byte[] entry) {
        int equals = 0;
        // An entry may begin with '=': from the second character on.
        for (equals = 1; equals < entry.length && entry[equals] != '='; equals++) {}
        return new String(entry, 0, Math.min(equals, entry.length), StandardCharsets.UTF_8);
    }

    private static byte[] entry(String name, String value) {
        return (name + "=" + value).getBytes(StandardCharsets.UTF_8);
    }
}
