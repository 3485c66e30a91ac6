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
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    @Test
    void eclipsesLaunchConfiguration() throws Exception {
        NodeList attributes = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(ROOT.resolve("extension/eclipse/gantry-run.launch").toFile())
                .getElementsByTagName("stringAttribute");
        List<String> parameters = new ArrayList<>();
        for (int i = 0; i < attributes.getLength(); i++) {
            Element attribute = (Element) attributes.item(i);
            if (attribute.getAttribute("key").endsWith(".ATTR_DSP_PARAM")) {
                parameters.add(attribute.getAttribute("value"));
            }
        }
        assertThat(parameters).hasSize(1);
        assertTaken(JsonParser.parseString(parameters.get(0)).getAsJsonObject());
    }

    @Test
    void neovimsConfiguration() throws IOException {
        String table = found("local run = \\{(.*?)\\n  }", read("extension/nvim/gantry.lua"));
        assertTaken(pairs("(\\w+) = '([^']*)',", table));
    }

    @Test
    void vimsConfiguration() throws IOException {
        List<JsonObject> blocks = jsonBlocks("extension/vim/README.md");
        assertThat(blocks).hasSize(1);
        JsonObject configurations = blocks.get(0).getAsJsonObject("configurations");
        assertThat(configurations.keySet()).isNotEmpty();
        for (String name : configurations.keySet()) {
            assertTaken(configurations.getAsJsonObject(name).getAsJsonObject("configuration"));
        }
    }

    @Test
    void emacsConfiguration() throws IOException {
        String block = found("```elisp\\n(.*?)```", read("extension/emacs/README.md"));
        assertTaken(pairs(" :(\\w+) \"?([\\w-]+)\"?", block));
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
                .contains("{ '/d', '/c', 'call', script }", "(command .. '.cmd'):gsub('/', '\\\\')")
                .containsPattern("local windows = vim\\.fn\\.has\\('win32'\\) == 1\n")
                .containsPattern("\n    options = \\{[^}]* detached = not windows }");
        String command = "C:\\path\\to\\gantry.cmd dap";
        for (String page : new String[] {"docs/editors.md", "docs/platforms.md", "README.md"}) {
            assertThat(read(page))
                    .contains("`cmd /d /c call " + command)
                    .doesNotContain("cmd /c " + command, "/d /c " + command);
        }
        assertThat(read("docs/editors.md")).contains("detached", "`&`", "${env_var:GANTRY_HOME}/gantry.cmd");
        String script = "\"C:\\\\path\\\\to\\\\gantry\\\\gantry.cmd\"";
        assertThat(read("extension/vim/README.md"))
                .contains("[\"cmd.exe\", \"/d\", \"/c\", \"call\", " + script + ", \"dap\"]");
        assertThat(read("extension/emacs/README.md"))
                .contains("command \"cmd.exe\"", "command-args (\"/d\" \"/c\" \"call\" " + script + " \"dap\")");
    }

    private static List<JsonObject> jsonBlocks(String file) throws IOException {
        List<JsonObject> blocks = new ArrayList<>();
        Matcher matcher = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(read(file));
        while (matcher.find()) {
            blocks.add(JsonParser.parseString(matcher.group(1)).getAsJsonObject());
        }
        return blocks;
    }

    private static String found(String regex, String text) {
        Matcher matcher = Pattern.compile(regex, Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).as(regex).isTrue();
        return matcher.group(1);
    }

    private static JsonObject pairs(String regex, String text) {
        JsonObject object = new JsonObject();
        Matcher matcher = Pattern.compile(regex).matcher(text);
        while (matcher.find()) {
            object.addProperty(matcher.group(1), matcher.group(2));
        }
        assertThat(object.keySet()).contains("request", "program", "cwd");
        return object;
    }
}
