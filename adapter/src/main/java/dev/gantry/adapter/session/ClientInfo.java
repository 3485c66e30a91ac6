package dev.gantry.adapter.session;

import com.google.gson.JsonElement;

/**
 * What the client said of itself in {@code initialize}. What is absent or of a wrong type has the protocol's default: the request
 * may have been answered already, and none of it is worth a session.
 *
 * @param id "vscode", "nvim-dap", or empty
 * @param runInTerminal whether it can run commands in a terminal
 * @param ansi whether it shows ANSI escape sequences as styles
 * @param rawOutput whether it wants the exact bytes of output whose text does not tell them (our own extension {@code gantryRawOutput})
 */
record ClientInfo(String id, boolean runInTerminal, boolean ansi, boolean rawOutput) {
    static final ClientInfo UNKNOWN = new ClientInfo("", false, false, false);

    static ClientInfo of(Request request) {
        return new ClientInfo(
                text(request, "clientID"),
                request.bool("supportsRunInTerminalRequest").orElse(false),
                request.bool("supportsANSIStyling").orElse(false),
                request.bool("gantryRawOutput").orElse(false));
    }

    private static String text(Request request, String name) {
        JsonElement value = request.arguments().get(name);
        boolean isText = value != null
                && value.isJsonPrimitive()
                && value.getAsJsonPrimitive().isString();
        return isText ? value.getAsString() : "";
    }
}
