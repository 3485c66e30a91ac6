package dev.gantry.adapter.config;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.gantry.adapter.model.PathMappings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that say how a Python program is debugged.
 *
 * @param configure for the agent
 */
record Debugging(JsonObject configure, PathMappings paths) {
    /** What groups of variables are called, and what becomes of one. */
    static final List<String> GROUPS = List.of("all", "special", "function", "class", "protected");

    static final List<String> PRESENTATIONS = List.of("group", "inline", "hide");
    private static final String RULES = "rules";
    private static final String EXITS = "breakOnSystemExit";
    private static final String VARIABLES = "variablePresentation";
    private static final String FRAMES = "maxExceptionStackFrames";

    static Debugging read(Arguments arguments, Path cwd, Platform platform) {
        Set<OldFlag> flags = OldFlag.read(arguments);
        notYet(arguments, flags);
        JsonObject configure = new JsonObject();
        configure.addProperty("justMyCode", justMyCode(arguments, flags));
        configure.add(RULES, rules(arguments));
        configure.addProperty("stopOnEntry", flag(arguments, flags, OldFlag.STOP_ON_ENTRY, false));
        configure.addProperty("showReturnValue", flag(arguments, flags, OldFlag.SHOW_RETURN_VALUE, true));
        configure.add(EXITS, exits(arguments));
        configure.addProperty(
                "breakOnSystemExitZero", flag(arguments, flags, OldFlag.BREAK_ON_SYSTEM_EXIT_ZERO, false));
        configure.addProperty(FRAMES, frames(arguments));
        for (String name : new String[] {"steppingResumesAllThreads", "stopAllThreadsOnSuspend"}) {
            configure.addProperty(name, arguments.flag(name, true));
        }
        if (arguments.get("resolveSymlinks") != null) {
            configure.addProperty("resolveSymlinks", arguments.flag("resolveSymlinks", true));
        }
        configure.add(VARIABLES, variables(arguments));
        flag(arguments, flags, OldFlag.REDIRECT_OUTPUT, true);
        return new Debugging(configure, ClientPaths.read(arguments, flags, cwd, platform));
    }

    DebugSettings of(PythonLaunch python) {
        return new DebugSettings(python, configure, paths);
    }

    private static void notYet(Arguments arguments, Set<OldFlag> flags) {
        for (OldFlag flag : flags) {
            Attribute attribute = flag.attribute().isEmpty() ? null : Attributes.find(flag.attribute());
            if (attribute != null && attribute.role() != Attribute.Role.SUPPORTED) {
                arguments.noteNotYet(flag.text(), attribute);
            }
        }
    }

    /** The attribute, or the old flag; they may not contradict each other. */
    private static boolean flag(Arguments arguments, Set<OldFlag> flags, OldFlag flag, boolean standard) {
        String name = flag.attribute();
        if (flags.contains(flag)) {
            if (!arguments.flag(name, true)) {
                arguments.fault(name, "'" + name + "' is false, and the old flags have " + flag.text() + "; keep one");
            }
            return true;
        }
        return arguments.flag(name, standard);
    }

    private static boolean justMyCode(Arguments arguments, Set<OldFlag> flags) {
        boolean library = flag(arguments, flags, OldFlag.DEBUG_STD_LIB, false);
        if (arguments.get("justMyCode") == null) {
            return !library;
        }
        boolean mine = arguments.flag("justMyCode", true);
        if (library && mine) {
            arguments.warn("'debugStdLib' is the old opposite of 'justMyCode' and is ignored beside it");
        }
        return mine;
    }

    private static JsonArray rules(Arguments arguments) {
        JsonArray rules = new JsonArray();
        if (arguments.get(RULES) instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (isRule(array.get(i))) {
                    rules.add(array.get(i));
                } else {
                    arguments.wrong(RULES, RULES + "[" + i + "]", array.get(i));
                }
            }
        }
        return rules;
    }

    private static boolean isRule(JsonElement value) {
        if (!(value instanceof JsonObject rule) || rule.size() != 2) {
            return false;
        }
        JsonElement include = rule.get("include");
        JsonElement which = rule.has("path") ? rule.get("path") : rule.get("module");
        return include != null
                && JsonType.of(include) == JsonType.BOOLEAN
                && which != null
                && JsonType.of(which) == JsonType.STRING
                && !which.getAsString().isEmpty();
    }

    private static JsonElement exits(Arguments arguments) {
        if (!(arguments.get(EXITS) instanceof JsonArray array)) {
            return JsonNull.INSTANCE;
        }
        for (int i = 0; i < array.size(); i++) {
            if (!isExit(array.get(i))) {
                arguments.wrong(EXITS, EXITS + "[" + i + "]", array.get(i));
            }
        }
        return array;
    }

    private static boolean isExit(JsonElement value) {
        if (value instanceof JsonObject range) {
            OptionalInt from = code(range.get("from"));
            OptionalInt to = code(range.get("to"));
            return range.size() == 2 && from.isPresent() && to.isPresent() && from.getAsInt() <= to.getAsInt();
        }
        return value.isJsonNull() || code(value).isPresent();
    }

    private static OptionalInt code(@Nullable JsonElement value) {
        return value == null ? OptionalInt.empty() : Quantities.whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    private static int frames(Arguments arguments) {
        JsonElement value = arguments.get(FRAMES);
        if (value == null) {
            return 0;
        }
        OptionalInt frames = Quantities.whole(value, 0, Integer.MAX_VALUE);
        if (frames.isEmpty()) {
            arguments.wrong(FRAMES, FRAMES, value);
        }
        return frames.orElse(0);
    }

    private static JsonObject variables(Arguments arguments) {
        JsonObject variables = new JsonObject();
        if (arguments.get(VARIABLES) instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
                JsonElement value = entry.getValue();
                if (GROUPS.contains(entry.getKey())
                        && JsonType.of(value) == JsonType.STRING
                        && PRESENTATIONS.contains(value.getAsString())) {
                    variables.add(entry.getKey(), value);
                } else {
                    arguments.wrong(VARIABLES, VARIABLES + "." + entry.getKey(), value);
                }
            }
        }
        return variables;
    }
}
