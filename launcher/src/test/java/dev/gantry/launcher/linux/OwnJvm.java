package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that runs a main class of the tests: for what concerns a whole process (its descriptors, its death, who its children
 * are). It talks by lines on standard output. Closing kills it, and whom it named.
 */
final class OwnJvm implements AutoCloseable {
    private static final ProcFs PROC = ProcFs.system();

    private final Process process;
    private final BufferedReader lines;
    private final List<ProcessId> named = new ArrayList<>();
    /** Lines that nobody has asked for. */
    private final List<String> heard = new ArrayList<>();

    private OwnJvm(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static OwnJvm start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:-MaxFDLimit",
                "-XX:+IgnoreUnrecognizedVMOptions",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new OwnJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The rest of the first line that begins with this word and was not asked for yet: lines of different origin come in any order. */
    String next(String word) throws IOException {
        for (String line : List.copyOf(heard)) {
            if (line.startsWith(word + " ")) {
                heard.remove(line);
                return line.substring(word.length() + 1);
            }
        }
        String line = lines.readLine();
        while (line != null && !line.startsWith(word + " ")) {
            heard.add(line);
            line = lines.readLine();
        }
        if (line == null) {
            throw new IOException(
                    "the JVM ended without saying '" + word + "'; else it said:\n  " + String.join("\n  ", heard));
        }
        return line.substring(word.length() + 1);
    }

    /** The process whose pid is the rest of the next line that begins with this word; it must live. */
    ProcessId nextProcess(String word) throws IOException {
        ProcessId id = PROC.identity(Long.parseLong(next(word).strip())).orElseThrow();
        named.add(id);
        return id;
    }

    /** The next line, whatever it is; empty at the end. */
    Optional<String> line() throws IOException {
        return Optional.ofNullable(lines.readLine());
    }

    long pid() {
        return process.pid();
    }

    /** Lets it go on. */
    void go() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    void awaitEnd() {
        assertThat(process.onExit()).succeedsWithin(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        kill();
        named.forEach(TestChild::kill);
        process.getOutputStream().close();
        lines.close();
    }
}
