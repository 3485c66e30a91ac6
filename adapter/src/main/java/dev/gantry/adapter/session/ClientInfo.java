package dev.gantry.adapter.session;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/**
 * What the client said of itself in {@code initialize}. What is absent or of a wrong type has the protocol's default: the request
 * may have been answered already, and none of it is worth a session.
 *
 * @param id "vscode", "nvim-dap", or empty
 * @param runInTerminal whether it can run commands in a terminal
 * @param ansi whether it shows ANSI escape sequences as styles
 * @param rawOutput whether it wants the exact bytes of output whose text does not tell them (our own extension {@code gantryRawOutput})
 * @param linesStartAt1 whether its first line is 1, not 0
 * @param columnsStartAt1 whether its first column is 1, not 0
 * @param pathsAreUris whether it names files by URIs
 * @param progress whether it shows the progress of what takes long
 * @param invalidated whether it wants to know what it should ask again
 * @param memoryEvent whether it wants to know what memory has changed
 * @param looks what the agent must know of how values are shown: members of {@code configure}'s {@code client}
 */
record ClientInfo(
        String id,
        boolean runInTerminal,
        boolean ansi,
        boolean rawOutput,
        boolean linesStartAt1,
        boolean columnsStartAt1,
        boolean pathsAreUris,
        boolean progress,
        boolean invalidated,
        boolean memoryEvent,
        JsonObject looks) {
    static final ClientInfo UNKNOWN =
            new ClientInfo("", false, false, false, true, true, false, false, false, false, new JsonObject());

    static ClientInfo of(Request request) {
        boolean ansi = flag(request, "supportsANSIStyling", false);
        boolean invalidated = flag(request, "supportsInvalidatedEvent", false);
        boolean memoryEvent = flag(request, "supportsMemoryEvent", false);
        return new ClientInfo(
                text(request, "clientID"),
                flag(request, "supportsRunInTerminalRequest", false),
                ansi,
                flag(request, "gantryRawOutput", false),
                flag(request, "linesStartAt1", true),
                flag(request, "columnsStartAt1", true),
                text(request, "pathFormat").equals("uri"),
                flag(request, "supportsProgressReporting", false),
                invalidated,
                memoryEvent,
                Bodies.object(
                        "variableType",
                        flag(request, "supportsVariableType", false),
                        "variablePaging",
                        flag(request, "supportsVariablePaging", false),
                        "memoryReferences",
                        flag(request, "supportsMemoryReferences", false),
                        "ansi",
                        ansi,
                        "invalidated",
                        invalidated,
                        "memoryEvent",
                        memoryEvent));
    }

    private static boolean flag(Request request, String name, boolean absent) {
        return request.bool(name).orElse(absent);
    }

    private static String text(Request request, String name) {
        JsonElement value = request.arguments().get(name);
        boolean isText = value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isString();
        return isText ? value.getAsString() : "";
    }
}
