package dev.gantry.adapter.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * What a run that was asked to stop somewhere does about it, as any client would: it sets breakpoints, and at each stop it asks for
 * the stack and the variables, shows them, and lets the program go on. All of it on the thread that reads, but for {@link #hold}.
 */
final class RunDebugger {
    private final Conversation adapter;
    private final DebugRequest request;
    private final StopText text;
    private final Consumer<String> show;
    private final Map<Integer, Breakpoint> byId = new HashMap<>();
    /** Those that no code was found for so far, and why. */
    private final Map<Breakpoint, String> unverified = new LinkedHashMap<>();

    private final List<Breakpoint> unreached = new ArrayList<>();
    private int stops;
    private boolean letGo;
    private volatile boolean held;

    /**
     * @param show prints lines as our own
     */
    RunDebugger(Conversation adapter, DebugRequest request, StopText text, Consumer<String> show) {
        this.adapter = adapter;
        this.request = request;
        this.text = text;
        this.show = show;
        for (Breakpoint breakpoint : request.breakpoints()) {
            if (!(breakpoint instanceof Breakpoint.Exceptions)
                    && !(breakpoint instanceof Breakpoint.Line line
                            && line.message().isPresent())) {
                unreached.add(breakpoint);
            }
        }
    }

    /** While the program is held with us, a stop does not let it go on. */
    void hold(boolean hold) {
        held = hold;
    }

    /** Sets all breakpoints. */
    void configure() {
        Map<String, List<Breakpoint>> byFile = new LinkedHashMap<>();
        List<Breakpoint> functions = new ArrayList<>();
        JsonArray filters = new JsonArray();
        List<Breakpoint> exceptions = new ArrayList<>();
        for (Breakpoint breakpoint : request.breakpoints()) {
            if (breakpoint instanceof Breakpoint.Line line) {
                byFile.computeIfAbsent(line.file(), file -> new ArrayList<>()).add(line);
            } else if (breakpoint instanceof Breakpoint.Exceptions filter) {
                JsonObject option = new JsonObject();
                option.addProperty("filterId", filter.filter());
                filter.condition().ifPresent(condition -> option.addProperty("condition", condition));
                filters.add(option);
                exceptions.add(filter);
            } else {
                functions.add(breakpoint);
            }
        }
        byFile.forEach((file, breakpoints) -> set("setBreakpoints", source(file), breakpoints));
        if (!functions.isEmpty()) {
            set("setFunctionBreakpoints", new JsonObject(), functions);
        }
        setExceptions(filters, exceptions);
    }

    private static JsonObject source(String file) {
        JsonObject source = new JsonObject();
        source.addProperty("path", file);
        source.addProperty(
                "name",
                Probe.path(file).map(path -> String.valueOf(path.getFileName())).orElse(file));
        JsonObject arguments = new JsonObject();
        arguments.add("source", source);
        return arguments;
    }

    private void set(String command, JsonObject arguments, List<Breakpoint> breakpoints) {
        JsonArray array = new JsonArray();
        for (Breakpoint breakpoint : breakpoints) {
            JsonObject one = new JsonObject();
            if (breakpoint instanceof Breakpoint.Line line) {
                one.addProperty("line", line.line());
                line.condition().ifPresent(condition -> one.addProperty("condition", condition));
                line.message().ifPresent(message -> one.addProperty("logMessage", message));
            } else if (breakpoint instanceof Breakpoint.Function function) {
                one.addProperty("name", function.name());
                function.condition().ifPresent(condition -> one.addProperty("condition", condition));
            }
            array.add(one);
        }
        arguments.add("breakpoints", array);
        ask(command, arguments, answer -> isSet(answer, breakpoints));
    }

    private void setExceptions(JsonArray filters, List<Breakpoint> exceptions) {
        JsonObject arguments = new JsonObject();
        arguments.add("filters", new JsonArray());
        arguments.add("filterOptions", filters);
        ask("setExceptionBreakpoints", arguments, answer -> isSet(answer, exceptions));
    }

    private void isSet(JsonObject answer, List<Breakpoint> asked) {
        if (!Fields.isTrue(answer, "success")) {
            asked.forEach(breakpoint -> notSet(breakpoint, Fields.failure(answer)));
            return;
        }
        List<JsonObject> set = Fields.objects(Fields.object(answer, "body"), "breakpoints");
        for (int i = 0; i < Math.min(set.size(), asked.size()); i++) {
            Breakpoint breakpoint = asked.get(i);
            OptionalInt id = Fields.number(set.get(i), "id");
            if (id.isPresent()) {
                byId.put(id.getAsInt(), breakpoint);
            }
            if (!Fields.isTrue(set.get(i), "verified")) {
                String why = Fields.text(set.get(i), "message");
                if (mayComeYet(breakpoint) && !Fields.text(set.get(i), "reason").equals("failed")) {
                    unverified.put(breakpoint, why);
                } else {
                    notSet(breakpoint, why);
                }
            } else if (breakpoint instanceof Breakpoint.Line line) {
                tellMove(line, Fields.number(set.get(i), "line"));
            }
        }
    }

    /** A function's module, and the text of the command line, are loaded when the program runs. */
    private static boolean mayComeYet(Breakpoint breakpoint) {
        return breakpoint instanceof Breakpoint.Function
                || (breakpoint instanceof Breakpoint.Line line && line.file().equals(BreakpointWords.OF_COMMAND_LINE));
    }

    private void notSet(Breakpoint breakpoint, String why) {
        unreached.remove(breakpoint);
        show.accept("no stop at " + breakpoint.written() + (why.isEmpty() ? "" : ": " + why));
    }

    private void tellMove(Breakpoint.Line line, OptionalInt actual) {
        if (actual.isPresent() && actual.getAsInt() != line.line()) {
            String which = actual.getAsInt() > line.line() ? "the next one with code" : "where its statement begins";
            show.accept(line.written() + " is at line " + actual.getAsInt() + ", " + which);
        }
    }

    /** The event {@code breakpoint}. */
    void changed(JsonObject body) {
        JsonObject now = Fields.object(body, "breakpoint");
        OptionalInt id = Fields.number(now, "id");
        Breakpoint breakpoint = id.isPresent() ? byId.get(id.getAsInt()) : null;
        if (breakpoint != null && Fields.isTrue(now, "verified")) {
            unverified.remove(breakpoint);
        }
    }

    /** The event {@code stopped}. */
    void stopped(JsonObject body) {
        int thread = Fields.number(body, "threadId").orElse(1);
        for (int id : Fields.numbers(body, "hitBreakpointIds")) {
            Breakpoint hit = byId.get(id);
            if (hit != null) {
                unreached.remove(hit);
                unverified.remove(hit);
            }
        }
        if (Fields.text(body, "reason").equals("pause")) {
            // Who pauses it lets it go on.
            return;
        }
        if (letGo) {
            goOn(thread);
            return;
        }
        stops++;
        new StopReport(this::question, text, stops, body, this::shown);
    }

    private void question(String command, JsonObject arguments, Consumer<JsonObject> onBody) {
        ask(command, arguments, answer -> onBody.accept(Fields.object(answer, "body")));
    }

    private void shown(int thread, List<String> lines) {
        show.accept(String.join("\n", lines));
        if (request.stops().isPresent() && stops >= request.stops().getAsInt()) {
            show.accept("that was stop " + stops + ", the last one: the program runs on");
            clear();
        }
        goOn(thread);
    }

    /** From now on nothing stops. */
    private void clear() {
        letGo = true;
        for (Breakpoint breakpoint : request.breakpoints()) {
            if (breakpoint instanceof Breakpoint.Line line) {
                List<Breakpoint> logPoints = new ArrayList<>();
                for (Breakpoint other : request.breakpoints()) {
                    if (other instanceof Breakpoint.Line stays
                            && stays.message().isPresent()
                            && stays.file().equals(line.file())) {
                        logPoints.add(stays);
                    }
                }
                set("setBreakpoints", source(line.file()), logPoints);
            }
        }
        set("setFunctionBreakpoints", new JsonObject(), List.of());
        setExceptions(new JsonArray(), List.of());
    }

    private void goOn(int thread) {
        if (!held) {
            ask("continue", StopReport.ofThread(thread), answer -> {});
        }
    }

    /** At the program's end: what was asked for and never came. */
    void ended() {
        unverified.forEach(this::notSet);
        if (!letGo && !unreached.isEmpty()) {
            show.accept("never reached: "
                    + String.join(
                            ", ", unreached.stream().map(Breakpoint::written).toList()));
        }
    }

    private void ask(String command, JsonObject arguments, Consumer<JsonObject> onAnswer) {
        try {
            adapter.request(command, arguments, onAnswer);
        } catch (IOException gone) {
            return; // The next read says it.
        }
    }
}
