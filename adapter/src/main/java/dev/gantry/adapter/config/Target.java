package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is to run, as the attributes name it. */
sealed interface Target {
    record Program(String path) implements Target {}

    record Module(String name) implements Target {}

    record Code(String text) implements Target {}

    /** Exactly one of the three attributes; else a fault. */
    static Optional<Target> read(Arguments arguments) {
        List<String> given = new ArrayList<>(3);
        for (String name : new String[] {"program", "module", "code"}) {
            if (arguments.isGiven(name)) {
                given.add(name);
            }
        }
        if (given.isEmpty()) {
            arguments.fault(
                    "program",
                    "nothing to run: set 'program' (a file), or for Python 'module' (a name) or 'code' (a text)");
            return Optional.empty();
        }
        if (given.size() > 1) {
            arguments.fault(
                    given.get(1),
                    "'" + String.join("' and '", given)
                            + "' exclude each other: one of program, module and code is allowed");
            return Optional.empty();
        }
        return one(arguments, given.get(0));
    }

    private static Optional<Target> one(Arguments arguments, String name) {
        if (name.equals("code")) {
            List<String> lines = arguments.texts(name);
            return arguments.isFaulty(name) ? Optional.empty() : Optional.of(new Code(String.join("\n", lines)));
        }
        Optional<String> text = arguments.text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(name.equals("module") ? new Module(text.get()) : new Program(text.get()));
    }

    /** The target's arguments. */
    static List<String> args(Arguments arguments, Platform platform) {
        JsonElement value = arguments.get("args");
        if (value instanceof JsonArray array) {
            return arguments.elements("args", array, true);
        }
        if (value == null || !arguments.passable("args", "args", value)) {
            return List.of();
        }
        ShellWords.Split split = platform.split(value.getAsString());
        if (split instanceof ShellWords.Split.Words words) {
            return words.words();
        }
        ShellWords.Split.Unbalanced fault = (ShellWords.Split.Unbalanced) split;
        arguments.fault(
                "args",
                "'args' has a " + fault.what() + " at position " + fault.position() + " that "
                        + (fault.what().equals("backslash") ? "escapes nothing" : "is never closed") + ": "
                        + JsonType.describe(value) + "; an array of strings is taken verbatim");
        return List.of();
    }
}
