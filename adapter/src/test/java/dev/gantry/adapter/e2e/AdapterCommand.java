package dev.gantry.adapter.e2e;

import dev.gantry.fixtures.Os;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line that the entry script makes, with this test's classes, packed, in the place of the jar. Immutable.
 *
 * @param java the java to run
 * @param classPath where its classes are
 * @param jvmOptions besides those of the entry script
 * @param arguments the adapter's own
 */
public record AdapterCommand(Path java, String classPath, List<String> jvmOptions, List<String> arguments) {
    /** Where surefire is told that the repository is. */
    private static final Path ROOT =
            Path.of(System.getProperty("gantry.root", "..")).toAbsolutePath();

    public static AdapterCommand dap() {
        return of(PackedAdapter.classPath(), PackedAdapter.options());
    }

    public static AdapterCommand of(String classPath, List<String> jvmOptions) {
        return new AdapterCommand(
                Path.of(System.getProperty("java.home"), "bin", "java"), classPath, jvmOptions, List.of());
    }

    AdapterCommand withJava(Path other) {
        return new AdapterCommand(other, classPath, jvmOptions, arguments);
    }

    AdapterCommand withJvmOptions(String... options) {
        return new AdapterCommand(java, classPath, List.of(options), arguments);
    }

    AdapterCommand withArguments(String... others) {
        return new AdapterCommand(java, classPath, jvmOptions, List.of(others));
    }

    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(java.toString());
        words.addAll(scriptOptions());
        // The jar's manifest says this.
        words.add("--enable-native-access=ALL-UNNAMED");
        words.addAll(jvmOptions);
        words.addAll(List.of("-cp", classPath, "dev.gantry.adapter.Main"));
        words.addAll(arguments);
        return words;
    }

    /** The options behind the java in the entry script, so that these tests cannot differ from it. */
    private static List<String> scriptOptions() {
        boolean windows = Os.isWindows();
        String script;
        try {
            script = Files.readString(ROOT.resolve(windows ? "gantry.cmd" : "gantry"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String exec = script.substring(script.indexOf(windows ? "\"%java%\" ^" : "exec \"$java\""));
        // Those that give way to the user's.
        exec = exec.replaceAll("\\$\\{own_\\w+:\\+([^}]*)}", "$1");
        List<String> options = new ArrayList<>();
        String end = windows ? "-jar" : "$GANTRY_JAVA_OPTIONS";
        Path parts = ROOT.resolve("adapter").resolve("target");
        for (String word : exec.substring(0, exec.indexOf(end)).split("\\s+", -1)) {
            String plain =
                    word.replace("\"", "").replace("$lib", parts.toString()).replace("%parts%", parts.toString());
            if (plain.startsWith("-") && !plain.contains(windows ? "%" : "$")) {
                options.add(plain);
            }
        }
        if (!options.containsAll(List.of("-Xlog:disable", "-Xmx512m"))) {
            throw new IllegalStateException("the entry script's options were not found: " + options);
        }
        return options;
    }
}
