package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What VS Code would underline in a launch configuration. It knows the keywords that our schema uses, all of which VS Code knows,
 * and throws at any other. Confined to one check.
 */
final class SchemaCheck {
    private final List<String> complaints = new ArrayList<>();

    private SchemaCheck() {}

    /** The names and values that the schema of a launch does not allow. */
    static List<String> of(JsonObject configuration, JsonObject launch) {
        // VS Code adds this, and the attributes of its own.
        JsonObject schema = launch.deepCopy();
        schema.addProperty("additionalProperties", false);
        JsonObject rest = new JsonObject();
        for (Map.Entry<String, JsonElement> entry : configuration.entrySet()) {
            if (!AttributeSchema.isOfVsCode(entry.getKey())) {
                rest.add(entry.getKey(), entry.getValue());
            }
        }
        SchemaCheck check = new SchemaCheck();
        check.check("", rest, schema);
        return check.complaints;
    }

    private void check(String place, JsonElement value, JsonObject schema) {
        for (Map.Entry<String, JsonElement> entry : schema.entrySet()) {
            JsonElement rule = entry.getValue();
            boolean fits = switch (entry.getKey()) {
                case "description", "default", "examples", "doNotSuggest" -> true;
                case "type" -> isOfType(value, rule);
                case "enum" -> rule.getAsJsonArray().contains(value);
                case "minimum" -> !isNumber(value) || value.getAsDouble() >= rule.getAsDouble();
                case "maximum" -> !isNumber(value) || value.getAsDouble() <= rule.getAsDouble();
                case "maxItems" -> !(value instanceof JsonArray array) || array.size() <= rule.getAsInt();
                case "minProperties" -> !(value instanceof JsonObject object) || object.size() >= rule.getAsInt();
                case "maxProperties" -> !(value instanceof JsonObject object) || object.size() <= rule.getAsInt();
                case "required" -> !(value instanceof JsonObject object) || hasAll(object, rule.getAsJsonArray());
                case "items" -> checkItems(place, value, rule.getAsJsonObject());
                case "additionalProperties" -> checkProperties(place, value, schema);
                case "properties", "patternProperties" -> schema.has("additionalProperties");
                default -> throw new IllegalArgumentException("unknown keyword " + entry.getKey() + " at " + place);
            };
            if (!fits) {
                complaints.add(place + ": " + entry.getKey());
            }
        }
    }

    private static boolean isNumber(JsonElement value) {
        return JsonType.of(value) == JsonType.NUMBER;
    }

    private static boolean isOfType(JsonElement value, JsonElement rule) {
        if (rule instanceof JsonArray several) {
            for (JsonElement one : several) {
                if (isOfType(value, one)) {
                    return true;
                }
            }
            return false;
        }
        if (rule.getAsString().equals("integer")) {
            return isNumber(value) && value.getAsDouble() == Math.rint(value.getAsDouble());
        }
        return JsonType.of(value) == JsonType.valueOf(rule.getAsString().toUpperCase(Locale.ROOT));
    }

    private static boolean hasAll(JsonObject object, JsonArray names) {
        for (JsonElement name : names) {
            if (!object.has(name.getAsString())) {
                return false;
            }
        }
        return true;
    }

    private boolean checkItems(String place, JsonElement value, JsonObject schema) {
        if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                check(place + "[" + i + "]", array.get(i), schema);
            }
        }
        return true;
    }

    /** By their names, by patterns, and by what holds for the rest; false where the rest is not allowed. */
    private boolean checkProperties(String place, JsonElement value, JsonObject schema) {
        if (!(value instanceof JsonObject object)) {
            return true;
        }
        JsonElement others = schema.get("additionalProperties");
        boolean fits = true;
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            String name = entry.getKey();
            JsonElement own = named(schema, name).orElse(others);
            if (own instanceof JsonObject ownSchema) {
                check(place + "." + name, entry.getValue(), ownSchema);
            } else {
                fits &= own.getAsBoolean();
            }
        }
        return fits;
    }

    private static Optional<JsonElement> named(JsonObject schema, String name) {
        @Nullable JsonObject properties = schema.getAsJsonObject("properties");
        if (properties != null && properties.has(name)) {
            return Optional.of(properties.get(name));
        }
        @Nullable JsonObject patterns = schema.getAsJsonObject("patternProperties");
        if (patterns != null) {
            for (Map.Entry<String, JsonElement> entry : patterns.entrySet()) {
                if (Pattern.compile(entry.getKey()).matcher(name).find()) {
                    return Optional.of(entry.getValue());
                }
            }
        }
        return Optional.empty();
    }
}
