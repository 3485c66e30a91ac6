package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Every configuration that we hand to a user of an editor is taken without a warning, for a Python file and for a program. */
class EditorConfigurationsTest {
    private static final Path ROOT = Path.of(System.getProperty("gantry.root", ".."));
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{\\d+:([^}]*)}");

    @TempDir
    Path directory = Path.of("");

    private Launches launches = Launches.none();

    @BeforeEach
    void makeFiles() throws IOException {
        launches = new Launches(directory);
        launches.executable("app/run");
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    private static JsonObject debugger() throws IOException {
        return JsonParser.parseString(read("extension/package.json"))
                .getAsJsonObject()
                .getAsJsonObject("contributes")
                .getAsJsonArray("debuggers")
                .get(0)
                .getAsJsonObject();
    }

    /** The configuration after the editor has replaced its variables, for one file after the other. */
    private void assertTaken(JsonObject configuration) {
        assertThat(configuration.get("request").getAsString()).isEqualTo("launch");
        for (String file : new String[] {"app/main.py", "app/run"}) {
            String json = configuration
                    .toString()
                    .replace("${file}", "$D/" + file)
                    .replace("${workspaceFolder}", "$D")
                    .replace("${workspaceRoot}", "$D")
                    .replace("${resource_loc}", "$D/" + file)
                    .replace("${container_loc}", "$D/app")
                    .replace("dape-buffer-default", file)
                    .replace("dape-cwd", "$D/");
            assertThat(json).doesNotContain("${", "'");
            LaunchPlan plan = launches.plan(json);
            assertThat(plan.workingDirectory()).isIn(launches.path(""), launches.path("app"));
            if (configuration.has("program")) {
                assertThat(plan.command()).contains(launches.path(file).toString());
            }
        }
    }

    /** Also by VS Code. */
    private void assertTakenByVsCode(JsonObject configuration) throws IOException {
        assertTaken(configuration);
        assertThat(configuration.get("type").getAsString()).isEqualTo("gantry");
        assertThat(configuration.get("name").getAsString()).isNotBlank();
        JsonObject schema =
                debugger().getAsJsonObject("configurationAttributes").getAsJsonObject("launch");
        assertThat(SchemaCheck.of(configuration, schema)).isEmpty();
    }

    @Test
    void vsCodesFirstConfigurations() throws IOException {
        JsonArray configurations = debugger().getAsJsonArray("initialConfigurations");
        assertThat(configurations).isNotEmpty();
        for (JsonElement configuration : configurations) {
            assertTakenByVsCode(configuration.getAsJsonObject());
        }
    }

    @Test
    void vsCodesSnippets() throws IOException {
        JsonArray snippets = debugger().getAsJsonArray("configurationSnippets");
        assertThat(snippets).isNotEmpty();
        for (JsonElement snippet : snippets) {
            JsonObject configuration = inserted(snippet.getAsJsonObject().getAsJsonObject("body"));
            assertTakenByVsCode(configuration);
            boolean terminal = configuration.has("console");
            assertThat(configuration.has("internalConsoleOptions"))
                    .as("nothing is shown in the debug console of a program in a terminal")
                    .isEqualTo(terminal);
        }
    }

    /** What VS Code makes of a snippet: placeholders become their text, and "^" says that the rest is written as it is. */
    private static JsonObject inserted(JsonObject body) {
        JsonObject configuration = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : body.entrySet()) {
            JsonElement value = entry.getValue();
            if (value instanceof JsonPrimitive text && text.isString()) {
                String raw = text.getAsString();
                value = raw.startsWith("^")
                        ? JsonParser.parseString(raw.substring(1).replace("\\$", "$"))
                        : new JsonPrimitive(PLACEHOLDER.matcher(raw).replaceAll("$1"));
            }
            configuration.add(entry.getKey(), value);
        }
        return configuration;
    }

    @Test
    void theReadmesExample() throws IOException {
        List<JsonObject> examples = jsonBlocks("README.md");
        assertThat(examples).isNotEmpty();
        for (JsonObject example : examples) {
            assertTakenByVsCode(example);
        }
    }

    /** The values of a .launch file by the last part of their keys. */
    private static Map<String, List<String>> eclipse(String name) throws Exception {
        Document file = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve("extension/eclipse/" + name).toFile());
        Map<String, List<String>> values = new HashMap<>();
        for (String kind : new String[] {"stringAttribute", "listAttribute"}) {
            NodeList attributes = file.getElementsByTagName(kind);
            for (int i = 0; i < attributes.getLength(); i++) {
                Element attribute = (Element) attributes.item(i);
                String key = attribute.getAttribute("key");
                List<String> list =
                        values.computeIfAbsent(key.substring(key.lastIndexOf('.') + 1), k -> new ArrayList<>());
                NodeList entries = attribute.getElementsByTagName("listEntry");
                for (int n = 0; n < entries.getLength(); n++) {
                    list.add(((Element) entries.item(n)).getAttribute("value"));
                }
                if (kind.equals("stringAttribute")) {
                    list.add(attribute.getAttribute("value"));
                }
            }
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"gantry-debug.launch", "gantry-run.launch"})
    void eclipsesLaunchConfigurations(String name) throws Exception {
        Map<String, List<String>> values = eclipse(name);
        assertThat(values.get("ATTR_DSP_PARAM")).hasSize(1);
        assertTaken(JsonParser.parseString(values.get("ATTR_DSP_PARAM").get(0)).getAsJsonObject());
        List<String> words = new ArrayList<>(values.get("ATTR_DSP_CMD"));
        words.addAll(values.get("ATTR_DSP_ARGS"));
        assertThat(words)
                .as("LSP4E replaces no variables in them, and its dialog splits them at blanks")
                .containsExactly("sh", "-c", "\"$GANTRY_HOME\"/gantry")
                .allSatisfy(word -> assertThat(word).doesNotContain(" ", "${"));
    }

    @Test
    void eclipsesExternalTool() throws Exception {
        Map<String, List<String>> values = eclipse("gantry-external-tool.launch");
        assertThat(values.get("ATTR_LOCATION")).containsExactly("${env_var:GANTRY_HOME}/gantry");
        assertThat(values.get("ATTR_TOOL_ARGUMENTS")).containsExactly("run \"${resource_loc}\"");
        assertThat(values.get("ATTR_WORKING_DIRECTORY")).containsExactly("${container_loc}");
    }

    @Test
    void neovimsConfigurations() throws IOException {
        Matcher tables = Pattern.compile("\\{\\s*type = 'gantry',(?:[^}$]|\\$\\{\\w+})*}")
                .matcher(read("extension/nvim/gantry.lua"));
        List<JsonObject> configurations = new ArrayList<>();
        while (tables.find()) {
            String table = tables.group().replace("ask_program", "'${file}'").replace("ask_arguments", "'one two'");
            configurations.add(pairs("(\\w+) = (?:'([^']*)'|(\\w+)),?", table));
        }
        assertThat(configurations).hasSize(5);
        for (JsonObject configuration : configurations) {
            assertTakenByVsCode(configuration);
        }
    }

    /** Vimspector asks at each start for what an exception filter is to be, unless the configuration says so. */
    @Test
    void vimsConfigurations() throws IOException {
        JsonObject configurations = JsonParser.parseString(read("extension/vim/.vimspector.json"))
                .getAsJsonObject()
                .getAsJsonObject("configurations");
        List<String> filters = new ArrayList<>();
        Matcher filter = Pattern.compile("\\bfilter\\(\\s*\"(\\w+)\"")
                .matcher(read("adapter/src/main/java/dev/gantry/adapter/session/AnnouncedCapabilities.java"));
        while (filter.find()) {
            filters.add(filter.group(1));
        }
        assertThat(filters).contains("uncaught");
        assertThat(configurations.keySet()).hasSize(3);
        for (String name : configurations.keySet()) {
            JsonObject configuration = configurations.getAsJsonObject(name);
            assertThat(configuration.get("adapter").getAsString()).isEqualTo("gantry");
            assertThat(configuration
                            .getAsJsonObject("breakpoints")
                            .getAsJsonObject("exception")
                            .keySet())
                    .containsExactlyInAnyOrderElementsOf(filters);
            String asked = configuration
                    .getAsJsonObject("configuration")
                    .toString()
                    .replace("${Program:${file\\\\}}", "${file}")
                    .replace("*${Arguments}", "one");
            assertTaken(JsonParser.parseString(asked).getAsJsonObject());
        }
    }

    @Test
    void dapesConfigurations() throws IOException {
        String file = read("extension/emacs/gantry-dape.el").replace("gantry-dape-read-program", "dape-buffer-default");
        String[] lists = file.substring(file.indexOf("(dolist")).split("ensure gantry-dape-ensure");
        assertThat(lists).hasSize(4);
        for (int i = 1; i < lists.length; i++) {
            assertTaken(pairs(" :(\\w+) (?:\"?([a-z][a-z-]+)\"?|(t)\\b)", lists[i]));
        }
    }

    /** cmd takes the quotes off a path that comes first; a cmd that is detached from any console gives java no pipes. */
    @Test
    void onWindowsTheBatchFileIsCalledByAnInterpreterThatHasAConsole() throws IOException {
        JsonObject windows = debugger().getAsJsonObject("windows");
        assertThat(windows.get("runtime").getAsString()).isEqualTo("cmd.exe");
        assertThat(windows.getAsJsonArray("runtimeArgs"))
                .extracting(JsonElement::getAsString)
                .containsExactly("/d", "/c", "call");
        assertThat(windows.get("program").getAsString()).isEqualTo("./adapter.cmd");
        assertThat(read("extension/nvim/gantry.lua"))
                .contains("{ '/d', '/c', 'call', (script:gsub('/', '\\\\')) }")
                .containsPattern("local windows = vim\\.fn\\.has\\('win32'\\) == 1\n")
                .containsPattern("\n    options = \\{[^}]* detached = not windows }");
        String command = "C:\\path\\to\\gantry.cmd dap";
        for (String page : new String[] {"docs/editors.md", "docs/platforms.md", "README.md"}) {
            assertThat(read(page))
                    .contains("`cmd /d /c call " + command)
                    .doesNotContain("cmd /c " + command, "/d /c " + command);
        }
        assertThat(read("docs/editors.md")).contains("detached", "`&`", "${env_var:GANTRY_HOME}/gantry.cmd");
        assertThat(read("extension/eclipse/README.md")).contains("\n/d /c call \"%GANTRY_HOME%\\gantry.cmd\" dap\n");
        assertThat(read("extension/vim/gantry.vim"))
                .contains("['cmd.exe', '/d', '/c', 'call', s:script, 'dap']", ". '.cmd', '/', '\\\\', 'g')");
        assertThat(read("extension/emacs/gantry.el"))
                .contains("(list \"cmd.exe\" \"/d\" \"/c\" \"call\" (subst-char-in-string ?/ ?\\\\ found) \"dap\")");
    }

    private static List<JsonObject> jsonBlocks(String file) throws IOException {
        List<JsonObject> blocks = new ArrayList<>();
        Matcher matcher = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(read(file));
        while (matcher.find()) {
            blocks.add(JsonParser.parseString(matcher.group(1)).getAsJsonObject());
        }
        return blocks;
    }

    private static JsonObject pairs(String regex, String text) {
        JsonObject object = new JsonObject();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while (matcher.find()) {
            if (matcher.group(2) != null) {
                object.addProperty(matcher.group(1), matcher.group(2));
            } else {
                object.addProperty(matcher.group(1), true);
            }
        }
        assertThat(object.keySet()).contains("request", "program", "cwd");
        return object;
    }
}
