package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.model.PathMappings;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Between the client's way of naming places and the agent's: lines and columns from 0 or from 1, paths or URIs, mapped directories. Pure.
 * Bodies are those of the protocol, so what a member means is in its name; what nobody has to change is passed on as it is.
 */
final class Conversion {
    private final int lineShift;
    private final int columnShift;
    private final boolean uris;
    private final PathMappings paths;

    Conversion(ClientInfo client, PathMappings paths) {
        this.lineShift = client.linesStartAt1() ? 0 : 1;
        this.columnShift = client.columnsStartAt1() ? 0 : 1;
        this.uris = client.pathsAreUris();
        this.paths = paths;
    }

    /** Whether everything is passed on as it is. */
    boolean isIdentity() {
        return lineShift == 0 && columnShift == 0 && !uris && paths.isIdentity();
    }

    /** The arguments of a request, for the agent. */
    JsonObject toAgent(String command, JsonObject arguments) {
        if (isIdentity()) {
            return arguments;
        }
        JsonObject converted = arguments.deepCopy();
        change(converted, 1, this::pathToAgent);
        if (command.equals("setBreakpoints")) {
            // The old way of saying the same as 'breakpoints', in numbers that have no names.
            converted.remove("lines");
        }
        return converted;
    }

    /** The body of an answer or an event, for the client. It may be changed. */
    JsonObject toClient(String name, JsonObject body) {
        if (isIdentity()) {
            return body;
        }
        change(body, -1, this::pathToClient);
        if (name.equals("completions") && body.get("targets") instanceof JsonArray targets) {
            for (JsonElement target : targets) {
                if (target instanceof JsonObject item) {
                    shift(item, "start", -columnShift);
                }
            }
        }
        return body;
    }

    private void change(JsonElement element, int direction, UnaryOperator<String> path) {
        if (element instanceof JsonArray array) {
            for (JsonElement one : array) {
                change(one, direction, path);
            }
        } else if (element instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> member : object.entrySet()) {
                JsonElement value = member.getValue();
                if (!value.isJsonPrimitive()) {
                    change(value, direction, path);
                } else if (member.getKey().equals("path")
                        && value.getAsJsonPrimitive().isString()) {
                    member.setValue(new JsonPrimitive(path.apply(value.getAsString())));
                }
            }
            shift(object, "line", direction * lineShift);
            shift(object, "endLine", direction * lineShift);
            shift(object, "column", direction * columnShift);
            shift(object, "endColumn", direction * columnShift);
        }
    }

    /** A place that there is not is 0, whatever the first line is called. */
    private static void shift(JsonObject object, String name, int by) {
        if (by != 0 && object.get(name) instanceof JsonPrimitive number && number.isNumber()) {
            try {
                object.addProperty(name, Math.max(0, number.getAsInt() + by));
            } catch (NumberFormatException e) {
                // No number of a line: the agent says so.
                return;
            }
        }
    }

    private String pathToAgent(String path) {
        return paths.toTarget(uris ? pathOf(path) : path);
    }

    private String pathToClient(String path) {
        String mapped = paths.toClient(path);
        return uris ? uriOf(mapped) : mapped;
    }

    private static String pathOf(String uri) {
        try {
            URI parsed = new URI(uri);
            return "file".equalsIgnoreCase(parsed.getScheme()) ? Path.of(parsed).toString() : uri;
        } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
            return uri;
        }
    }

    /** What is no path of a file, such as {@code <string>}, has no URI. */
    private static String uriOf(String path) {
        try {
            Path file = Path.of(path);
            return file.isAbsolute() ? file.toUri().toString() : path;
        } catch (InvalidPathException e) {
            return path;
        }
    }
}
