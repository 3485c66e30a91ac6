package dev.gantry.adapter.session;

/**
 * What the client said of itself in {@code initialize}. Absent keys have the protocol's defaults.
 *
 * @param id "vscode", "nvim-dap", or empty
 * @param runInTerminal whether it can run commands in a terminal
 * @param ansi whether it shows ANSI escape sequences as styles
 * @param rawOutput whether it wants the exact bytes of lossy output (our own extension {@code gantryRawOutput})
 */
record ClientInfo(String id, boolean runInTerminal, boolean ansi, boolean rawOutput) {
    static final ClientInfo UNKNOWN = new ClientInfo("", false, false, false);

    static ClientInfo of(Request request) {
        return new ClientInfo(
                request.string("clientID").orElse(""),
                request.bool("supportsRunInTerminalRequest", false),
                request.bool("supportsANSIStyling", false),
                request.bool("gantryRawOutput", false));
    }
}
