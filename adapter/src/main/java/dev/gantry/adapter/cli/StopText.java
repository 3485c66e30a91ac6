package dev.gantry.adapter.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** A stop in words: why, where, called from where, and with what. Pure, but for the source lines that it is given a way to. */
final class StopText {
    private static final int MOST_FRAMES = 10;
    private static final int MOST_VARIABLES = 24;
    private static final int VALUE_LETTERS = 88;
    private static final int SOURCE_LETTERS = 76;
    private static final int WIDEST_PLACE = 44;
    private static final int WIDEST_NAME = 24;
    private static final String CUT = "...";

    /** Reads one line of a file. */
    interface SourceLines {
        Optional<String> line(Path file, int number);
    }

    private final Path here;
    private final SourceLines sources;

    /**
     * @param here files below it are named relative to it
     */
    StopText(Path here, SourceLines sources) {
        this.here = here;
        this.sources = sources;
    }

    /** "stop 3: breakpoint", "stop 1: exception ValueError: no such word". */
    static String title(int number, JsonObject stopped) {
        String reason = Fields.text(stopped, "reason");
        String description = Fields.text(stopped, "description");
        String text = Fields.text(stopped, "text");
        StringBuilder title = new StringBuilder("stop " + number + ": ");
        if (reason.equals("exception")) {
            title.append(text.isEmpty() ? "exception" : oneLine(text, VALUE_LETTERS));
            if (!description.isEmpty() && !description.equals(text)) {
                title.append(": ").append(oneLine(description, VALUE_LETTERS));
            }
            return title.toString();
        }
        title.append(reason.isEmpty() ? "stopped" : reason);
        return text.isEmpty() ? title.toString() : title + " (" + oneLine(text, VALUE_LETTERS) + ")";
    }

    /** The frame whose variables are worth a look: the first one of the user's own code, else the first. */
    static Optional<JsonObject> topOwn(List<JsonObject> frames) {
        for (JsonObject frame : frames) {
            if (isOwn(frame)) {
                return Optional.of(frame);
            }
        }
        return frames.stream().findFirst();
    }

    private static boolean isOwn(JsonObject frame) {
        String hint = Fields.text(frame, "presentationHint");
        String source = Fields.text(Fields.object(frame, "source"), "presentationHint");
        return !hint.equals("subtle") && !hint.equals("label") && !source.equals("deemphasize");
    }

    /** A line for each frame, the innermost first, its source beside it. */
    List<String> stack(List<JsonObject> frames, int total) {
        List<String> places = new ArrayList<>();
        int width = 0;
        for (JsonObject frame : frames.subList(0, Math.min(frames.size(), MOST_FRAMES))) {
            String place = place(frame);
            places.add(place);
            width = Math.max(width, Math.min(place.length(), WIDEST_PLACE));
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            String source = source(frames.get(i));
            lines.add("  " + (source.isEmpty() ? places.get(i) : padded(places.get(i), width) + "  " + source));
        }
        int more = Math.max(total, frames.size()) - places.size();
        if (more > 0) {
            lines.add("  " + CUT + " " + more + " more " + (more == 1 ? "call" : "calls"));
        }
        return lines;
    }

    /** "dir/file.py:3 in function". */
    private String place(JsonObject frame) {
        JsonObject source = Fields.object(frame, "source");
        Optional<Path> path = path(source);
        String file = path.isPresent() ? shown(path.get()) : Fields.text(source, "name");
        OptionalInt line = Fields.number(frame, "line");
        String place = file.isEmpty() ? "" : file + (line.isPresent() ? ":" + line.getAsInt() : "") + " in ";
        return place + Fields.text(frame, "name");
    }

    private static Optional<Path> path(JsonObject source) {
        String path = Fields.text(source, "path");
        return path.isEmpty() ? Optional.empty() : Probe.path(path);
    }

    private String shown(Path path) {
        return path.startsWith(here) && !path.equals(here)
                ? here.relativize(path).toString()
                : path.toString();
    }

    private String source(JsonObject frame) {
        Optional<Path> path = path(Fields.object(frame, "source"));
        OptionalInt line = Fields.number(frame, "line");
        return path.isEmpty() || line.isEmpty()
                ? ""
                : sources.line(path.get(), line.getAsInt())
                        .map(text -> oneLine(text.strip(), SOURCE_LETTERS))
                        .orElse("");
    }

    /** A line for each variable, the values below each other. */
    static List<String> variables(List<JsonObject> variables) {
        List<JsonObject> shown = variables.subList(0, Math.min(variables.size(), MOST_VARIABLES));
        int width = 0;
        for (JsonObject variable : shown) {
            width = Math.max(width, Math.min(Fields.text(variable, "name").length(), WIDEST_NAME));
        }
        List<String> lines = new ArrayList<>();
        for (JsonObject variable : shown) {
            String value = Fields.text(variable, "value");
            lines.add("      " + padded(Fields.text(variable, "name"), width) + " = "
                    + (value.isEmpty() ? Fields.text(variable, "type") : oneLine(value, VALUE_LETTERS)));
        }
        int more = variables.size() - shown.size();
        if (more > 0) {
            lines.add("      " + CUT + " " + more + " more " + (more == 1 ? "variable" : "variables"));
        }
        return lines;
    }

    private static String padded(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    /** On one line, and not too long. */
    static String oneLine(String text, int most) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), most + CUT.length()));
        for (int i = 0; i < text.length() && line.length() <= most; i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line.append("\\n");
            } else if (Character.isISOControl(c)) {
                line.append(c == '\t' ? ' ' : '?');
            } else {
                line.append(c);
            }
        }
        if (line.length() <= most) {
            return line.toString();
        }
        int end = most - CUT.length();
        end = Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end;
        return line.substring(0, end) + CUT;
    }
}
