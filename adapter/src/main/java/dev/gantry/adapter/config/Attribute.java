package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.model.JsonText;
import java.util.List;

/**
 * One attribute of a launch configuration, as the check, the search for the nearest name and the documentation see it.
 *
 * @param types what JSON values it may have; empty where any is ignored
 * @param values the strings allowed, if only some are
 * @param form what is allowed, in words; empty where types and values say it
 * @param standard what holds without it, in words
 * @param quiet values, as JSON text, that ask for nothing that an attribute without effect would have to do;
 *     what is empty, zero and, unless true is quiet, false are such anyway
 * @param meaning one line for the documentation
 * @param notes what else the documentation says
 */
record Attribute(
        String name,
        Role role,
        List<JsonType> types,
        List<String> values,
        String form,
        String standard,
        List<String> quiet,
        String meaning,
        Notes notes) {

    /** What attributes are about, in the order of the documentation. */
    enum Group {
        TARGET("What to run"),
        PYTHON("Which Python"),
        SURROUNDINGS("What it finds"),
        CONSOLE("Where it is shown"),
        OUTPUT("Its output"),
        END("Its end"),
        DEBUGGING("How it is debugged"),
        ACCESS("Over TCP"),
        OLD("Old names"),
        /** What has no effect: the role says why. */
        NONE("");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /** The targets for which an attribute says anything. */
    enum Use {
        ANY("any program"),
        PYTHON("Python"),
        DEBUGGED("Python that is debugged");

        private final String words;

        Use(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /**
     * What only the documentation needs.
     *
     * @param example a value, as JSON text; empty where none helps
     * @param debugpy whose name it is, where configurations for debugpy have it too; else empty
     */
    record Notes(Group group, Use use, String example, String debugpy) {
        private static final Notes NONE = new Notes(Group.NONE, Use.ANY, "", "");
    }

    /** What we do with an attribute. */
    enum Role {
        /** What it says. */
        SUPPORTED,
        /** Accept it, and warn where it asks for something. */
        NOT_YET,
        /** The same, and it asks for nothing where nothing is debugged. */
        DEBUGGING,
        /** Accept it, and say what does it here: its meaning. */
        REPLACED,
        /** Accept it, and warn: it belongs to attach. */
        ATTACH,
        /** Accept it, and warn: it names a part of debugpy. */
        FOREIGN,
        /** Nothing: editors add it for themselves. */
        EDITOR
    }

    static Attribute supported(String name, List<JsonType> types, String form, String standard, String meaning) {
        return new Attribute(name, Role.SUPPORTED, types, List.of(), form, standard, List.of(), meaning, Notes.NONE);
    }

    static Attribute choice(String name, List<String> values, String standard, String meaning) {
        return new Attribute(
                name, Role.SUPPORTED, List.of(JsonType.STRING), values, "", standard, List.of(), meaning, Notes.NONE);
    }

    static Attribute accepted(String name, Role role, String meaning, String... quiet) {
        return new Attribute(name, role, List.of(), List.of(), "", "", List.of(quiet), meaning, Notes.NONE);
    }

    /** What was said to be for fewer targets stays so. */
    Attribute in(Group group, Use use) {
        return with(new Notes(group, notes.use == Use.ANY ? use : notes.use, notes.example, notes.debugpy));
    }

    Attribute only(Use use) {
        return with(new Notes(notes.group, use, notes.example, notes.debugpy));
    }

    Attribute example(String json) {
        return with(new Notes(notes.group, notes.use, json, notes.debugpy));
    }

    /** debugpy has it by this name. */
    Attribute asInDebugpy() {
        return debugpy("the same name");
    }

    Attribute debugpy(String words) {
        return with(new Notes(notes.group, notes.use, notes.example, words));
    }

    private Attribute with(Notes others) {
        return new Attribute(name, role, types, values, form, standard, quiet, meaning, others);
    }

    boolean allows(JsonElement value) {
        if (!types.isEmpty() && !types.contains(JsonType.of(value))) {
            return false;
        }
        return values.isEmpty() || values.contains(value.getAsString());
    }

    /** "a string: internalConsole, integratedTerminal or externalTerminal". */
    String allowed() {
        if (!form.isEmpty()) {
            return form;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < types.size(); i++) {
            text.append(i == 0 ? "" : " or ").append(types.get(i).words());
        }
        for (int i = 0; i < values.size(); i++) {
            text.append(i == 0 ? ": " : i == values.size() - 1 ? " or " : ", ");
            text.append('"').append(values.get(i)).append('"');
        }
        return text.toString();
    }

    /** Whether a value asks for nothing: the default, or off. */
    boolean asksForNothing(JsonElement value) {
        String text = JsonText.of(value);
        if (quiet.contains(text) || quiet.contains("*")) {
            return true;
        }
        if (value instanceof JsonObject object && (object.has("enable") || name.equals("autoReload"))) {
            return !"true".equals(String.valueOf(object.get("enable")));
        }
        return switch (text) {
            case "false" -> !quiet.contains("true");
            case "0", "null", "\"\"", "[]", "{}" -> true;
            default -> false;
        };
    }
}
