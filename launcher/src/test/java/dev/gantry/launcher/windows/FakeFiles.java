package dev.gantry.launcher.windows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Files of a Windows machine that is not there; names without case. */
final class FakeFiles implements FileView {
    private final Map<String, byte[]> files = new HashMap<>();
    private final Set<String> directories = new HashSet<>();
    private final List<String> lookedFor = new ArrayList<>();

    FakeFiles file(String path, String content) {
        files.put(key(path), content.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Programs. */
    FakeFiles programs(String... paths) {
        for (String path : paths) {
            file(path, "MZ...");
        }
        return this;
    }

    FakeFiles directory(String path) {
        directories.add(key(path));
        return this;
    }

    /** What {@link #isFile} was asked for, in order. */
    List<String> lookedFor() {
        return lookedFor;
    }

    @Override
    public boolean isFile(String path) {
        lookedFor.add(path);
        return files.containsKey(key(path));
    }

    @Override
    public boolean isDirectory(String path) {
        return directories.contains(key(path));
    }

    @Override
    public byte[] beginning(String path, int bytes) throws IOException {
        byte[] all = files.get(key(path));
        if (all == null) {
            throw new IOException("no " + path);
        }
        return Arrays.copyOf(all, Math.min(bytes, all.length));
    }

    private static String key(String path) {
        return path.toLowerCase(Locale.ROOT);
    }
}
