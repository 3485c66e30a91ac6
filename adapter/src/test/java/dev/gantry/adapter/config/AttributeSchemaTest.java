package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.config.Attribute.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What VS Code knows of a launch configuration is what the adapter knows. */
class AttributeSchemaTest {
    private static final Path PACKAGE = Path.of(System.getProperty("gantry.root", ".."))
            .resolve("extension")
            .resolve("package.json");

    private static final Set<String> TARGETS = Set.of("program", "module", "code");

    @TempDir
    Path directory = Path.of("");

    private Launches launches = Launches.none();

    @BeforeEach
    void makeFiles() throws IOException {
        launches = new Launches(directory);
    }

    @Test
    void theExtensionSaysWhatTheModelSays() throws IOException {
        String text = AttributeSchema.putInto(Files.readString(PACKAGE));
        if (Boolean.getBoolean("gantry.write")) {
            Files.writeString(PACKAGE, text);
        }
        assertThat(PACKAGE).as(AttributePageTest.STALE).hasContent(text);
    }

    @Test
    void theSchemaInTheExtensionIsTheOneThatIsTestedHere() throws IOException {
        JsonObject debugger = debugger();
        assertThat(debugger.getAsJsonObject("configurationAttributes").keySet()).containsExactly("launch");
        assertThat(schema()).isEqualTo(AttributeSchema.launch());
    }

    @Test
    void nothingElseOfTheExtensionIsChanged() {
        String before = "{ \"x\":1,\n        \"configurationAttributes\": {";
        String after = "\n        },\n  \"y\" : {}\n}\n\n";
        assertThat(AttributeSchema.putInto(before + "\n          \"launch\": {}" + after))
                .startsWith(before)
                .contains("\"program\": {")
                .endsWith(after);
    }

    @Test
    void everyAttributeIsThereOrVsCodesOwn() throws IOException {
        JsonObject properties = schema().getAsJsonObject("properties");
        for (Attribute attribute : Attributes.list()) {
            String name = attribute.name();
            if (AttributeSchema.isOfVsCode(name)) {
                assertThat(attribute.role()).as(name).isEqualTo(Role.EDITOR);
                assertThat(properties.has(name)).as(name).isFalse();
                continue;
            }
            String description =
                    properties.getAsJsonObject(name).get("description").getAsString();
            assertThat(description).as(name).isNotBlank().doesNotContain("`");
            if (attribute.role() != Role.SUPPORTED) {
                assertThat(description).as(name).startsWith("Accepted without an effect");
            }
        }
    }

    @Test
    void aDefaultChangesNothingForAnyTarget() throws IOException {
        for (Map.Entry<String, JsonElement> property :
                schema().getAsJsonObject("properties").entrySet()) {
            JsonElement standard = property.getValue().getAsJsonObject().get("default");
            if (standard != null) {
                for (String target : new String[] {"'program':'tool'", "'program':'app/main.py'", "'module':'m'"}) {
                    assertSamePlan(target, "'" + property.getKey() + "':" + standard);
                }
            }
        }
    }

    @Test
    void anExampleIsTakenWithoutAWarning() throws IOException {
        launches.file(".env", "NAME=value\n");
        for (Map.Entry<String, JsonElement> property :
                schema().getAsJsonObject("properties").entrySet()) {
            JsonElement examples = property.getValue().getAsJsonObject().get("examples");
            if (examples != null) {
                for (JsonElement example : examples.getAsJsonArray()) {
                    String target = TARGETS.contains(property.getKey())
                            ? ""
                            : property.getKey().equals("cwd")
                                    ? "'program':'$D/app/main.py',"
                                    : "'program':'$D/app/main.py','cwd':'$D',";
                    String value =
                            example.toString().replace("${file}", "$D/bin/tool").replace("${workspaceFolder}", "$D");
                    launches.plan("{" + target + "'" + property.getKey() + "':" + value + "}");
                }
            }
        }
    }

    @Test
    void theStopLadderThatIsProposedIsPythons() throws IOException {
        JsonObject ladder = schema().getAsJsonObject("properties").getAsJsonObject("stopLadder");
        assertThat(ladder.has("default")).isFalse();
        assertSamePlan(
                "'program':'app/main.py'",
                "'stopLadder':" + ladder.getAsJsonArray("examples").get(0));
    }

