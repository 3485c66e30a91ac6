package dev.gantry.adapter.config;

/** Where the target's input and output are. */
public enum ConsoleKind {
    /** With us: pipes or a pseudo-terminal, shown as output events. */
    INTERNAL("internalConsole"),
    /** A terminal inside the client. */
    INTEGRATED_TERMINAL("integratedTerminal"),
    /** A terminal window beside the client. */
    EXTERNAL_TERMINAL("externalTerminal");

    private final String text;

    ConsoleKind(String text) {
        this.text = text;
    }

    /** The attribute's value: "internalConsole". */
    public String text() {
        return text;
    }

    /** Whether the client starts the target, in a terminal of its own. */
    public boolean isTerminal() {
        return this != INTERNAL;
    }
}
