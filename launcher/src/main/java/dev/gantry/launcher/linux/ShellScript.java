package dev.gantry.launcher.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Shell scripts that lie beside this class. Any thread. */
final class ShellScript {
    /** Read once: a guardian is also started again when no descriptor is left to read with. */
    private static final Map<String, String> READ = new ConcurrentHashMap<>();

    private ShellScript() {}

    /**
     * The named scripts, one after the other, without comment lines.
     *
     * @throws IllegalStateException if one is not on the class path: a broken build
     */
    static String load(String... names) {
        StringBuilder script = new StringBuilder();
        for (String name : names) {
            script.append(READ.computeIfAbsent(name, ShellScript::read)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                    .collect(Collectors.joining("\n", "", "\n")));
        }
        return script.toString();
    }

    private static String read(String name) {
        try (InputStream in = ShellScript.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no script " + name + " on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalStateException("script " + name + " cannot be read", unreadable);
        }
    }
}
