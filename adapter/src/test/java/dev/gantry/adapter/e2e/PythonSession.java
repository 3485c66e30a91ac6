package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A client that debugs one Python program through the real adapter. Closed by the test, which proves that nothing is left. */
public final class PythonSession implements AutoCloseable {
    private final AdapterProcess adapter;
    private final Path file;
    private int seen;
    private int launch;

    private PythonSession(AdapterProcess adapter, Path file) {
        this.adapter = adapter;
        this.file = file;
    }

    /** Initialized, with the program's text in a file; nothing is launched. */
    public static PythonSession of(Path folder, String text) {
        return of(folder, text, Json.object("clientID", "gantry-test", "adapterID", "gantry"));
    }

    static PythonSession of(Path folder, String text, JsonObject initialize) {
        return of(folder, text, initialize, AdapterCommand.dap());
    }

    static PythonSession of(Path folder, String text, JsonObject initialize, AdapterCommand command) {
        try {
            Path file = Files.writeString(folder.toRealPath().resolve("program.py"), text);
            AdapterProcess adapter = AdapterProcess.start(command);
            adapter.client().ask("initialize", initialize);
            return new PythonSession(adapter, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public PythonSession launch(Python python, Object... more) {
        return launch(Json.with(
                Json.object(
                        "program",
                        file.toString(),
                        "python",
                        python.executable().toString()),
                more));
    }

    public PythonSession launch(JsonObject arguments) {
        launch = client("launch", arguments);
        adapter.client().awaitEvent("initialized");
        return this;
    }

    private int client(String command, JsonObject arguments) {
        return adapter.client().send(command, arguments);
    }

    /** Sets the breakpoints of the program's file; the answer's list. */
    public JsonArray breakpoints(int... lines) {
        JsonArray list = new JsonArray();
        for (int line : lines) {
            list.add(Json.object("line", line));
        }
        return breakpoints(list);
    }

    public JsonArray breakpoints(JsonArray list) {
        return ask("setBreakpoints", "source", Json.object("path", file.toString()), "breakpoints", list)
                .getAsJsonArray("breakpoints");
    }

    /** The program's own code begins. */
    public PythonSession go() {
        ask("configurationDone");
        Entry answer = adapter.client().answerTo(launch);
        assertThat(answer.success()).as(answer.toString()).isTrue();
        return this;
    }

    public JsonObject ask(String command, Object... arguments) {
        return adapter.client().ask(command, Json.object(arguments)).body();
    }

    public Entry request(String command, Object... arguments) {
        return adapter.client().request(command, Json.object(arguments));
    }

    /** The next stop, which must have this reason. */
    public JsonObject stopped(String reason) {
        Entry stop = timeline().awaitFrom(seen, event("stopped"));
        seen = stop.index() + 1;
        assertThat(stop.text("reason")).as(timeline().story()).isEqualTo(reason);
        return stop.body();
    }

    /** Lets thread 1 step and waits for the end of the step; the line that it came to. */
    public int step(String command) {
        int before = timeline().now();
        ask(command, "threadId", 1);
        Entry stop = timeline().awaitFrom(before, event("stopped"));
        seen = stop.index() + 1;
        assertThat(stop.text("reason")).as(timeline().story()).isEqualTo("step");
        return line();
    }

    /** Where thread 1 is. */
    int line() {
        return frames().get(0).get("line").getAsInt();
    }

    public List<JsonObject> frames() {
        return objects(ask("stackTrace", "threadId", 1, "levels", 0).getAsJsonArray("stackFrames"));
    }

    public static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> all = new ArrayList<>();
        for (JsonElement element : array) {
            all.add(element.getAsJsonObject());
        }
        return all;
    }

    /** The value of a local variable of thread 1's top frame. */
    public String local(String name) {
        int frame = frames().get(0).get("id").getAsInt();
        JsonObject scope =
                ask("scopes", "frameId", frame).getAsJsonArray("scopes").get(0).getAsJsonObject();
        JsonArray variables = ask("variables", "variablesReference", scope.get("variablesReference"))
                .getAsJsonArray("variables");
        return objects(variables).stream()
                .filter(variable -> variable.get("name").getAsString().equals(name))
                .map(variable -> variable.get("value").getAsString())
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not in " + variables));
    }

    public String evaluate(String expression, Object... more) {
        return adapter.client()
                .ask("evaluate", Json.with(Json.object("expression", expression), more))
                .body()
                .get("result")
                .getAsString();
    }

    public void resume() {
        ask("continue", "threadId", 1);
    }

    /** Waits for the end, which must be this one. */
    public void ends(int code) {
        adapter.awaitTerminated();
        Ends.assertCode(timeline(), code);
        adapter.client().request("disconnect", null);
        timeline().everyRequestAnsweredOnce();
    }

    String stdout() {
        return timeline().output("stdout");
    }

    public Timeline timeline() {
        return adapter.timeline();
    }

    public AdapterProcess adapter() {
        return adapter;
    }

    public Path file() {
        return file;
    }

    @Override
    public void close() {
        adapter.close();
    }
}
