package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.model.PathMapping;
import dev.gantry.adapter.model.PathStyle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the attributes of a launch say about debugging, and what is said where they are wrong. */
class DebugSettingsTest {
    private static final String PROGRAM = "{'program':'$D/app/main.py','cwd':'$D'";

    @TempDir
    Path directory = Path.of("");

    private Launches launches = Launches.none();

    @BeforeEach
    void makeFiles() throws IOException {
        launches = new Launches(directory);
    }

    private DebugSettings settings(String more) {
        return launches.plan(PROGRAM + (more.isEmpty() ? "" : "," + more) + "}")
                .debugging()
                .orElseThrow();
    }

    private JsonObject configure(String more) {
        return settings(more).configure();
    }

    private static JsonObject object(String json) {
        return JsonParser.parseString(json.replace('\'', '"')).getAsJsonObject();
    }

    private List<String> faults(String more) {
        LaunchResult result = launches.parse(PROGRAM + "," + more + "}");
        return result instanceof LaunchResult.Refused refused
                ? refused.problems().stream().map(Problem::message).toList()
                : List.of();
    }

    @Test
    void withoutAttributesTheAgentGetsTheDefaults() {
        assertThat(configure(""))
                .isEqualTo(
                        object(
                                "{'justMyCode':true,'rules':[],'stopOnEntry':false,'showReturnValue':true,"
                                        + "'breakOnSystemExit':null,'breakOnSystemExitZero':false,'maxExceptionStackFrames':0,"
                                        + "'steppingResumesAllThreads':true,'stopAllThreadsOnSuspend':true,'variablePresentation':{}}"));
        assertThat(settings("").stopOnEntry()).isFalse();
    }

    @Test
    void everyAttributeReachesTheAgent() {
        String all = "'justMyCode':false,'rules':[{'path':'/lib','include':true},{'module':'m','include':false}],"
                + "'stopOnEntry':true,'showReturnValue':false,'breakOnSystemExit':[3,null,{'from':5,'to':9}],"
                + "'breakOnSystemExitZero':true,'maxExceptionStackFrames':7,'steppingResumesAllThreads':false,"
                + "'stopAllThreadsOnSuspend':false,'variablePresentation':{'special':'hide'},'resolveSymlinks':false";
        assertThat(configure(all)).isEqualTo(object("{" + all + "}"));
        assertThat(settings(all).stopOnEntry()).isTrue();
    }

    @Test
    void theCommandIsInPartsForTheAgentAndWholeForTheEcho() {
        LaunchPlan plan =
                launches.plan(PROGRAM + ",'python':['python3','-X','dev'],'pythonArgs':['-B'],'args':['a b']}");
        PythonLaunch python = plan.debugging().orElseThrow().python();
        assertThat(python)
                .isEqualTo(new PythonLaunch(
                        List.of(launches.path("bin/python3").toString(), "-X", "dev", "-u", "-B"),
                        PythonLaunch.Kind.PROGRAM,
                        launches.path("app/main.py").toString(),
                        List.of("a b")));
        assertThat(plan.command()).startsWith(python.interpreter().toArray(new String[0]));
        assertThat(plan.command()).endsWith(python.target(), "a b");
    }

    @Test
    void aModuleAndATextAreToldByTheirNames() {
        assertThat(launches.plan("{'module':'http.server','args':['0']}")
                        .debugging()
                        .orElseThrow()
                        .python())
                .matches(python -> python.kind().word().equals("module")
                        && python.target().equals("http.server")
                        && python.args().equals(List.of("0")));
        assertThat(launches.plan("{'code':['a','b']}").debugging().orElseThrow().python())
                .matches(python ->
                        python.kind().word().equals("code") && python.target().equals("a\nb"));
    }

    @Test
    void aProcessAndARunWithoutDebuggingHaveNoSettings() {
        assertThat(launches.plan("{'program':'tool'}").debugging()).isEmpty();
        assertThat(launches.plan(PROGRAM + ",'noDebug':true}").debugging()).isEmpty();
    }

    @Test
    void aProcessThatShouldStopAtItsEntryIsToldThatItDoesNot() {
        assertThat(launches.parse("{'program':'tool','stopOnEntry':true}"))
                .isInstanceOfSatisfying(
                        LaunchResult.Accepted.class,
                        accepted -> assertThat(accepted.warnings())
                                .containsExactly(
                                        "'stopOnEntry' has no effect: only Python programs can be debugged, and tool is"
                                                + " run as a process"));
    }

    @Test
    void whatTheInterpretersArgumentsRunInsteadIsAFault() {
        assertThat(faults("'pythonArgs':['-X','dev','-m','pytest']"))
                .containsExactly("'pythonArgs' has -m, which says what to run; use 'module' for that");
        assertThat(faults("'noDebug':true,'pythonArgs':['-m','pytest']")).isEmpty();
    }

    @Test
    void theOldOppositeHoldsWhereJustMyCodeIsAbsent() {
        assertThat(configure("'debugStdLib':true").get("justMyCode").getAsBoolean())
                .isFalse();
        assertThat(configure("'debugOptions':['DebugStdLib']").get("justMyCode").getAsBoolean())
                .isFalse();
        assertThat(configure("'debugStdLib':true,'justMyCode':false")
                        .get("justMyCode")
                        .getAsBoolean())
                .isFalse();
    }

