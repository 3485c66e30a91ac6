package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.WindowSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How it is run, shown and stopped. */
class LaunchSettingsTest {
    private static final StopStep KILL = new StopStep(Signal.KILL, Duration.ZERO);

    @TempDir
    Path directory = Path.of("");

    private Launches launches = Launches.none();

    @BeforeEach
    void makeFiles() throws IOException {
        launches = new Launches(directory);
    }

    private LaunchPlan tool(String more) {
        return launches.plan("{'program':'tool'," + more + "}");
    }

    private List<String> warnings(String more) {
        return launches.accepted("{'program':'tool'," + more + "}").warnings();
    }

    @Test
    void theDefaultsHold() {
        LaunchPlan plan = launches.plan("{'program':'tool'}");
        assertThat(plan.runtime()).isEqualTo(TargetRuntime.PROCESS);
        assertThat(plan.environment()).isEmpty();
        assertThat(plan.console()).isEqualTo(ConsoleKind.INTERNAL);
        assertThat(plan.consoleTitle()).isEqualTo("tool");
        assertThat(plan.pty()).isEmpty();
        assertThat(plan.childFds()).isEqualTo(Map.of(0, ChildFd.write(), 1, ChildFd.read(), 2, ChildFd.read()));
        assertThat(plan.stopLadder()).containsExactly(new StopStep(Signal.TERM, Duration.ofSeconds(2)), KILL);
        assertThat(plan.killTree()).isEqualTo(KillTree.STOP);
        assertThat(plan.drainTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(plan.outputEncoding()).isEqualTo(StandardCharsets.UTF_8);
        assertThat(plan.outputCap()).isEmpty();
        assertThat(plan.mergeOutput()).isFalse();
        assertThat(plan.redirectOutput()).isTrue();
        assertThat(plan.noDebug()).isFalse();
        assertThat(launches.plan("{'module':'m'}").stopLadder())
                .containsExactly(
                        new StopStep(Signal.INT, Duration.ofMillis(1500)),
                        new StopStep(Signal.TERM, Duration.ofMillis(1500)),
                        KILL);
    }

    @Test
    void streamsGoWhereStdioSays() {
        ChildFd out = ChildFd.writeTo(launches.path("out"));
        assertThat(tool("'stdio':['input.txt']").childFds())
                .isEqualTo(
                        Map.of(0, ChildFd.readFrom(launches.path("input.txt")), 1, ChildFd.read(), 2, ChildFd.read()));
        assertThat(tool("'stdio':[null,'out',{'path':'$D/out','append':true}]").childFds())
                .as("one file is opened once")
                .isEqualTo(Map.of(0, ChildFd.nullDevice(), 1, out, 2, ChildFd.sameAs(1)));
        assertThat(tool("'stdio':{'stderr':{'path':'null','append':true},'stdin':'null'}")
                        .childFds())
                .isEqualTo(
                        Map.of(0, ChildFd.nullDevice(), 1, ChildFd.read(), 2, ChildFd.appendTo(launches.path("null"))));
        assertThat(tool("'stdio':['pipe','pipe','pipe']").childFds())
                .isEqualTo(launches.plan("{'program':'tool'}").childFds());
        assertThat(tool("'mergeOutput':true,'stdio':['pipe','out']").childFds())
                .isEqualTo(Map.of(0, ChildFd.write(), 1, out, 2, ChildFd.sameAs(1)));
        assertThat(tool("'tty':true,'stdio':['pipe','pipe','out']").childFds())
                .isEqualTo(Map.of(0, ChildFd.pty(), 1, ChildFd.pty(), 2, out));
        assertThat(tool("'console':'integratedTerminal'").childFds()).isEmpty();
    }

    @Test
    void aFifoIsRefusedAndADeviceIsNot() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", launches.path("fifo").toString()).start();
        assertThat(mkfifo.waitFor()).isZero();
        assertThat(launches.problems("{'program':'tool','stdio':['fifo']}")
                        .get(0)
                        .message())
                .contains("is a FIFO, whose opening waits for another program");
        assertThat(tool("'stdio':['/dev/zero','/dev/null']").childFds())
                .containsEntry(0, ChildFd.readFrom(Path.of("/dev/zero")))
                .containsEntry(1, ChildFd.writeTo(Path.of("/dev/null")));
    }

