package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.Described;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import dev.gantry.fixtures.Timeline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be launched, with what around it, and how its end is told. */
@ExtendWith(LeakCheck.class)
class LaunchTest {
    @TempDir
    private Path directory;

    static List<Python> pythons() {
        return Pythons.all();
    }

    @Test
    void aNativeBinaryRunsAndItsOutputComesBeforeItsEnd() {
        try (AdapterProcess adapter =
                AdapterProcess.running(Json.object("program", "/bin/echo", "args", Json.array("one", "two  three")))) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("one two  three\n");
            assertThat(Ends.assertCode(adapter.timeline(), 0)).startsWith("exit code 0 after ");
            adapter.timeline()
                    .inOrder(
                            response("initialize"),
                            event("initialized"),
                            response("configurationDone"),
                            response("launch"),
                            event("process"),
                            output("stdout"),
                            event("exited"));
        }
    }

    @Test
    void aShellScriptRunsByItsFirstLine() throws IOException {
        Path script = directory.resolve("script");
        Files.writeString(script, "#!/bin/sh\necho \"script $1\"\nexit 7\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        try (AdapterProcess adapter =
                AdapterProcess.running(Json.object("program", script.toString(), "args", "'with a' string"))) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("script with a\n");
            Ends.assertCode(adapter.timeline(), 7);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aPythonScriptRunsOnEveryPython(Python python) throws IOException {
        Path script = directory.resolve("program.py");
        Files.writeString(script, "import sys\nprint(sys.version_info[0:3], sys.argv[1:])\nsys.exit(3)\n");
        JsonObject launch = Json.object(
                "program", script.toString(), "python", python.executable().toString(), "args", Json.array("a b", 5));
        assertPython(launch, tuple(python) + " ['a b', '5']\n", 3);
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aModuleRunsOnEveryPython(Python python) throws IOException {
        Files.writeString(
                directory.resolve("some_module.py"),
                "import sys\nprint(__name__, sys.version_info[0:3], sys.argv[1:])\n");
        JsonObject launch = Json.object(
                "module",
                "some_module",
                "cwd",
                directory.toString(),
                "python",
                python.executable().toString(),
                "args",
                Json.array("x"));
        assertPython(launch, "__main__ " + tuple(python) + " ['x']\n", 0);
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void codeTextRunsOnEveryPython(Python python) {
        JsonObject launch = Json.object(
                "code",
                Json.array("import sys", "print(sys.version_info[0:3], 'code')"),
                "python",
                python.executable().toString());
        assertPython(launch, tuple(python) + " code\n", 0);
    }

    private static void assertPython(JsonObject launch, String output, int code) {
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), code);
            assertThat(adapter.timeline().output("stderr")).isEmpty();
            assertThat(adapter.timeline().output("stdout")).isEqualTo(output);
        }
    }

    private static String tuple(Python python) {
        return "(" + python.major() + ", " + python.minor() + ", " + python.micro() + ")";
    }

    @Test
    void argumentsDirectoryAndEnvironmentReachTheTarget() throws IOException {
        Path first = directory.resolve("first.env");
        Files.writeString(first, "FROM_FILE=1\nexport QUOTED='two words'\nOVERRIDDEN=file\n");
        Path second = directory.resolve("second.env");
        Files.writeString(second, "LATER=\"${FROM_FILE}x\"\n");
        String[] arguments = {"", " blank ", "\"quoted\"", "$HOME", "ünï", "a\nb", "*"};
        JsonObject launch = Json.with(
                Json.launching(Programs.DESCRIBE.command(arguments)),
                "cwd",
                directory.toString(),
                "env",
                Json.object("SET", "value", "NUMBER", 5, "EMPTY", "", "UNSET_ME", Json.NULL, "OVERRIDDEN", "env"),
                "envFile",
                Json.array(
                        first.toString(),
                        second.toString(),
                        directory.resolve("missing.env").toString()));
        try (AdapterProcess adapter = AdapterProcess.start(Map.of("UNSET_ME", "x", "INHERITED", "yes"))) {
            adapter.initialize();
            adapter.launch(launch);
            adapter.awaitTerminated();
            Described described =
                    Described.parse(new String(adapter.client().outputBytes("stdout"), StandardCharsets.UTF_8));
            assertThat(described.arguments()).containsExactly(arguments);
            assertThat(described.directory()).isEqualTo(directory.toRealPath().toString());
            assertThat(described.environment())
                    .containsEntry("SET", "value")
                    .containsEntry("NUMBER", "5")
                    .containsEntry("EMPTY", "")
                    .containsEntry("INHERITED", "yes")
                    .containsEntry("FROM_FILE", "1")
                    .containsEntry("QUOTED", "two words")
                    .containsEntry("LATER", "1x")
                    .containsEntry("OVERRIDDEN", "env")
                    .doesNotContainKey("UNSET_ME");
            assertThat(described.descriptors().keySet()).containsExactly(0, 1, 2);
            assertThat(adapter.timeline().output("console")).contains("missing.env");
        }
    }

    @Test
    void allBytesPassUnchangedInBothDirections() {
        byte[] all = new byte[256 * 40];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) (i * 7 + i / 256);
        }
        try (AdapterProcess adapter = AdapterProcess.running(Json.launching(Programs.ECHO.command()))) {
            for (int from = 0; from < all.length; from += 1000) {
                byte[] piece = java.util.Arrays.copyOfRange(all, from, Math.min(from + 1000, all.length));
                adapter.client()
                        .ask(
                                "gantry/write",
                                Json.object("base64", Base64.getEncoder().encodeToString(piece)));
            }
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            assertThat(adapter.client().outputBytes("stdout")).isEqualTo(all);
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 127, 137, 255})
    void exitCodesAreToldAsTheyAre(int code) {
        try (AdapterProcess adapter = AdapterProcess.running(Json.shell("exit " + code))) {
            adapter.awaitTerminated();
            assertThat(Ends.assertCode(adapter.timeline(), code)).startsWith("exit code " + code + " ");
            Entry exit = adapter.timeline().exactlyOnce(event("gantry/exit"));
            assertThat(exit.body().get("exitCode").getAsInt()).isEqualTo(code);
            assertThat(exit.body().has("signal")).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"KILL, 9", "TERM, 15", "SEGV, 11", "INT, 2", "HUP, 1"})
    void aDeathByASignalIsNamed(String name, int number) {
        try (AdapterProcess adapter = AdapterProcess.running(Json.launching(Programs.CRASH.command(name)))) {
            adapter.awaitTerminated();
            assertThat(Ends.assertCode(adapter.timeline(), 128 + number))
                    .startsWith("killed by SIG" + name + " (" + number + ")");
            JsonObject exit =
                    adapter.timeline().exactlyOnce(event("gantry/exit")).body();
            assertThat(exit.get("signal").getAsString()).isEqualTo("SIG" + name);
            assertThat(exit.get("signalNumber").getAsInt()).isEqualTo(number);
            assertThat(exit.get("coreDumped").getAsBoolean()).isFalse();
            assertThat(exit.has("exitCode")).isFalse();
            assertThat(exit.get("wallSeconds").getAsDouble()).isPositive();
            assertThat(exit.get("userSeconds").getAsDouble()).isNotNegative();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/no/such/program, /no/such/program",
        "/etc/passwd, not executable",
        "/, directory",
    })
    void aProgramThatCannotRunRefusesTheLaunchAndTheNextOneWorks(String program, String why) {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            Entry refused = adapter.client().launch(Json.object("runtime", "process", "program", program));
            assertThat(refused.success()).isFalse();
            assertThat(refused.failure()).containsIgnoringCase(why);
            Timeline timeline = adapter.timeline();
            timeline.never(event("terminated")).never(event("process"));
            int from = timeline.now();
            int second = adapter.client().send("launch", Json.object("program", "/bin/true"));
            timeline.awaitFrom(from, event("initialized"));
            adapter.client().ask("configurationDone", null);
            assertThat(adapter.client().answerTo(second).success()).isTrue();
            adapter.awaitTerminated();
            Ends.assertCode(timeline, 0);
        }
    }

    @Test
    void aWrongDirectoryAndAWrongTypeNameTheAttribute() {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            Entry directoryRefused =
                    adapter.client().launch(Json.object("program", "/bin/true", "cwd", "/no/such/directory"));
            assertThat(directoryRefused.failure()).contains("cwd", "/no/such/directory");
            Entry typeRefused = adapter.client().request("launch", Json.object("program", 5));
            assertThat(typeRefused.failure()).contains("program");
            Entry neither = adapter.client().request("launch", Json.object());
            assertThat(neither.failure()).contains("program", "module", "code");
        }
    }

    @Test
    void theCommandLineAndTheUnknownAttributeAreShown() {
        try (AdapterProcess adapter =
                AdapterProcess.running(Json.object("program", "/bin/echo", "args", "hi", "agrs", "x"))) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("console")).contains("$ /bin/echo hi\n", "'agrs'", "'args'");
        }
    }
}