    private void assertSamePlan(String target, String more) {
        assertThat(launches.plan("{" + target + "," + more + "}"))
                .as(more)
                .usingRecursiveComparison()
                .ignoringFields("arguments")
                .isEqualTo(launches.plan("{" + target + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'pythonPath':'python3.8','consoleName':'x','gantryToken':'t'",
                "'module':null,'code':null,'console':null,'runtime':null,'stopLadder':null,'env':null,'tty':null",
                "'env':{'A':'x','B':1,'C':true,'D':null},'args':['x',1,true],'python':['python3','-X','dev']",
                "'args':'a b','envFile':[],'pythonArgs':[],'outputCap':{'size':'1 MiB','path':'rest'}",
                "'stdio':['input.txt','pipe',null]",
                "'stdio':{'stdin':{'path':'input.txt'},'stderr':{'path':'log','append':true}}",
                "'tty':{'columns':100,'rows':30},'drainTimeout':0.5,'outputCap':1000",
                "'stopLadder':['INT',{'signal':'SIGTERM'},{'signal':'HUP','wait':3}]",
                "'command':'x','purpose':['debug-test'],'variants':[],'workspaceFolder':'/w','__sessionId':'1'",
                "'justMyCode':true,'stopOnEntry':false,'host':'','debugOptions':['ShowReturnValue'],'onTerminate':'KeyboardInterrupt'",
                "'rules':[{'path':'a/**','include':true},{'module':'m','include':false}],'clientOS':'unix'",
                "'breakOnSystemExit':[0,null,{'from':-1,'to':3}],'maxExceptionStackFrames':5",
                "'pathMappings':[{'localRoot':'/a','remoteRoot':'.'}],'variablePresentation':{'all':'hide'}",
                "'options':'STOP_ON_ENTRY=True','resolveSymlinks':true,'stopAllThreadsOnSuspend':false"
            })
    void whatTheAdapterTakesIsNotUnderlined(String more) throws IOException {
        String json = "{'program':'$D/app/main.py','cwd':'$D'," + more + "}";
        launches.plan(json);
        assertThat(SchemaCheck.of(object(json), schema())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'frobnicate':1",
                "'stoplader':[]",
                "'env':{'A':[]}",
                "'args':[null]",
                "'python':[1]",
                "'console':'terminal'",
                "'tty':{'cols':100}",
                "'tty':{'rows':0}",
                "'stdio':['pipe',5]",
                "'stdio':['pipe','pipe','pipe','pipe']",
                "'stdio':{'stdlog':'pipe'}",
                "'stdio':{'stdin':{'append':false}}",
                "'stopLadder':[{'wait':1}]",
                "'stopLadder':'INT'",
                "'outputCap':{'path':'rest'}",
                "'outputCap':-1",
                "'drainTimeout':100000",
                "'mergeOutput':'yes'",
                "'stopOnEntry':1",
                "'rules':[{'include':true}]",
                "'rules':[{'path':'a'}]",
                "'breakOnSystemExit':[1.5]",
                "'breakOnSystemExit':[{'from':1}]",
                "'breakOnSystemExit':1",
                "'pathMappings':[{'localRoot':'/a'}]",
                "'pathMappings':{'localRoot':'/a','remoteRoot':'/b'}",
                "'variablePresentation':{'all':'fold'}",
                "'variablePresentation':{'none':'hide'}",
                "'clientOS':'mac'",
                "'maxExceptionStackFrames':-1",
                "'maxExceptionStackFrames':1.5",
                "'debugOptions':'StopOnEntry'"
            })
    void whatIsWrongIsUnderlinedAndToldByTheAdapterToo(String more) throws IOException {
        String json = "{'program':'app/main.py'," + more + "}";
        assertThat(SchemaCheck.of(object(json), schema())).isNotEmpty();
        assertThat(isTakenSilently(launches.parse(json))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void nothingIsUnderlinedThatTheAdapterTakesSilently(long seed) throws IOException {
        Random random = new Random(seed);
        JsonObject schema = schema();
        List<Attribute> attributes = Attributes.list();
        LaunchParser parser = new LaunchParser(new Host(Map.of("PATH", "/usr/bin:/bin"), directory));
        int silent = 0;
        for (int i = 0; i < 4000; i++) {
            JsonObject json = new JsonObject();
            json.addProperty("program", "/bin/sh");
            for (int n = 1 + random.nextInt(2); n > 0; n--) {
                json.add(attributes.get(random.nextInt(attributes.size())).name(), LaunchFuzzTest.element(random, 0));
            }
            if (isTakenSilently(parser.parse(json))) {
                silent++;
                assertThat(SchemaCheck.of(json, schema)).as(json.toString()).isEmpty();
            }
        }
        assertThat(silent).isGreaterThan(500);
    }

    private static boolean isTakenSilently(LaunchResult result) {
        return result instanceof LaunchResult.Accepted accepted
                && accepted.warnings().isEmpty();
    }

    private static JsonObject object(String json) {
        return JsonParser.parseString(json).getAsJsonObject();
    }

    private static JsonObject debugger() throws IOException {
        return object(Files.readString(PACKAGE))
                .getAsJsonObject("contributes")
                .getAsJsonArray("debuggers")
                .get(0)
                .getAsJsonObject();
    }

    private static JsonObject schema() throws IOException {
        return debugger().getAsJsonObject("configurationAttributes").getAsJsonObject("launch");
    }
}
