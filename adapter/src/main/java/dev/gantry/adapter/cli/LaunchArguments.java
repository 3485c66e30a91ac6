package dev.gantry.adapter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.List;

/** The launch request's arguments for what {@code gantry run} was asked to do. Pure. */
final class LaunchArguments {
    private LaunchArguments() {}

    static JsonObject of(RunOptions options) {
        JsonObject launch = new JsonObject();
        launch.addProperty("name", "gantry run");
        launch.addProperty("type", "gantry");
        launch.addProperty("request", "launch");
        if (options.debug().isEmpty()) {
            launch.addProperty("noDebug", true);
        } else {
            launch.add("variablePresentation", onlyData());
        }
        if (options.target() instanceof RunOptions.Target.Program program) {
            launch.addProperty("program", program.path());
        } else if (options.target() instanceof RunOptions.Target.Module module) {
            launch.addProperty("module", module.name());
        } else if (options.target() instanceof RunOptions.Target.Code code) {
            launch.addProperty("code", code.text());
        }
        launch.add("args", array(options.arguments()));
        launch.addProperty("cwd", options.cwd().toString());
        launch.addProperty("console", "internalConsole");
        addEnvironment(launch, options);
        options.python().ifPresent(python -> launch.addProperty("python", python));
        options.runtime().ifPresent(runtime -> launch.addProperty("runtime", runtime));
        options.killTree().ifPresent(when -> launch.addProperty("killTree", when));
        options.encoding().ifPresent(charset -> launch.addProperty("outputEncoding", charset.name()));
        if (options.noInput()) {
            JsonObject streams = new JsonObject();
            streams.addProperty("stdin", "null");
            launch.add("stdio", streams);
        }
        if (options.tty()) {
            launch.addProperty("tty", true);
        }
        if (options.mergeOutput()) {
            launch.addProperty("mergeOutput", true);
        }
        if (!options.stopLadder().isEmpty()) {
            launch.add("stopLadder", array(options.stopLadder()));
        }
        return launch;
    }

    /** Of a module's variables, those that its author would call so. */
    private static JsonObject onlyData() {
        JsonObject hidden = new JsonObject();
        for (String group : new String[] {"special", "function", "class"}) {
            hidden.addProperty(group, "hide");
        }
        hidden.addProperty("protected", "inline");
        return hidden;
    }

    private static void addEnvironment(JsonObject launch, RunOptions options) {
        JsonObject environment = new JsonObject();
        options.unset().forEach(name -> environment.add(name, JsonNull.INSTANCE));
        options.environment().forEach(environment::addProperty);
        if (environment.size() > 0) {
            launch.add("env", environment);
        }
        if (!options.envFiles().isEmpty()) {
            launch.add(
                    "envFile",
                    array(options.envFiles().stream().map(Path::toString).toList()));
        }
    }

    private static JsonArray array(List<String> texts) {
        JsonArray array = new JsonArray();
        texts.forEach(array::add);
        return array;
    }
}
