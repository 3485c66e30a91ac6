package dev.gantry.adapter.config;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.config.Attribute.Role;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The JSON Schema of a launch configuration that VS Code checks a launch.json by, made from {@link Attributes}. Pure.
 *
 * <p>It says no to nothing that the adapter takes without a word; what only a launch can tell, such as a file that is missing, is
 * left to the adapter. There is a part for launch alone: a part for attach would have VS Code offer what the adapter refuses.
 */
final class AttributeSchema {
    /** VS Code adds these to every schema, with descriptions of its own. */
    private static final Set<String> OF_VS_CODE = Set.of(
            "name",
            "type",
            "request",
            "preLaunchTask",
            "postDebugTask",
            "internalConsoleOptions",
            "serverReadyAction",
            "presentation",
            "debugServer",
            "suppressMultipleSessionWarning",
            "windows",
            "linux",
            "osx");

    private static final String TEXTS = "{'items': {'type': 'string'}}";
    private static final String STREAM = "{'type': ['string', 'object', 'null'], 'required': ['path'],"
            + " 'properties': {'path': {'type': 'string'}, 'append': {'type': 'boolean'}}, 'additionalProperties': false}";
    private static final String SIZE = "{'type': 'integer', 'minimum': 1, 'maximum': 65535}";

    private static final String START = "\n        \"configurationAttributes\": {";
    private static final String END = "\n        }";
    private static final Gson ONE_LINE = new GsonBuilder()
            .setFormattingStyle(FormattingStyle.COMPACT.withSpaceAfterSeparators(true))
            .serializeNulls()
            .disableHtmlEscaping()
            .create();

    private AttributeSchema() {}

    static boolean isOfVsCode(String name) {
        return OF_VS_CODE.contains(name);
    }

    /** What configurationAttributes has under launch. */
    static JsonObject launch() {
        JsonObject properties = new JsonObject();
        for (Attribute attribute : Attributes.list()) {
            if (!isOfVsCode(attribute.name())) {
                properties.add(attribute.name(), property(attribute));
            }
        }
        JsonObject ofEditors = new JsonObject();
        ofEditors.add("^__", property(Attribute.accepted("__", Role.EDITOR, "an editor's own")));
        JsonObject launch = new JsonObject();
        launch.add("properties", properties);
        launch.add("patternProperties", ofEditors);
        return launch;
    }

    /** The extension's package.json with the schema in its place, and nothing else changed. */
    static String putInto(String packageJson) {
        int start = packageJson.indexOf(START);
        int end = start < 0 ? -1 : packageJson.indexOf(END, start);
        if (end < 0) {
            throw new IllegalArgumentException(
                    "no configurationAttributes, indented by eight blanks, to put the schema into");
        }
        StringBuilder text = new StringBuilder(packageJson.substring(0, start + START.length()));
        text.append("\n          \"launch\": {");
        String comma = "";
        for (Map.Entry<String, JsonElement> part : launch().entrySet()) {
            text.append(comma).append("\n            \"").append(part.getKey()).append("\": {");
            addLines(text, part.getValue().getAsJsonObject());
            text.append("\n            }");
            comma = ",";
        }
        return text.append("\n          }").append(packageJson.substring(end)).toString();
    }

    /** One line for each attribute, so that a change shows as one. */
    private static void addLines(StringBuilder text, JsonObject properties) {
        String comma = "";
        for (Map.Entry<String, JsonElement> property : properties.entrySet()) {
            text.append(comma)
                    .append("\n              \"")
                    .append(property.getKey())
                    .append("\": ");
            text.append(ONE_LINE.toJson(property.getValue()));
            comma = ",";
        }
    }

    private static JsonObject property(Attribute attribute) {
        JsonObject property = new JsonObject();
        if (!attribute.types().isEmpty()) {
            property.add("type", types(attribute));
        }
        if (!attribute.values().isEmpty()) {
            property.add("enum", values(attribute));
        }
        property.addProperty("description", description(attribute));
        if (attribute.role() != Role.SUPPORTED || attribute.notes().group() == Attribute.Group.OLD) {
            property.addProperty("doNotSuggest", true);
        }
        for (Map.Entry<String, JsonElement> more : more(attribute.name()).entrySet()) {
            property.add(more.getKey(), more.getValue());
        }
        String example = attribute.notes().example();
        if (!example.isEmpty()) {
            JsonArray examples = new JsonArray();
            examples.add(JsonParser.parseString(example));
            property.add("examples", examples);
        }
        return property;
    }

    /** null is the same as leaving the attribute out. */
    private static JsonArray types(Attribute attribute) {
        JsonArray types = new JsonArray();
        for (JsonType type : attribute.types()) {
            types.add(type.name().toLowerCase(Locale.ROOT));
        }
        types.add("null");
        return types;
    }