    @Test
    void oldFlagsAreWhatTheirAttributesAre() {
        JsonObject flags = configure("'debugOptions':['StopOnEntry','BreakOnSystemExitZero','FixFilePathCase',"
                + "'RedirectOutput','ShowReturnValue','UnixClient']");
        assertThat(flags).isEqualTo(configure("'stopOnEntry':true,'breakOnSystemExitZero':true"));
        assertThat(configure("'options':'STOP_ON_ENTRY=True;BREAK_SYSTEMEXIT_ZERO=True;REDIRECT_OUTPUT=False;'"))
                .isEqualTo(flags);
        assertThat(settings("'options':'CLIENT_OS_TYPE=WINDOWS'").paths().client())
                .isEqualTo(PathStyle.WINDOWS);
    }

    @Test
    void aFlagAndItsAttributeMayNotContradict() {
        assertThat(faults("'stopOnEntry':false,'debugOptions':['StopOnEntry']"))
                .containsExactly("'stopOnEntry' is false, and the old flags have StopOnEntry; keep one");
        assertThat(faults("'clientOS':'unix','debugOptions':['WindowsClient']"))
                .containsExactly("'clientOS' is \"unix\", and the old flags say WindowsClient; keep one");
    }

    @Test
    void aFlagThatNobodyKnowsIsAWarning() {
        assertThat(launches.parse(PROGRAM + ",'debugOptions':['StopOnEnter']}"))
                .isInstanceOfSatisfying(
                        LaunchResult.Accepted.class,
                        accepted -> assertThat(accepted.warnings())
                                .containsExactly("'debugOptions' has an unknown flag 'StopOnEnter', which is ignored"));
    }

    @Test
    void relativeRootsAreBelowTheWorkingDirectory() {
        assertThat(settings(
                                "'pathMappings':[{'localRoot':'/w','remoteRoot':'.'},{'localRoot':'src','remoteRoot':'lib'},"
                                        + "{'localRoot':'/a','remoteRoot':'/b'}]")
                        .pathMappings())
                .containsExactly(
                        new PathMapping("/w", launches.path("").toString()),
                        new PathMapping(
                                launches.path("src").toString(),
                                launches.path("lib").toString()),
                        new PathMapping("/a", "/b"));
    }

    @Test
    void aWindowsClientNamesItsFilesAsWindowsDoes() {
        DebugSettings settings =
                settings("'clientOS':'windows','pathMappings':[{'localRoot':'C:\\\\w','remoteRoot':'/srv'}]");
        assertThat(settings.paths().toTarget("c:\\w\\a\\b.py")).isEqualTo("/srv/a/b.py");
        assertThat(faults("'clientOS':'windows','pathMappings':[{'localRoot':'/w','remoteRoot':'/srv'}]"))
                .containsExactly("'pathMappings[0].localRoot' must be an absolute path of the client; it is \"/w\" (a"
                        + " string); 'clientOS' says that the client's paths are those of Windows");
    }

    @Test
    void aPathThatTheEditorLeftAsItIsIsNamed() {
        assertThat(faults("'pathMappings':[{'localRoot':'${workspaceFolder}','remoteRoot':'/srv'}]"))
                .containsExactly("'pathMappings[0].localRoot' must be an absolute path of the client; it is"
                        + " \"${workspaceFolder}\" (a string); the editor has not replaced '${...}' in it: write the path"
                        + " itself");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"stopOnEntry\":\"yes\" | 'stopOnEntry' must be true or false; it is \"yes\" (a string)",
                "\"rules\":[{\"path\":\"a\"}] | 'rules' must be an array of {\"path\": ..., \"include\": true} and {\"module\": ..., \"include\": false}; rules[0] is {\"path\":\"a\"} (an object)",
                "\"breakOnSystemExit\":[1,{\"from\":9,\"to\":1}] | 'breakOnSystemExit' must be an array of exit codes, null (for an exit without one) and ranges {\"from\": 1, \"to\": 9}; breakOnSystemExit[1] is {\"from\":9,\"to\":1} (an object)",
                "\"clientOS\":\"mac\" | 'clientOS' must be a string: \"windows\" or \"unix\"; it is \"mac\" (a string)",
                "\"maxExceptionStackFrames\":-1 | 'maxExceptionStackFrames' must be a whole number, 0 or more; it is -1 (a number)",
                "\"variablePresentation\":{\"all\":\"fold\"} | 'variablePresentation' must be an object of \"all\", \"special\", \"function\", \"class\" and \"protected\" with \"group\", \"inline\" or \"hide\"; variablePresentation.all is \"fold\" (a string)",
                "\"pathMappings\":[{\"localRoot\":\"/a\"}] | 'pathMappings' must be an array of {\"localRoot\": ..., \"remoteRoot\": ...}, neither of them empty; pathMappings[0] is {\"localRoot\":\"/a\"} (an object)"
            },
            quoteCharacter = '\0')
    void aWrongValueIsOneClearError(String more, String message) {
        assertThat(faults(more)).containsExactly(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'subProcess':false", "'autoReload':{'exclude':['x']}", "'guiEventLoop':'none'"})
    void whatAsksForNothingIsSilent(String more) {
        settings(more);
    }
}
