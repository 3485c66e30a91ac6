package dev.gantry.launcher.linux;

import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The scripts with which a terminal starts a program for us, in a directory that only we can enter. Pure, but {@link #write}.
 *
 * <p>What a shell between the terminal and the program changes: variables of the terminal's environment whose names no shell
 * can hold are lost, PWD and OLDPWD are set, and an executable text without an interpreter line is run by sh; of a binary, {@link ProgramFormat} keeps it. Changes to the
 * environment are made by env(1) and may have any name.
 */
final class TerminalScript {
    /** The file that the terminal runs. */
    static final String RUN = "run";

    /** The FIFO that {@link ShimChannel} reads. */
    static final String REPORT = "report";

    /** The FIFO whose end means that the program must end. */
    static final String LEASH = "leash";

    /** What must lie in the leash before the terminal runs the script. */
    static final String GO = "go\n";

    /** What is put into the leash when the program may run on without us. */
    static final String RELEASE = "release\n";

    /** The script that becomes the program. */
    static final String TARGET = "target";

    /** Where that script writes its process id and start time, before it looks for the leash a last time. */
    static final String PID = "pid";

    /** What the first shell makes that runs the script: another one starts nothing. */
    static final String BEGUN = "begun";

    /** What the shell's watcher makes when the leash has ended: while the tree is being ended, the shell waits for that. */
    static final String ENDING = "ending";

    private static final String DEFAULT_PATH = "/bin:/usr/bin";

    private TerminalScript() {}

    /** What the terminal has to run: two words without blanks or quotes, if the directory's name has none. */
    static List<String> command(Path directory) {
        return List.of("/bin/sh", directory.resolve(RUN).toString());
    }

    /**
     * Writes the scripts; the FIFOs are the caller's.
     *
     * @throws IllegalArgumentException if a shell cannot start what is requested
     */
    static void write(Path directory, SpawnRequest request) throws IOException {
        String target = target(request);
        create(directory.resolve(TARGET), target);
        create(directory.resolve(RUN), ShellScript.load("tree.sh", "folder.sh", "shim.sh"));
    }

    /** The script that becomes the program. */
    static String target(SpawnRequest request) {
        check(request);
        String program = request.executable()
                .map(Path::toString)
                .orElse(request.command().get(0));
        List<String> words = new ArrayList<>(List.of(program));
        words.addAll(environmentCommand(request));
        words.add(program);
        words.addAll(request.command().subList(1, request.command().size()));
        String directory = request.workingDirectory()
                .map(path -> path.toAbsolutePath().toString())
                .orElse("");
        return "directory=" + quoted(directory) + "\n"
                + "path=" + lookupPath(request) + "\n"
                + "set -- " + words.stream().map(TerminalScript::quoted).collect(Collectors.joining(" ")) + "\n"
                + ShellScript.load("target.sh");
    }

    /** One word of a POSIX shell that means exactly this text. */
    static String quoted(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character cannot be passed to a program: " + text);
        }
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private static void check(SpawnRequest request) {
        if (!request.childFds().isEmpty()) {
            throw new IllegalArgumentException("descriptors of a program in a terminal are the terminal's");
        }
        String name = request.command().get(0);
        if (request.executable().isPresent()
                && !request.executable().get().toString().equals(name)) {
            throw new IllegalArgumentException(
                    "a shell cannot run " + request.executable().get() + " under the name " + name);
        }
        if (changesEnvironment(request) && name.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "a program with '=' in its name cannot be started with a changed environment in a terminal: "
                            + name);
        }
    }

    private static boolean changesEnvironment(SpawnRequest request) {
        return request.clearEnvironment() || !request.environment().isEmpty();
    }

    private static List<String> environmentCommand(SpawnRequest request) {
        List<String> words = new ArrayList<>();
        if (changesEnvironment(request)) {
            words.add("/usr/bin/env");
            if (request.clearEnvironment()) {
                words.add("-i");
            } else {
                request.environment().forEach((name, value) -> {
                    if (value == null) {
                        words.add("-u");
                        words.add(name);
                    }
                });
            }
            words.add("--");
            request.environment().forEach((name, value) -> {
                if (value != null) {
                    words.add(name + "=" + value);
                }
            });
        }
        return words;
    }

    /** Where the program's name is looked up, as a word: the terminal's PATH unless it is changed. */
    private static String lookupPath(SpawnRequest request) {
        Map<String, @Nullable String> changes = request.environment();
        String changed = changes.get("PATH");
        if (changed != null) {
            return quoted(changed);
        }
        return request.clearEnvironment() || changes.containsKey("PATH") ? quoted(DEFAULT_PATH) : "$PATH";
    }

    private static void create(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    }
}
