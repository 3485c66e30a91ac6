package dev.gantry.adapter.config;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.launcher.WindowSize;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code console} and what depends on it.
 *
 * @param pty the pseudo-terminal's size, if there is to be one
 */
record ConsoleSettings(ConsoleKind kind, Optional<String> title, Optional<WindowSize> pty, boolean redirectOutput) {
    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    static ConsoleSettings read(Arguments arguments) {
        ConsoleKind kind = kind(arguments);
        Optional<WindowSize> size = pty(arguments);
        if (!kind.isTerminal()) {
            boolean redirect = arguments.flag("redirectOutput", true);
            if (!redirect) {
                arguments.warn("redirectOutput is false: what the target writes to the internal console is discarded");
            }
            return new ConsoleSettings(kind, title(arguments), size, redirect);
        }
        warnOfTerminal(arguments, kind);
        return new ConsoleSettings(kind, title(arguments), Optional.empty(), false);
    }

    private static void warnOfTerminal(Arguments arguments, ConsoleKind kind) {
        for (String name : new String[] {"redirectOutput", "mergeOutput"}) {
            if (arguments.flag(name, false)) {
                arguments.warn("'" + name + "' has no effect with console \"" + kind.text()
                        + "\": the output is the terminal's");
            }
        }
        for (String name : new String[] {"outputCap", "outputEncoding"}) {
            if (arguments.get(name) != null) {
                arguments.warn("'" + name + "' has no effect with console \"" + kind.text()
                        + "\": the output is the terminal's");
            }
        }
        if (arguments.get("tty") instanceof JsonObject) {
            arguments.warn("'tty' has no effect with console \"" + kind.text() + "\": the terminal has its own size");
        }
    }

    private static ConsoleKind kind(Arguments arguments) {
        Optional<String> text = arguments.text("console");
        for (ConsoleKind kind : ConsoleKind.values()) {
            if (text.isPresent() && kind.text().equals(text.get())) {
                return kind;
            }
        }
        return ConsoleKind.INTERNAL;
    }

    private static Optional<String> title(Arguments arguments) {
        Optional<String> title = arguments.text("consoleTitle");
        Optional<String> old = arguments.text("consoleName");
        if (title.isPresent() && old.isPresent()) {
            arguments.warn("'consoleName' is the old name of 'consoleTitle' and is ignored beside it");
        }
        return title.isPresent() ? title : old;
    }

    private static Optional<WindowSize> pty(Arguments arguments) {
        JsonElement value = arguments.get("tty");
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof JsonObject object)) {
            return value.getAsBoolean() ? Optional.of(new WindowSize(COLUMNS, ROWS)) : Optional.empty();
        }
        int columns = COLUMNS;
        int rows = ROWS;
        for (Map.Entry<String, JsonElement> entry : object.entrySet()) {
            String name = entry.getKey();
            OptionalInt size = Quantities.whole(entry.getValue(), 1, 0xFFFF);
            if (size.isEmpty() || !(name.equals("columns") || name.equals("rows"))) {
                arguments.wrong("tty", "tty." + name, entry.getValue());
                return Optional.empty();
            }
            columns = name.equals("columns") ? size.getAsInt() : columns;
            rows = name.equals("rows") ? size.getAsInt() : rows;
        }
        return Optional.of(new WindowSize(columns, rows));
    }
}
