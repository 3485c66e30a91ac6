package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code gantry.cmd} in a copy of the checkout whose jar is {@link Told}, and whose Maven is a script. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
class GantryCmdTest {
    @TempDir
    private Path directory;

    private Path home = Path.of("");
    private final Map<String, String> environment = new LinkedHashMap<>();

    /** What stands in for Gantry: tells its options and arguments, copies its input, and ends with a code. */
    static final class Told {
        private Told() {}

        public static void main(String[] arguments) throws IOException {
            OutputStream out = System.out;
            out.write(("options " + System.getProperty("file.encoding") + " "
                            + System.getProperty("jna.boot.library.path") + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write((String.join("|", arguments) + "\n").getBytes(StandardCharsets.UTF_8));
            System.in.transferTo(out);
            out.flush();
            System.exit(Integer.getInteger("told.exit", 0));
        }
    }

    /** What came of a start. */
    private record Result(int code, String out, String err) {}

    @BeforeEach
    void copyTheScript() throws IOException {
        Path root = Path.of(System.getProperty("gantry.root", "..")).toAbsolutePath();
        home = Files.createDirectories(directory.resolve("a (new) checkout & co!"));
        Files.createDirectories(home.resolve("adapter\\target"));
        Files.copy(root.resolve("gantry.cmd"), home.resolve("gantry.cmd"));
        pack(home.resolve("adapter\\target\\gantry.jar"));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("GANTRY_BUILD", "auto");
        environment.put("GANTRY_JAVA", "");
        environment.put("GANTRY_JAVA_OPTIONS", "-Dtold.exit=3");
        environment.put("PATH", "C:\\windows\\system32;" + directory.resolve("bin"));
    }

    private static void pack(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Told.class.getName());
        String name = Told.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream in = Told.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new ZipEntry(name));
            assertThat(in).isNotNull();
            in.transferTo(out);
        }
    }

    /** By the command interpreter, in the checkout: a name with an ampersand cannot be quoted for it by the JDK. */
    private Result start(byte[] input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("cmd", "/c", "gantry.cmd"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Path errors = directory.resolve("stderr");
        Process process = builder.redirectError(errors.toFile()).start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        } catch (IOException notRead) {
            // Who gives up at once reads nothing.
        }
        String out;
        try (InputStream from = process.getInputStream()) {
            out = new String(from.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, Files.readString(errors, StandardCharsets.ISO_8859_1));
    }

    private Result start(String... arguments) throws IOException, InterruptedException {
        return start(new byte[0], arguments);
    }

    @Test
    void argumentsInputOutputAndExitCodePassUnchanged() throws IOException, InterruptedException {
        Result result =
                start("in\r\nput\u001Aend".getBytes(StandardCharsets.UTF_8), "run", "a b", "--", "é", "(x)", "-c");
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(3);
        assertThat(result.out()).startsWith("options UTF-8 " + home + "\\adapter\\target\\native\\win32-x86-64;");
        assertThat(result.out()).endsWith("\nrun|a b|--|é|(x)|-c\nin\r\nput\u001Aend");
    }

    @Test
    void anExitCodeHas32Bits() throws IOException, InterruptedException {
        environment.put("GANTRY_JAVA_OPTIONS", "-Dtold.exit=-1073741819");
        assertThat(start().code()).isEqualTo(0xC0000005);
    }

    @Test
    void theJavaIsTheOneThatIsNamedOrThatOfJavaHomeOrThatOfThePath() throws IOException, InterruptedException {
        Path own = Path.of(System.getProperty("java.home"), "bin");
        environment.put("JAVA_HOME", directory.resolve("nowhere").toString());
        environment.put("GANTRY_JAVA", own.resolve("java").toString());
        assertThat(start().code()).isEqualTo(3);
        environment.put("GANTRY_JAVA", "");
        Result none = start();
        assertThat(none.code()).isEqualTo(1);
        assertThat(none.out()).isEmpty();
        assertThat(none.err())
                .contains("there is no Java here. Install Java 17 or later")
                .contains("JAVA_HOME");
        environment.put("PATH", "C:\\windows\\system32;" + own);
        assertThat(start().code()).isEqualTo(3);
        environment.put("GANTRY_JAVA", "no-such-java");
        assertThat(start().err()).contains("GANTRY_JAVA names no program");
    }

    @Test
    void anOlderJavaIsRefused() throws IOException, InterruptedException {
        Path old = directory.resolve("jdk (old)");
        Files.createDirectories(old.resolve("bin"));
        Files.createFile(old.resolve("bin\\java.exe"));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        environment.put("JAVA_HOME", old.toString());
        Result result = start();
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("Java 17 or later is needed")
                .contains(old.resolve("bin\\java.exe").toString());
    }

    @Test
    void whatIsNotBuiltIsBuiltByMavenWithoutAWordToTheClient() throws IOException, InterruptedException {
        Path jar = home.resolve("adapter\\target\\gantry.jar");
        Files.move(jar, directory.resolve("built.jar"));
        Result withoutSources = start();
        assertThat(withoutSources.code()).isEqualTo(1);
        assertThat(withoutSources.err()).contains("there is no \"" + jar + "\"");

        Files.createFile(home.resolve("pom.xml"));
        Result withoutMaven = start();
        assertThat(withoutMaven.code()).isEqualTo(1);
        assertThat(withoutMaven.out()).isEmpty();
        assertThat(withoutMaven.err()).contains("Maven is not in PATH").contains("Install Maven");

        Files.createDirectories(directory.resolve("bin"));
        Files.writeString(
                directory.resolve("bin\\mvn.cmd"),
                "@echo off\r\necho noise %*\r\nif exist \"%~dp0..\\built.jar\" copy \"%~dp0..\\built.jar\" \"" + jar
                        + "\"\r\nif not exist \"" + jar + "\" exit /b 1\r\n");
        Result built = start("for the adapter".getBytes(StandardCharsets.UTF_8), "dap");
        assertThat(built.err()).contains("building").contains("noise").contains("-Pfast");
        assertThat(built.out()).startsWith("options ").endsWith("\ndap\nfor the adapter");
        assertThat(built.code()).isEqualTo(3);

        Files.delete(directory.resolve("built.jar"));
        Files.delete(jar);
        Result failed = start();
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("the build failed");
    }
}
