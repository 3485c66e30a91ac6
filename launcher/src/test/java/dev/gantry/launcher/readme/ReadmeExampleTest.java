package dev.gantry.launcher.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.Backends;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example in launcher/README.md compiles, runs, and is as short as it is said to be. */
@Timeout(60)
class ReadmeExampleTest {
    @TempDir
    private Path directory;

    private String example() throws IOException {
        String readme = Files.readString(Path.of(System.getProperty("gantry.root"), "launcher", "README.md"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(readme);
        assertThat(block.find()).as("a java block in the README").isTrue();
        return block.group(1);
    }

    private void compile(String source) throws IOException {
        Path file = Files.writeString(directory.resolve("Example.java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int status = compiler.run(
                null,
                null,
                null,
                "--release",
                "17",
                "-Xlint:all",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                file.toString());
        assertThat(status).as("javac's status").isZero();
    }

    @Test
    void itCompiles() throws Exception {
        compile(example());
        assertThat(directory.resolve("Example.class")).exists();
    }

    @Test
    void itPrintsWhatTheChildWroteAndHowItEnded() throws Exception {
        assertThat(Backends.all()).as("backends on the class path").isNotEmpty();
        compile(example());
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        directory + ":" + System.getProperty("java.class.path"),
                        "Example"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(Files.readString(output, StandardCharsets.UTF_8)).startsWith("hello\nended: ProcessDone[");
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void itsBodyIsTwentyLinesOrSo() throws Exception {
        assertThat(example().lines().filter(line -> !line.startsWith("import") && !line.isBlank()))
                .hasSizeLessThanOrEqualTo(23);
    }
}
