package dev.gantry.adapter.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Finds out about one stop what there is to tell: one question after the other, each on the thread that reads. A question that is
 * not answered well leaves its part out.
 */
final class StopReport {
    private static final int FRAMES = 64;
    /** The one whose name nobody needs to be told. */
    private static final int MAIN_THREAD = 1;

    /** Asks the adapter; the answer's body is empty where it refuses. */
    interface Question {
        void ask(String command, JsonObject arguments, Consumer<JsonObject> onBody);
    }

    private final Question adapter;
    private final StopText text;
    private final int thread;
    private final BiConsumer<Integer, List<String>> whenDone;
    private final StringBuilder title;
    private final List<String> lines = new ArrayList<>();

    /**
     * @param number which stop of the run it is
     * @param whenDone gets the thread and the lines
     */
    StopReport(
            Question adapter,
            StopText text,
            int number,
            JsonObject stopped,
            BiConsumer<Integer, List<String>> whenDone) {
        this.adapter = adapter;
        this.text = text;
        this.thread = Fields.number(stopped, "threadId").orElse(MAIN_THREAD);
        this.whenDone = whenDone;
        this.title = new StringBuilder("stop " + number + ": ");
        String reason = Fields.text(stopped, "reason");
        if (reason.equals("exception")) {
            ask("exceptionInfo", ofThread(thread), this::exception);
        } else {
            title.append(reason.isEmpty() ? "stopped" : reason);
            askForThread();
        }
    }

    private void ask(String command, JsonObject arguments, Consumer<JsonObject> onBody) {
        adapter.ask(command, arguments, onBody);
    }

    static JsonObject ofThread(int thread) {
        JsonObject arguments = new JsonObject();
        arguments.addProperty("threadId", thread);
        return arguments;
    }

    private void exception(JsonObject body) {
        title.append(StopText.exception(body));
        askForThread();
    }

    private void askForThread() {
        if (thread == MAIN_THREAD) {
            askForStack();
        } else {
            ask("threads", new JsonObject(), body -> {
                for (JsonObject one : Fields.objects(body, "threads")) {
                    if (Fields.number(one, "id").orElse(0) == thread) {
                        title.append(", in ").append(Fields.text(one, "name"));
                    }
                }
                askForStack();
            });
        }
    }

    private void askForStack() {
        JsonObject arguments = ofThread(thread);
        arguments.addProperty("startFrame", 0);
        arguments.addProperty("levels", FRAMES);
        ask("stackTrace", arguments, this::stack);
    }

    private void stack(JsonObject body) {
        List<JsonObject> frames = Fields.objects(body, "stackFrames");
        askForSources(
                text.unknownSources(frames),
                0,
                () -> stack(frames, Fields.number(body, "totalFrames").orElse(0)));
    }

    /** What is in no file that we can read, such as a member of an archive: one after the other. */
    private void askForSources(List<JsonObject> sources, int next, Runnable then) {
        if (next == sources.size()) {
            then.run();
            return;
        }
        JsonObject source = sources.get(next);
        JsonObject arguments = new JsonObject();
        arguments.add("source", source);
        arguments.add("sourceReference", source.get("sourceReference"));
        ask("source", arguments, body -> {
            text.learn(source, Fields.text(body, "content"));
            askForSources(sources, next + 1, then);
        });
    }

    private void stack(List<JsonObject> frames, int total) {
        lines.add(title.toString());
        lines.addAll(text.stack(frames, total));
        JsonObject top = StopText.topOwn(frames).orElse(new JsonObject());
        JsonElement id = top.get("id");
        if (id == null) {
            whenDone.accept(thread, lines);
            return;
        }
        JsonObject arguments = new JsonObject();
        arguments.add("frameId", id);
        ask("scopes", arguments, scopes -> scopes(scopes, Fields.text(top, "name")));
    }

    /** @param call the call whose scopes they are */
    private void scopes(JsonObject body, String call) {
        List<JsonObject> scopes = Fields.objects(body, "scopes");
        JsonObject locals = scopes.isEmpty() ? new JsonObject() : scopes.get(0);
        for (JsonObject scope : scopes) {
            if (Fields.text(scope, "presentationHint").equals("locals")) {
                locals = scope;
                break;
            }
        }
        JsonElement reference = locals.get("variablesReference");
        if (reference == null) {
            whenDone.accept(thread, lines);
            return;
        }
        JsonObject arguments = new JsonObject();
        arguments.add("variablesReference", reference);
        ask("variables", arguments, variables -> {
            List<String> values = StopText.variables(Fields.objects(variables, "variables"));
            if (!values.isEmpty()) {
                lines.add("  in " + call + ":");
                lines.addAll(values);
            }
            whenDone.accept(thread, lines);
        });
    }
}
