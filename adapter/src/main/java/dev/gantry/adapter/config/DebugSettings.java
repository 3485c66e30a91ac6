package dev.gantry.adapter.config;

import com.google.gson.JsonObject;
import dev.gantry.adapter.model.PathMapping;
import dev.gantry.adapter.model.PathMappings;
import java.util.List;

/**
 * What the launch of a Python program says about debugging it. Immutable.
 *
 * @param python what the agent is to run
 * @param configure the arguments of the agent's request {@code configure}, but for what only the session knows
 * @param paths between the client and the target
 */
public record DebugSettings(PythonLaunch python, JsonObject configure, PathMappings paths) {
    public DebugSettings {
        configure = configure.deepCopy();
    }

    /** A copy: JSON objects can be changed. */
    @Override
    public JsonObject configure() {
        return configure.deepCopy();
    }

    public List<PathMapping> pathMappings() {
        return paths.list();
    }

    public boolean stopOnEntry() {
        return configure.get("stopOnEntry").getAsBoolean();
    }
}