    @Test
    void aPseudoTerminalHasASize() {
        assertThat(tool("'tty':true").pty()).contains(new WindowSize(80, 24));
        assertThat(tool("'tty':{'columns':120}").pty()).contains(new WindowSize(120, 24));
        assertThat(tool("'tty':{'columns':120,'rows':50}").pty()).contains(new WindowSize(120, 50));
        assertThat(tool("'tty':false").pty()).isEmpty();
        assertThat(tool("'tty':true,'stdio':[null,null,null]").pty())
                .as("nobody would be connected to it")
                .isEmpty();
        assertThat(tool("'tty':true,'console':'externalTerminal'").pty()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "['SIGINT:1.5']                        | INT 1500",
                "['int','TERM:0.25s']                  | INT 2000, TERM 250",
                "[{'signal':'SIGHUP','wait':3},'KILL'] | HUP 3000",
                "[{'signal':'USR1'}]                   | USR1 2000",
                "['SIGKILL']                           | ''",
                "[]                                    | ''"
            })
    void theLadderHasTheGivenStepsAndKill(String json, String steps) {
        StringBuilder found = new StringBuilder();
        List<StopStep> ladder = tool("'stopLadder':" + json.replace("\"", "'")).stopLadder();
        assertThat(ladder.get(ladder.size() - 1)).isEqualTo(KILL);
        for (StopStep step : ladder.subList(0, ladder.size() - 1)) {
            found.append(found.length() == 0 ? "" : ", ").append(step.signal()).append(' ');
            found.append(step.patience().toMillis());
        }
        assertThat(found).hasToString(steps);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0|0",
                "1024|1024",
                "10MB|10000000",
                "1.5 KiB|1536",
                "2gib|2147483648",
                "7B|7",
                "12|12",
                "9223372036854775807|9223372036854775807"
            })
    void aCapIsASize(String written, long bytes) {
        String json = written.matches("[0-9]+") && !written.equals("12") ? written : "'" + written + "'";
        assertThat(tool("'outputCap':" + json).outputCap()).contains(new OutputCap(bytes, java.util.Optional.empty()));
        assertThat(tool("'outputCap':{'path':'spill','size':" + json + "}").outputCap())
                .contains(new OutputCap(bytes, java.util.Optional.of(launches.path("spill"))));
    }

    @Test
    void otherSettingsAreTaken() {
        LaunchPlan plan = tool("'killTree':'always','drainTimeout':0.5,'outputEncoding':'latin1','noDebug':true,"
                + "'consoleTitle':'T','gantryToken':'secret'");
        assertThat(plan.killTree()).isEqualTo(KillTree.ALWAYS);
        assertThat(plan.drainTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(plan.outputEncoding()).isEqualTo(StandardCharsets.ISO_8859_1);
        assertThat(plan.noDebug()).isTrue();
        assertThat(plan.consoleTitle()).isEqualTo("T");
        assertThat(tool("'consoleName':'old'").consoleTitle()).isEqualTo("old");
        assertThat(tool("'killTree':'never'").killTree()).isEqualTo(KillTree.NEVER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'console':'none' | 'console' must be a string: \"internalConsole\", \"integratedTerminal\" or \"externalTerminal\"; it is \"none\"",
                "'consoleTitle':5 | 'consoleTitle' must be a string; it is 5 (a number)",
                "'tty':'yes' | 'tty' must be true, false, or {\"columns\": 80, \"rows\": 24}; it is \"yes\"",
                "'tty':{'columns':0} | tty.columns is 0 (a number)",
                "'tty':{'rows':1.5} | tty.rows is 1.5 (a number)",
                "'tty':{'width':80} | tty.width is 80",
                "'stdio':'out' | 'stdio' must be an array [stdin, stdout, stderr] or an object",
                "'stdio':['gone'] | 'stdio[0]' $D/gone does not exist",
                "'stdio':['$D'] | 'stdio[0]' $D is a directory",
                "'stdio':['pipe','gone/out'] | 'stdio[1]' $D/gone/out cannot be made: its directory does not exist",
                "'stdio':['pipe','$D'] | 'stdio[1]' $D is a directory",
                "'stdio':['pipe','pipe','pipe','x'] | 'stdio' has 4 elements",
                "'stdio':['/dev/stdin'] | 'stdio[0]' /dev/stdin would be the adapter's own stream",
                "'stdio':{'stderr':'/dev/fd/1'} | 'stdio.stderr' /dev/fd/1 would be the adapter's own stream",
                "'stdio':{'in':'x'} | 'stdio' has 'in'; stdin, stdout and stderr are allowed",
                "'stdio':[1] | stdio[0] is 1 (a number)",
                "'stdio':[''] | stdio[0] is \"\"",
                "'stdio':[{'path':'input.txt','append':true}] | 'stdio[0]' appends, but stdin is read",
                "'stdio':['pipe',{'path':'x','mode':'a'}] | stdio[1] is {",
                "'stdio':['pipe',{'append':true}] | stdio[1] is {",
                "'stdio':[null],'console':'integratedTerminal' | 'stdio' and console \"integratedTerminal\" exclude each other",
                "'stdio':['pipe','pipe','out'],'mergeOutput':true | 'mergeOutput' and 'stdio' exclude each other",
                "'mergeOutput':1 | 'mergeOutput' must be true or false; it is 1 (a number)",
                "'redirectOutput':'x' | 'redirectOutput' must be true or false",
                "'noDebug':'x' | 'noDebug' must be true or false",
                "'stopLadder':'SIGINT' | 'stopLadder' must be an array of steps",
                "'stopLadder':['SIGFOO'] | 'stopLadder[0]': no signal is named 'SIGFOO'; known are HUP",
                "'stopLadder':['INT:x'] | 'stopLadder[0]' waits for no number of seconds from 0 to 86400",
                "'stopLadder':[{'signal':'INT','wait':-1}] | 'stopLadder[0]' waits for no number of seconds",
                "'stopLadder':[{'signal':'INT','wait':1e400}] | 'stopLadder[0]' waits for no number of seconds",
                "'stopLadder':[{'signal':2}] | stopLadder[0] is {\"signal\":2} (an object)",
                "'stopLadder':['KILL','TERM'] | 'stopLadder[0]' is SIGKILL, which ends the ladder",
                "'killTree':true | 'killTree' must be a string: \"stop\", \"always\" or \"never\"; it is true",
                "'drainTimeout':'2' | 'drainTimeout' must be a number of seconds",
                "'drainTimeout':-1 | 'drainTimeout' must be a number of seconds",
                "'outputEncoding':'klingon' | 'outputEncoding' is no encoding known here: \"klingon\"",
                "'outputEncoding':'not a name' | 'outputEncoding' is no encoding known here",
                "'outputEncoding':'x-JISAutoDetect' | 'outputEncoding' cannot be \"x-JISAutoDetect\"",
                "'outputEncoding':'iso-2022-cn' | 'outputEncoding' cannot be \"iso-2022-cn\"",
                "'outputCap':'10XB' | 'outputCap' must be a number of bytes, a size such as",
                "'outputCap':-1 | 'outputCap' must be",
                "'outputCap':0.5 | 'outputCap' must be",
                "'outputCap':{'path':'x'} | 'outputCap' must be",
                "'outputCap':{'size':1,'path':'gone/x'} | 'outputCap.path' $D/gone/x must be a file in a directory that exists",
                "'outputCap':{'size':1,'path':''} | 'outputCap.path' is empty",
                "'gantryToken':5 | 'gantryToken' must be a string; it is 5",
                "'env':['A=1'] | 'env' must be an object of names and strings, numbers, booleans or null",
                "'env':{'A':[1]} | env.A is [1] (an array)",
                "'env':{'A=B':'1'} | 'env' has a variable named \"A=B\"",
                "'env':{'':'1'} | 'env' has a variable named \"\"",
                "'env':{'A':'x\\u0000'} | 'env.A' has a NUL character at position 2",
                "'envFile':5 | 'envFile' must be a string, or an array of strings; it is 5",
                "'envFile':[5] | envFile[0] is 5 (a number)"
            })
    void aFaultIsRefused(String more, String message) {
        List<Problem> problems = launches.problems("{'program':'tool'," + more + "}");
        assertThat(problems).as("%s", problems).hasSize(1);
        assertThat(problems.get(0).message()).contains(launches.text(message));
    }

    @Test
    void envWinsOverEnvFilesAndNullUnsets() throws IOException {
        launches.file("a.env", "A=1\nB=${A}${HOME}\nC=${X}\nHOME=/elsewhere\n");
        launches.file("b.env", "D=${B}\nA=2\n");
        LaunchResult.Accepted accepted = launches.accepted("{'program':'tool','envFile':['a.env','$D/b.env'],"
                + "'env':{'X':8080,'Y':true,'HOME':null,'D':'env'}}");
        assertThat(accepted.warnings())
                .containsExactly(launches.text("$D/a.env:2: 'HOME' is not set; '${HOME}' is empty"));
        assertThat(accepted.plan().environment())
                .containsEntry("B", "1")
                .containsEntry("A", "2")
                .containsEntry("C", "8080")
                .containsEntry("X", "8080")
                .containsEntry("Y", "true")
                .containsEntry("D", "env")
                .containsEntry("HOME", null);
    }

    @Test
    void aMissingEnvFileIsAWarningAndTheLaunchGoesOn() throws IOException {
        launches.file("bad.env", "A=1\nnonsense\n");
        assertThat(warnings("'envFile':['gone.env','$D/app','bad.env','${workspaceFolder}/.env']"))
                .containsExactly(
                        launches.text("envFile $D/gone.env does not exist; the launch goes on without it"),
                        launches.text("envFile $D/app is not a regular file; the launch goes on without it"),
                        launches.text("$D/bad.env:2: no '=' after 'nonsense'; the line is skipped"),
                        launches.text(
                                "envFile $D/${workspaceFolder}/.env does not exist; the launch goes on without it;"
                                        + " the editor has not replaced '${...}' in it: write the path itself"));
    }

    @Test
    void whatHasNoEffectIsTold() {
        assertThat(warnings("'console':'externalTerminal','redirectOutput':true,'mergeOutput':true,"
                        + "'outputCap':5,'outputEncoding':'latin1','tty':{'rows':5}"))
                .hasSize(5)
                .allMatch(line -> line.contains("has no effect with console \"externalTerminal\""));
        assertThat(warnings("'redirectOutput':false"))
                .singleElement()
                .asString()
                .contains("is discarded");
        assertThat(warnings("'consoleTitle':'a','consoleName':'b'"))
                .singleElement()
                .asString()
                .contains("old name");
    }

    @Test
    void discardedOutputGoesToTheNullDevice() {
        assertThat(launches.accepted("{'program':'tool','redirectOutput':false}")
                        .plan()
                        .childFds())
                .isEqualTo(Map.of(0, ChildFd.write(), 1, ChildFd.nullDevice(), 2, ChildFd.nullDevice()));
    }

    @Test
    void unreadableEnvFilesAndLargeOnesAreWarnings() throws IOException {
        Files.write(launches.path("large.env"), new byte[(1 << 20) + 1]);
        assertThat(warnings("'envFile':''")).containsExactly("'envFile' is empty; the launch goes on without it");
        assertThat(warnings("'envFile':'large.env'")).singleElement().asString().contains("is larger than 1 MiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'name':'x','type':'gantry','request':'launch','__sessionId':'1','__configurationTarget':5,'__restart':{}",
                "'command':'x','preLaunchTask':'x','postDebugTask':'x','internalConsoleOptions':'neverOpen'",
                "'serverReadyAction':{},'presentation':{},'debugServer':4711,'purpose':['debug-test'],'variants':[]",
                "'suppressMultipleSessionWarning':true,'windows':{},'linux':{'a':1},'osx':{},'workspaceFolder':'/w'",
                "'stopOnEntry':false,'justMyCode':false,'django':false,'pathMappings':[],'rules':[],'subProcess':false",
                "'justMyCode':true,'guiEventLoop':'matplotlib','qt':'none','autoReload':{'enable':false,'exclude':['x']}",
                "'steppingResumesAllThreads':true,'onTerminate':'KeyboardInterrupt','debugOptions':[],'host':'','port':0",
                "'sudo':null,'frobnicate':null,'terminalQuoteCharacter':'x','maxExceptionStackFrames':0"
            })
    void whatAsksForNothingIsSilent(String more) {
        assertThat(warnings(more)).isEmpty();
    }

    @Test
    void whatIsNotDoneYetIsToldInOneLine() {
        assertThat(warnings("'subProcess':true,'django':true,'sudo':true,'autoReload':{'enable':true},'qt':'pyqt5',"
                        + "'debugOptions':['Flask']"))
                .containsExactly(
                        "not yet: 'subProcess' (debug child processes), 'django' (debug Django templates), 'sudo'"
                                + " (run as root), 'autoReload' (reload edited files), 'qt' (Qt threads) and Flask (debug Flask"
                                + " templates) have no effect so far");
        assertThat(warnings("'jinja':true"))
                .containsExactly("not yet: 'jinja' (debug Jinja templates) has no effect so far");
    }

    @Test
    void whatAnotherAttributeOrOptionDoesNamesIt() {
        assertThat(warnings("'terminateChildProcesses':false,'onTerminate':'KeyboardInterrup','logToFile':true"))
                .containsExactly(
                        "'terminateChildProcesses' has no effect; use 'killTree' instead",
                        "'onTerminate' has no effect; use 'stopLadder' instead",
                        "'logToFile' has no effect; use the adapter's option '--log FILE' instead");
    }

    @Test
    void whatBelongsElsewhereIsToldInOneLineEach() {
        assertThat(warnings("'connect':{'port':1},'port':5678,'debugpyArgs':['x']"))
                .containsExactly(
                        "'connect' and 'port' belong to attach and have no effect in a launch",
                        "'debugpyArgs' names a part of debugpy and has no effect here");
    }

    @Test
    void withoutDebuggingWhatOnlyADebuggerDoesIsSilent() {
        assertThat(warnings(
                        "'noDebug':true,'subProcess':true,'stopOnEntry':true,'django':true,'debugOptions':['Jinja'],"
                                + "'sudo':true,'waitOnNormalExit':true"))
                .containsExactly(
                        "not yet: 'sudo' (run as root) and 'waitOnNormalExit' (wait for a key after a good end)"
                                + " have no effect so far");
    }

    /** What Microsoft's Python extension puts into a configuration that says no more than its program. */
    @Test
    void whatAnotherExtensionAddsByItselfIsSilent() {
        assertThat(warnings("'debugOptions':['ShowReturnValue','RedirectOutput'],'showReturnValue':true,"
                        + "'debugAdapterPython':'/usr/bin/python3','debugLauncherPython':'/usr/bin/python3',"
                        + "'debugLauncherPath':'x','debugAdapterPath':'x','debugAdapterHost':'localhost','clientOS':'unix',"
                        + "'variablePresentation':{'all':'inline'},'purpose':[],'justMyCode':true"))
                .isEmpty();
    }

    @Test
    void anUnknownAttributeIsToldWithTheNearestOne() {
        assertThat(warnings("'stoplader':[],'killBehavior':'forceful','frobnicate':1"))
                .containsExactly(
                        "unknown attribute 'stoplader' is ignored; did you mean 'stopLadder'?",
                        "unknown attribute 'killBehavior' is ignored; did you mean 'killTree'?",
                        "unknown attribute 'frobnicate' is ignored");
    }

    @Test
    void aVeryLongNameIsShownInPart() {
        assertThat(warnings("'" + "z".repeat(200_000) + "':1"))
                .containsExactly("unknown attribute '" + "z".repeat(80) + "...' is ignored");
    }
}
