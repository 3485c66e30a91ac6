package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments while they are read: checked against {@link Attributes} first, then asked for value by value. Collects what is
 * wrong; a faulty attribute reads as absent, so that each fault is told once. Confined to one parse.
 */
final class Arguments {
    private final JsonObject json;
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private final List<String> notYet = new ArrayList<>();
    private final List<String> ofAttach = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();
    private final Set<String> faulty = new HashSet<>();

    private Arguments(JsonObject json) {
        this.json = json;
    }

    static Arguments check(JsonObject json) {
        Arguments arguments = new Arguments(json);
        for (Map.Entry<String, JsonElement> entry : json.entrySet()) {
            if (!entry.getValue().isJsonNull()) {
                arguments.checkOne(entry.getKey(), entry.getValue());
            }
        }
        return arguments;
    }

    private void checkOne(String name, JsonElement value) {
        Attribute attribute = Attributes.find(name);
        if (attribute == null) {
            Optional<String> nearest = NearestName.of(name);
            String hint = nearest.isPresent() ? "; did you mean '" + nearest.get() + "'?" : "";
            String shown = "unknown attribute '" + JsonType.shown(name) + "'";
            warn(shown + " is ignored" + hint);
            unknown.add(shown + hint);
            return;
        }
        switch (attribute.role()) {
            case SUPPORTED -> {
                if (!attribute.allows(value)) {
                    wrong(attribute, name, value);
                }
            }
            case NOT_YET, DEBUGGING -> noteNotYetUnlessQuiet(attribute, value);
            case ATTACH -> noteUnlessQuiet(ofAttach, attribute, value);
            case FOREIGN -> noteUnlessQuiet(foreign, attribute, value);
            case REPLACED -> {
                if (!attribute.asksForNothing(value)) {
                    warn("'" + name + "' has no effect; use "
                            + attribute.meaning().replace('`', '\'') + " instead");
                }
            }
            case EDITOR -> {}
        }
    }

    private void noteNotYetUnlessQuiet(Attribute attribute, JsonElement value) {
        if (!attribute.asksForNothing(value)) {
            noteNotYet("'" + attribute.name() + "'", attribute);
        }
    }

    /** Something that is asked for by that name is not there yet. */
    void noteNotYet(String name, Attribute attribute) {
        if (attribute.role() == Attribute.Role.NOT_YET || !isTrue("noDebug")) {
            notYet.add(name + " (" + attribute.meaning() + ")");
        }
    }

    private static void noteUnlessQuiet(List<String> names, Attribute attribute, JsonElement value) {
        if (!attribute.asksForNothing(value)) {
            names.add("'" + attribute.name() + "'");
        }
    }

    private boolean isTrue(String attribute) {
        JsonElement value = json.get(attribute);
        return value != null && JsonType.of(value) == JsonType.BOOLEAN && value.getAsBoolean();
    }

    /** One line for all attributes that have no effect for the same reason. */
    void warnOfAccepted() {
        warn(notYet, "not yet: ", " has no effect so far", " have no effect so far");
        warn(
                ofAttach,
                "",
                " belongs to attach and has no effect in a launch",
                " belong to attach and have no effect in a launch");
        warn(
                foreign,
                "",
                " names a part of debugpy and has no effect here",
                " name parts of debugpy and have no effect here");
    }

    private void warn(List<String> names, String before, String one, String many) {
        if (!names.isEmpty()) {
            warn(before + enumerated(names) + (names.size() == 1 ? one : many));
        }
    }

    /** "a, b and c". */
    static String enumerated(List<String> names) {
        int last = names.size() - 1;
        return last <= 0
                ? String.join("", names)
                : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
    }

    void warn(String line) {
        warnings.add(line);
    }

    List<String> warnings() {
        return warnings;
    }

    /** A line for each attribute that is not known. */
    List<String> unknown() {
        return unknown;
    }

    List<Problem> problems() {
        return problems;
    }

    /** Something is wrong with the attribute; from now on it reads as absent. */
    void fault(String attribute, String message) {
        problems.add(new Problem(attribute, message));
        faulty.add(attribute);
    }

    /**
     * The attribute, or a part of it, has a value that is not allowed.
     *
     * @param place "stdio[1]"
     */
    void wrong(String attribute, String place, JsonElement value) {
        wrong(requireKnown(attribute), place, value);
    }

    private void wrong(Attribute attribute, String place, JsonElement value) {
        String what = place.equals(attribute.name()) ? "it is " : place + " is ";
        problems.add(new Problem(
                place,
                "'" + attribute.name() + "' must be " + attribute.allowed() + "; " + what + JsonType.describe(value)));
        faulty.add(attribute.name());
    }

    private static Attribute requireKnown(String name) {
        Attribute attribute = Attributes.find(name);
        if (attribute == null) {
            throw new IllegalStateException("no attribute " + name);
        }
        return attribute;
    }

    boolean isFaulty(String attribute) {
        return faulty.contains(attribute);
    }

    /** Whether the attribute was given, faulty or not. */
    boolean isGiven(String attribute) {
        JsonElement value = json.get(attribute);
        return value != null && !value.isJsonNull();
    }

    /** The value; null if it is absent, null or faulty. */
    @Nullable JsonElement get(String attribute) {
        JsonElement value = json.get(attribute);
        return value == null || value.isJsonNull() || faulty.contains(attribute) ? null : value;
    }

    boolean flag(String attribute, boolean standard) {
        JsonElement value = get(attribute);
        return value == null ? standard : value.getAsBoolean();
    }

    /** A string that can be passed to the system: not empty, without NUL. Attributes of other types read as absent. */
    Optional<String> text(String attribute) {
        JsonElement value = get(attribute);
        if (value == null || JsonType.of(value) != JsonType.STRING) {
            return Optional.empty();
        }
        if (value.getAsString().isEmpty()) {
            fault(
                    attribute,
                    "'" + attribute + "' is empty; it must be "
                            + requireKnown(attribute).allowed());
            return Optional.empty();
        }
        return passable(attribute, attribute, value) ? Optional.of(value.getAsString()) : Optional.empty();
    }

    /** A string, or an array of strings; empty if absent. */
    List<String> texts(String attribute) {
        JsonElement value = get(attribute);
        if (value instanceof JsonArray array) {
            return elements(attribute, array, false);
        }
        if (value == null || JsonType.of(value) != JsonType.STRING || !passable(attribute, attribute, value)) {
            return List.of();
        }
        return List.of(value.getAsString());
    }

    /** The array's elements as texts. */
    List<String> elements(String attribute, JsonArray array, boolean scalars) {
        List<String> texts = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            JsonElement element = array.get(i);
            boolean fits = scalars ? element.isJsonPrimitive() : JsonType.of(element) == JsonType.STRING;
            if (!fits) {
                wrong(attribute, attribute + "[" + i + "]", element);
            } else if (isPassable(element) || passable(attribute, attribute + "[" + i + "]", element)) {
                texts.add(element.getAsString());
            }
        }
        return texts;
    }

    private static boolean isPassable(JsonElement text) {
        return text.getAsString().indexOf('\0') < 0;
    }

    /** Whether the system takes it: a NUL ends its strings. A fault if not. */
    boolean passable(String attribute, String place, JsonElement text) {
        int nul = text.getAsString().indexOf('\0');
        if (nul < 0) {
            return true;
        }
        fault(
                attribute,
                "'" + place + "' has a NUL character at position " + (nul + 1) + "; the system cannot pass one on");
        return false;
    }
}
