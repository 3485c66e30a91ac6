package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Programs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole sessions on Windows, most of them with a Python for Windows, which is found on PATH. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
class WindowsSessionTest {
    private static final int ACCESS_VIOLATION = 0xC0000005;
    private static final Duration GONE_WITHIN = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private static JsonObject python(String... lines) {
        return Json.object("code", Json.array((Object[]) lines), "noDebug", true);
    }

    private static AdapterProcess running(String... lines) {
        return AdapterProcess.running(python(lines));
    }

    private static byte[] allBytes(int times) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < times * 256; i++) {
            bytes.write(i);
        }
        return bytes.toByteArray();
    }

    @Test
    void everyByteArrivesAsItIsBothWays() {
        byte[] sent = allBytes(500);
        try (AdapterProcess adapter = running(
                "import os, sys",
                "data = sys.stdin.buffer.read()",
                "sys.stdout.buffer.write(data[:len(data) // 2])",
                "sys.stdout.flush()",
                "at = len(data) // 2",
                "while at < len(data): at += os.write(1, data[at:])",
                "os.write(2, bytes(range(256)))")) {
            adapter.client()
                    .ask(
                            "gantry/write",
                            Json.object("base64", Base64.getEncoder().encodeToString(sent)));
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(adapter.client().outputBytes("stdout")).isEqualTo(sent);
            assertThat(adapter.client().outputBytes("stderr")).isEqualTo(allBytes(1));
        }
    }

    @Test
    void textIsUtf8BothWaysAndPythonsLineEndsStay() {
        try (AdapterProcess adapter = running(
                "import sys",
                "print('ž漢😀')",
                "print('ö', file=sys.stderr)",
                "for line in sys.stdin: print('got', ascii(line))")) {
            adapter.timeline().awaitOutput("stdout", "ž漢😀\r\n");
            adapter.client().ask("evaluate", Json.object("expression", "ž漢😀", "context", "repl"));
            adapter.client().ask("evaluate", Json.object("expression", "two\nthree", "context", "repl"));
            adapter.client().ask("evaluate", Json.object("expression", ".eof", "context", "repl"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout"))
                    .isEqualTo("ž漢😀\r\ngot '\\u017e\\u6f22\\U0001f600\\n'\r\ngot 'two\\n'\r\ngot 'three\\n'\r\n");
            assertThat(adapter.timeline().output("stderr")).isEqualTo("ö\r\n");
        }
    }

    @Test
    void whoHasAnEncodingOfHisOwnKeepsIt() {
        JsonObject launch = Json.with(
                python("print('é')"), "env", Json.object("pythonIoEncoding", "cp1252"), "outputEncoding", "cp1252");
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("é\r\n");
        }
    }

    @Test
    void anExitCodeIsToldWithAll32Bits() {
        try (AdapterProcess adapter = running("import os", "os._exit(-1)")) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), -1);
        }
    }

    @Test
    void aCrashIsToldByItsCode() {
        try (AdapterProcess adapter = AdapterProcess.running(Json.launching(Programs.CRASH.command()))) {
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), ACCESS_VIOLATION);
        }
    }

    @Test
    void spacesQuotesAndLettersOfAllSortsPassInEveryField() throws IOException {
        Path place = Files.createDirectories(directory.resolve("dir ž漢 (x) & co!"));
        Path script = Files.writeString(place.resolve("prög 漢.py"), """
                import os, sys
                for fact in [sys.argv[1:], os.getcwd(), os.environ['Väl'], os.environ.get('gone'), __file__]:
                    print(fact)
                """);
        List<String> args = List.of(
                "a b", "ž漢😀", "", "say \"hi\"", "C:\\dir e\\", "\\\\\"", "*.py", "%PATH%", "^&|<>", "!x!", "'");
        JsonObject launch = Json.object(
                "program",
                script.toString(),
                "cwd",
                place.toString(),
                "args",
                Json.array(args.toArray()),
                "env",
                Json.object("Väl", "漢 ž=;", "GONE", Json.NULL, "gone", "x", "Gone", Json.NULL));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stderr")).isEmpty();
            List<String> facts = adapter.timeline().output("stdout").lines().toList();
            assertThat(facts.get(0)).isEqualTo(pythonList(args));
            assertThat(facts.subList(1, 5)).containsExactly(place.toString(), "漢 ž=;", "None", script.toString());
        }
    }

    /** As Python prints a list of texts: single quotes, unless one is within and no double quote is. */
    private static String pythonList(List<String> texts) {
        return texts.stream()
                .map(text -> text.contains("'") && !text.contains("\"")
                        ? "\"" + text + "\""
                        : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'")
                .toList()
                .toString();
    }

    /** How a user or an editor ends a session. */
    enum Way {
        TERMINATE,
        END_OF_INPUT
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aStopIsKeyboardInterruptAndItsLastWordsAreHeard(Way way) {
        JsonObject launch = Json.with(
                python(
                        "import sys, time",
                        "try:",
                        "    print('ready'); time.sleep(60)",
                        "except KeyboardInterrupt:",
                        "    print('interrupted'); sys.exit(4)"),
                "stopLadder",
                Json.array("SIGINT:15"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\r\n");
            switch (way) {
                case TERMINATE -> adapter.client().ask("terminate", null);
                case END_OF_INPUT -> adapter.client().closeInput();
            }
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\r\ninterrupted\r\n");
            Ends.assertCode(adapter.timeline(), 4);
            assertThat(adapter.timeline().output("console")).contains("stopped by SIGINT after");
            if (way == Way.TERMINATE) {
                adapter.client().ask("disconnect", null);
            }
            assertThat(adapter.awaitExit()).isZero();
        }
    }

    @Test
    void aHandlerOfPythonsHearsTheSignalAlone() {
        try (AdapterProcess adapter = running(
                "import signal, sys",
                "signal.signal(signal.SIGINT, lambda number, frame: print('heard', number))",
                "print('ready')",
                "sys.stdin.readline()",
                "print('done')")) {
            adapter.timeline().awaitOutput("stdout", "ready\r\n");
            adapter.client().ask("gantry/signal", Json.object("signal", "SIGINT"));
            adapter.client().ask("evaluate", Json.object("expression", "go", "context", "repl"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout"))
                    .contains("heard 2\r\n")
                    .endsWith("done\r\n");
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @Test
    void whoIgnoresTheFirstStepIsKilledAndSaidSo() {
        JsonObject launch =
                Json.with(Json.launching(Programs.IGNORE_TERM.command()), "stopLadder", Json.array("SIGINT:0.2"));
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.timeline().awaitOutput("stdout", "ready\n");
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            Ends.assertCode(adapter.timeline(), 137);
            assertThat(adapter.timeline().output("console")).contains("stopped by SIGKILL after");
        }
    }

    @Test
    void restartRunsItAgainWithoutAnEndInBetween() {
        try (AdapterProcess adapter = running("import sys", "print('ready')", "sys.stdin.read()")) {
            adapter.timeline().awaitOutput("stdout", "ready\r\n");
            long first = adapter.targetPid();
            adapter.client().ask("restart", null);
            adapter.timeline().awaitOutput("stdout", "ready\r\nready\r\n");
            assertThat(adapter.targetPid()).isNotEqualTo(first);
            assertThat(Processes.isAlive(first)).isFalse();
            adapter.timeline().inOrder(event("process"), event("gantry/exit"), response("restart"), event("process"));
            adapter.timeline().never(event("exited"));
            adapter.client().ask("gantry/closeStdin", null);
            adapter.awaitTerminated();
            adapter.timeline().exactlyOnce(event("exited"));
        }
    }

    private static AdapterProcess withGrandchild() {
        AdapterProcess adapter = running(
                "import subprocess, sys, time",
                "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])",
                "print('child', child.pid)",
                "time.sleep(60)");
        adapter.timeline().awaitOutput("stdout", "\n");
        return adapter;
    }

    private static long grandchild(AdapterProcess adapter) {
        return Long.parseLong(adapter.timeline().output("stdout").replaceFirst("(?s).*child (\\d+).*", "$1"));
    }

    @Test
    void theTreeIsListedAndEndsWithAStop() {
        try (AdapterProcess adapter = withGrandchild()) {
            long child = grandchild(adapter);
            Entry answer = adapter.client().ask("gantry/processTree", null);
            assertThat(answer.body().getAsJsonArray("processes"))
                    .extracting(process -> process.getAsJsonObject().get("pid").getAsLong())
                    .containsExactly(adapter.targetPid(), child);
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            assertThat(List.of(adapter.targetPid(), child)).noneMatch(Processes::isAlive);
        }
    }

    @Test
    void nothingOutlivesAKilledAdapter() {
        try (AdapterProcess adapter = withGrandchild()) {
            List<Long> all = List.of(adapter.targetPid(), grandchild(adapter));
            assertThat(all).allMatch(Processes::isAlive);
            adapter.process().destroyForcibly();
            Processes.within(GONE_WITHIN).until(() -> all.stream().noneMatch(Processes::isAlive));
        }
    }

    @Test
    void aGrandchildThatHoldsThePipesDoesNotHideTheEnd() {
        JsonObject launch = Json.with(Json.launching(Programs.HOLD_STDOUT.command("60")), "drainTimeout", 0.3);
        try (AdapterProcess adapter = AdapterProcess.running(launch)) {
            adapter.awaitTerminated();
            long holder = Long.parseLong(adapter.timeline().output("stdout").strip());
            Ends.assertCode(adapter.timeline(), 0);
            assertThat(adapter.timeline().output("console"))
                    .contains("its output is still held open")
                    .contains("still running, left alone: pid " + holder);
            assertThat(Processes.isAlive(holder)).isTrue();
            Processes.signal("KILL", holder);
        }
    }

    @Test
    void whatThisSystemCannotDoIsNotAnnouncedAndRefusedWithWhatToChange() {
        try (AdapterProcess adapter = AdapterProcess.start()) {
            JsonObject capabilities = adapter.client()
                    .ask("initialize", Json.object("adapterID", "gantry", "supportsRunInTerminalRequest", true))
                    .body();
            assertThat(capabilities.has("supportsTerminateRequest")).isTrue();
            assertThat(capabilities.has("supportTerminateDebuggee")).isFalse();
            refused(adapter, "console", "integratedTerminal", "set 'console' to \"internalConsole\"");
            refused(adapter, "console", "externalTerminal", "set 'console' to \"internalConsole\"");
            refused(adapter, "tty", true, "leave 'tty' out");
            refused(adapter, "cwd", "Q:foo", "'cwd' Q:foo starts at the own directory of drive Q:");
            refused(adapter, "cwd", "C:\\a?b", "C:\\a?b has '?', which no name of a file can have");
            refused(adapter, "stopLadder", Json.array("FOO"), "there are SIGINT, SIGTERM and SIGKILL");
            // Whatever the code page of the system, the protocol is UTF-8.
            Entry missing = adapter.client().request("launch", Json.object("program", "nowhere-ž漢😀.py"));
            assertThat(missing.failure()).contains("nowhere-ž漢😀.py does not exist");
            adapter.launch(python("import sys", "sys.stdin.read()"));
            for (String signal : List.of("SIGHUP", "SIGSTOP", "SIGUSR1")) {
                Entry answer = adapter.client().request("gantry/signal", Json.object("signal", signal));
                assertThat(answer.success()).isFalse();
                assertThat(answer.failure())
                        .contains("windows backend cannot send " + signal + "; there are SIGINT, SIGTERM and SIGKILL");
            }
            Entry pause = adapter.client().request("pause", Json.object("threadId", 1));
            assertThat(pause.failure()).contains("windows backend cannot pause programs");
            Entry stack = adapter.client().request("stackTrace", Json.object("threadId", 1));
            assertThat(stack.failure()).contains("none can be paused on this platform");
            Entry resize = adapter.client().request("gantry/resize", Json.object("columns", 80, "rows", 24));
            assertThat(resize.failure()).contains("no pseudo-terminals on this platform");
            Entry letGo = adapter.client().request("disconnect", Json.object("terminateDebuggee", false));
            assertThat(letGo.success()).isFalse();
            assertThat(letGo.failure()).contains("cannot be left running on this platform");
            adapter.client().ask("disconnect", null);
            assertThat(adapter.awaitExit()).isZero();
        }
    }

    private static void refused(AdapterProcess adapter, String attribute, Object value, String remedy) {
        int launch = adapter.client().send("launch", Json.with(python("pass"), attribute, value));
        adapter.client().send("configurationDone");
        Entry answer = adapter.client().answerTo(launch);
        assertThat(answer.success()).isFalse();
        assertThat(answer.failure()).contains(remedy).doesNotContain("TERMINAL_LAUNCH", "PTY");
    }
}
