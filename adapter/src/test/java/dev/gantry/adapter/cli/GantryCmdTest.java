package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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

    /** What stands in for Gantry: tells its options, what it inherited of the script's names, and its arguments, copies its input, and ends with a code. */
    static final class Told {
        private Told() {}

        public static void main(String[] arguments) throws IOException {
            OutputStream out = System.out;
            out.write(("options " + System.getProperty("file.encoding") + " "
                            + System.getProperty("jna.boot.library.path") + "\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(("inherited " + System.getenv("home") + " " + System.getenv("jar") + " " + System.getenv("java")
                            + " " + System.getenv("GANTRY_BUILD") + "\n")
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
        return runs(command, input);
    }

    private Result runs(List<String> command, byte[] input) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
        environment.forEach((name, value) -> {
            // Windows has Path, and takes two that differ in case for one.
            builder.environment().keySet().removeIf(name::equalsIgnoreCase);
            if (!value.isEmpty()) {
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

    /** Gave up, and told the client that waits for the answer to its first request; the length is that of the body. */
    private static void assertTold(Result result, String reason) {
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains(reason);
        String[] parts = result.out().split("\r\n\r\n", -1);
        assertThat(parts).hasSize(2);
        assertThat(parts[0]).isEqualTo("Content-Length: " + parts[1].length());
        JsonObject response = JsonParser.parseString(parts[1]).getAsJsonObject();
        assertThat(response.get("type").getAsString()).isEqualTo("response");
        assertThat(response.get("request_seq").getAsInt()).isEqualTo(1);
        assertThat(response.get("command").getAsString()).isEqualTo("initialize");
        assertThat(response.get("success").getAsBoolean()).isFalse();
        assertThat(response.get("message").getAsString())
                .startsWith("Gantry cannot start: ")
                .contains(reason);
        JsonObject error = response.getAsJsonObject("body").getAsJsonObject("error");
        assertThat(error.get("format").getAsString())
                .isEqualTo(response.get("message").getAsString());
        assertThat(error.get("showUser").getAsBoolean()).isTrue();
    }

    @Test
    void itIsFoundByAFullPathWithBlanksAndParentheses() throws IOException, InterruptedException {
        Path place = Files.createDirectories(directory.resolve("sp ace (x)"));
        Files.createDirectories(place.resolve("adapter\\target"));
        Path script = Files.copy(home.resolve("gantry.cmd"), place.resolve("gantry.cmd"));
        Files.copy(home.resolve("adapter\\target\\gantry.jar"), place.resolve("adapter\\target\\gantry.jar"));
        List<String> words = List.of(script.toString(), "dap", "--log", "a log.txt");
        List<String> byInterpreter = new ArrayList<>(List.of("cmd.exe", "/d", "/c", "call"));
        byInterpreter.addAll(words);
        // Without it, as by Eclipse, which leaves that to the JDK.
        for (List<String> command : List.of(byInterpreter, words)) {
            Result result = runs(command, "in\r\nput".getBytes(StandardCharsets.UTF_8));
            assertThat(result.err()).isEmpty();
            assertThat(result.out()).startsWith("options UTF-8 " + place).endsWith("\ndap|--log|a log.txt\nin\r\nput");
            // Wine's cmd says 1 for every failure of what is called.
            assertThat(result.code()).isIn(1, 3);
        }
    }

    @Test
    void inAPackageItLiesInBinAndTheJarInLib() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(directory.resolve("pack age\\bin"));
        Path script = Files.copy(home.resolve("gantry.cmd"), bin.resolve("gantry.cmd"));
        Path jar = Files.createDirectories(directory.resolve("pack age\\lib")).resolve("gantry.jar");
        Files.copy(home.resolve("adapter\\target\\gantry.jar"), jar);
        Result result = runs(List.of("cmd.exe", "/d", "/c", "call", script.toString(), "dap"), new byte[0]);
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("options UTF-8 " + bin + "\\..\\lib\\native\\win32-x86-64;")
                .endsWith("\ndap\n");
    }

    @Test
    void theVariablesOfTheScriptAreNotTheTargets() throws IOException, InterruptedException {
        environment.put("HOME", "C:\\Users\\me");
        environment.put("GANTRY_BUILD", "");
        assertThat(start().out()).contains("\ninherited C:\\Users\\me null null null\n");
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
        environment.put("JAVA_HOME", "");
        environment.put("GANTRY_JAVA", own.resolve("java").toString());
        assertThat(start().code()).isEqualTo(3);
        environment.put("GANTRY_JAVA", "");
        Result none = start();
        assertTold(none, "there is no Java here. Install Java 17 or later");
        assertThat(none.err()).contains("JAVA_HOME");
        Path nowhere = directory.resolve("no where (x)");
        for (String named : List.of(nowhere.toString(), "\"" + nowhere + "\"")) {
            environment.put("JAVA_HOME", named);
            Result elsewhere = start();
            assertTold(elsewhere, "JAVA_HOME names no Java");
            assertThat(elsewhere.err()).contains("there is no \"" + nowhere + "\\bin\\java.exe\"");
        }
        environment.put("PATH", "C:\\windows\\system32;" + own);
        assertThat(start().code()).isEqualTo(3);
        environment.put("GANTRY_JAVA", "no-such-java");
        assertTold(start(), "GANTRY_JAVA names no program");
    }

    @Test
    void anOlderJavaIsRefused() throws IOException, InterruptedException {
        Path old = directory.resolve("jdk (old)");
        Files.createDirectories(old.resolve("bin"));
        Files.createFile(old.resolve("bin\\java.exe"));
        Files.writeString(old.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
        for (String named : List.of(old.toString(), "\"" + old + "\"")) {
            environment.put("JAVA_HOME", named);
            Result result = start();
            assertTold(result, "Java 17 or later is needed");
            assertThat(result.err()).contains("\"" + old.resolve("bin\\java.exe") + "\"");
        }
    }

    @Test
    void onlyAClientIsToldOnStandardOutput() throws IOException, InterruptedException {
        environment.put("GANTRY_JAVA", "no-such-java");
        assertTold(start("dap", "--log", "x"), "GANTRY_JAVA");
        Result command = start("doctor");
        assertThat(command.code()).isEqualTo(1);
        assertThat(command.out()).isEmpty();
        assertThat(command.err()).contains("GANTRY_JAVA");
    }

    @Test
    void anUnknownWayToBuildIsRefused() throws IOException, InterruptedException {
        Files.createFile(home.resolve("pom.xml"));
        environment.put("GANTRY_BUILD", "some & other");
        Result result = start();
        assertTold(result, "GANTRY_BUILD is none of auto, always and never");
        assertThat(result.err()).contains("\"some & other\"");
        environment.put("GANTRY_BUILD", "Never");
        assertThat(start().code()).isEqualTo(3);
    }

    @Test
    void whatIsNotBuiltIsBuiltByMavenWithoutAWordToTheClient() throws IOException, InterruptedException {
        Path jar = home.resolve("adapter\\target\\gantry.jar");
        Files.move(jar, directory.resolve("built.jar"));
        Result withoutSources = start();
        assertTold(withoutSources, "it is not built");
        assertThat(withoutSources.err()).contains("there is no \"" + jar + "\"");

        Files.createFile(home.resolve("pom.xml"));
        Result withoutMaven = start();
        assertTold(withoutMaven, "Maven is not in PATH. Install Maven");

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
        assertTold(failed, "the build failed");
    }
}