    private static JsonArray values(Attribute attribute) {
        JsonArray values = new JsonArray();
        for (String value : attribute.values()) {
            values.add(new JsonPrimitive(value));
        }
        values.add(JsonNull.INSTANCE);
        return values;
    }

    private static String description(Attribute attribute) {
        String meaning = plain(attribute.meaning());
        return switch (attribute.role()) {
            case SUPPORTED ->
                meaning
                        + sentence("Allowed", attribute.form())
                        + sentence("Default", attribute.standard())
                        + (attribute.notes().use() == Attribute.Use.ANY
                                ? ""
                                : sentence("For", attribute.notes().use().words()));
            case NOT_YET, DEBUGGING -> "Accepted without an effect so far: " + meaning + ".";
            case REPLACED -> "Accepted without an effect; use instead: " + meaning + ".";
            case ATTACH -> "Accepted without an effect in a launch: " + meaning + ".";
            case FOREIGN, EDITOR -> "Accepted without an effect: " + meaning + ".";
        };
    }

    private static String sentence(String about, String text) {
        return text.isEmpty() ? "" : " " + about + ": " + plain(text) + ".";
    }

    /** Descriptions are no Markdown. */
    private static String plain(String text) {
        return text.replace('`', '\'');
    }

    private static String presentations() {
        String allowed = ": {'type': 'string', 'enum': ['" + String.join("', '", Debugging.PRESENTATIONS) + "']}";
        return "{'" + String.join("'" + allowed + ", '", Debugging.GROUPS) + "'" + allowed + "}";
    }

    /**
     * What the model has in words only: the form of parts, and a default that is the same for every target.
     */
    private static JsonObject more(String name) {
        String json = switch (name) {
            case "code", "python", "pythonArgs", "envFile", "debugOptions" -> TEXTS;
            case "args" -> "{'items': {'type': ['string', 'number', 'boolean']}}";
            case "env" -> "{'additionalProperties': {'type': ['string', 'number', 'boolean', 'null']}}";
            case "stdio" ->
                "{'items': " + STREAM + ", 'maxItems': 3, 'properties': {'stdin': " + STREAM + ", 'stdout': " + STREAM
                        + ", 'stderr': " + STREAM + "}, 'additionalProperties': false}";
            case "tty" ->
                "{'properties': {'columns': " + SIZE + ", 'rows': " + SIZE
                        + "}, 'additionalProperties': false, 'default': false}";
            case "noDebug", "mergeOutput", "stopOnEntry", "breakOnSystemExitZero" -> "{'default': false}";
            case "justMyCode", "steppingResumesAllThreads", "stopAllThreadsOnSuspend", "showReturnValue" ->
                "{'default': true}";
            case "rules" ->
                "{'items': {'type': 'object', 'required': ['include'], 'properties': {'include': {'type': 'boolean'},"
                        + " 'path': {'type': 'string'}, 'module': {'type': 'string'}}, 'additionalProperties': false,"
                        + " 'minProperties': 2, 'maxProperties': 2}}";
            case "breakOnSystemExit" ->
                "{'items': {'type': ['integer', 'object', 'null'], 'required': ['from', 'to'], 'properties':"
                        + " {'from': {'type': 'integer'}, 'to': {'type': 'integer'}}, 'additionalProperties': false}}";
            case "pathMappings" ->
                "{'items': {'type': 'object', 'required': ['localRoot', 'remoteRoot'], 'properties': {'localRoot':"
                        + " {'type': 'string'}, 'remoteRoot': {'type': 'string'}}, 'additionalProperties': false}}";
            case "variablePresentation" -> "{'properties': " + presentations() + ", 'additionalProperties': false}";
            case "maxExceptionStackFrames" ->
                "{'type': ['integer', 'null'], 'minimum': 0, 'maximum': 2147483647, 'default': 0}";
            case "console" -> "{'default': 'internalConsole'}";
            case "killTree" -> "{'default': 'stop'}";
            case "outputEncoding" -> "{'default': 'utf-8'}";
            case "drainTimeout" -> "{'minimum': 0, 'maximum': 86400, 'default': 2}";
            case "outputCap" ->
                "{'minimum': 0, 'properties': {'size': {'type': ['number', 'string'], 'minimum': 0},"
                        + " 'path': {'type': 'string'}}, 'required': ['size'], 'additionalProperties': false}";
            case "stopLadder" ->
                "{'items': {'type': ['string', 'object'], 'properties': {'signal': {'type': 'string'},"
                        + " 'wait': {'type': 'number', 'minimum': 0, 'maximum': 86400}}, 'required': ['signal'],"
                        + " 'additionalProperties': false}}";
            default -> "{}";
        };
        return JsonParser.parseString(json).getAsJsonObject();
    }
}
