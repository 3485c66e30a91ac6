package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command line on Windows, as a process: {@code gantry run} with a Python for Windows from PATH, and {@code doctor}. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
class RunOnWindowsTest {
    @TempDir
    private Path directory;

    private Process start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    private Process start(Map<String, String> variables, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath(),
                "dev.gantry.adapter.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(variables);
        return builder.directory(directory.toFile())
                .redirectError(directory.resolve("stderr").toFile())
                .start();
    }

    /** With its drives: what is started here runs on another. */
    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private String errors() throws IOException {
        return Files.readString(directory.resolve("stderr"));
    }

    private static byte[] output(Process process, byte[] input) throws IOException, InterruptedException {
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        }
        try (InputStream out = process.getInputStream()) {
            byte[] bytes = out.readAllBytes();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return bytes;
        }
    }

    /** Java itself would put a question mark for the second letter, and the names of files for the wildcard. */
    @Test
    void argumentsArriveAsTheyAreAndTheExitCodeIsOurs() throws IOException, InterruptedException {
        Files.createFile(directory.resolve("a.txt"));
        Process process =
                start("run", "-c", "import sys; print(ascii(sys.argv[1:])); sys.exit(-5)", "ž漢", "*.txt", "a b", "");
        assertThat(new String(output(process, new byte[0]), StandardCharsets.UTF_8))
                .isEqualTo("['\\u017e\\u6f22', '*.txt', 'a b', '']\r\n");
        assertThat(process.exitValue()).isEqualTo(-5);
        assertThat(errors()).contains("gantry: exit code -5").contains("ž漢");
    }

    @Test
    void everyByteOfTheInputBecomesOutput() throws IOException, InterruptedException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (int i = 0; i < 256 * 1024; i++) {
            sent.write(i);
        }
        Process process =
                start("run", "-q", "-c", "import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)");
        assertThat(output(process, sent.toByteArray())).isEqualTo(sent.toByteArray());
        assertThat(process.exitValue()).isZero();
        assertThat(errors()).isEmpty();
    }

    @Test
    void aBreakpointStopsShowsAndLetsGo() throws IOException, InterruptedException {
        Files.writeString(directory.resolve("words.py"), """
                import sys
                def count(text):
                    total = len(text)
                    return total
                print(count("four"), sys.argv[1:])
                sys.exit(5)
                """);
        Process process = start("run", "-q", "--break", "words.py:4", "words.py", "ž b");
        assertThat(new String(output(process, new byte[0]), StandardCharsets.UTF_8))
                .isEqualTo("4 ['ž b']\r\n");
        assertThat(process.exitValue()).isEqualTo(5);
        assertThat(errors())
                .contains("gantry: stop 1: breakpoint")
                .containsPattern("words\\.py:4 in count +return total")
                .containsPattern("words\\.py:5 in <module>")
                .containsPattern("total += 4");
    }

    /** Nothing is read to its end here, so that Wine's console hosts, which inherit the file of errors, may have yet to end. */
    @Test
    void whoseOutputNobodyReadsEndsAsOthersDo() throws IOException, InterruptedException {
        Process process = start("run", "-q", "-n", "-c", "while True: print('x' * 1000)");
        try (InputStream out = process.getInputStream()) {
            assertThat(out.readNBytes(3)).containsExactly('x', 'x', 'x');
        }
        process.getOutputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 13);
        assertThat(errors()).isEmpty();
        await("everyone who holds the file of errors has ended")
                .ignoreException(FileSystemException.class)
                .until(() -> Files.deleteIfExists(directory.resolve("stderr")));
    }

    @Test
    void aProgramThatIsNotThereIsSaidToBe() throws IOException, InterruptedException {
        Process process = start("run", "no-such-program");
        output(process, new byte[0]);
        assertThat(process.exitValue()).isEqualTo(127);
        assertThat(errors()).contains("is neither on the target's PATH nor in the working directory");
    }

    @Test
    void doctorFindsTheBackendAndThePythonAndAsksForNothingOfPosix() throws IOException, InterruptedException {
        Process process = start("doctor");
        String text = new String(output(process, new byte[0]), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).isZero();
        assertThat(text)
                .contains("Windows")
                .containsPattern("windows +used")
                .containsPattern("python\\.exe +3\\.")
                .doesNotContain("~ linux", "~ pty")
                .doesNotContain("/bin/sh")
                .doesNotContain("LC_ALL");
        assertThat(text.replace("\r\n", "")).doesNotContain("\n");
    }

    @Test
    void theHelpIsThatOfThisSystemAndPlainWhateverTermSays() throws IOException, InterruptedException {
        Process process = start(Map.of("TERM", "xterm-256color"), "run", "--help");
        String text = new String(output(process, new byte[0]), StandardCharsets.UTF_8);
        assertThat(process.exitValue()).isZero();
        assertThat(text)
                .contains("Usage: gantry run", "Refused on Windows")
                .doesNotContain("SIGHUP", "Ctrl+Z", "ours are one terminal", "\u001b");
        assertThat(text.replace("\r\n", "")).doesNotContain("\n");
    }
}
