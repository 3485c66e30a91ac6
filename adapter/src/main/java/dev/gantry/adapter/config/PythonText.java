package dev.gantry.adapter.config;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a Python target's text is encoded in, where that is not UTF-8 by itself: on Windows Python writes pipes in the code page of the
 * system, and loses what that lacks. Its three streams are told to be UTF-8, and nothing else of it: files that it opens stay as they are.
 */
final class PythonText {
    /** Before Python 3.15, whose UTF-8 mode is on by default, this alone decides for the three streams. */
    private static final String VARIABLE = "PYTHONIOENCODING";

    /** Who has set one of these has said what he wants. */
    private static final String[] DECIDING = {VARIABLE, "PYTHONUTF8"};

    private PythonText() {}

    /** The changes to a target's environment, on Windows. */
    static Map<String, @Nullable String> environment(
            Environment environment, Arguments arguments, Command command, ConsoleSettings console) {
        boolean ours = command.runtime() == TargetRuntime.PYTHON
                && !console.kind().isTerminal()
                && arguments.get("outputEncoding") == null;
        if (!ours || isDecided(environment)) {
            return environment.changes();
        }
        Map<String, @Nullable String> changes = new LinkedHashMap<>(environment.changes());
        changes.put(VARIABLE, "utf-8");
        return changes;
    }

    private static boolean isDecided(Environment environment) {
        for (String name : DECIDING) {
            if (environment.mentions(name)) {
                return true;
            }
        }
        return false;
    }
}
