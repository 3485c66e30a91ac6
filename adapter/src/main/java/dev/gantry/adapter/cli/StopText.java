package dev.gantry.adapter.cli;

import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A stop in words: why, where, called from where, and with what. Pure, but for the source lines that it is given a way to. */
final class StopText {
    private static final int MOST_FRAMES = 10;
    private static final int MOST_FILES = 4;
    private static final int MOST_VARIABLES = 24;
    private static final int VALUE_LETTERS = 88;
    private static final int SOURCE_LETTERS = 76;
    private static final int WIDEST_PLACE = 44;
    private static final int WIDEST_NAME = 24;
    private static final String CUT = "...";

    /** Where the lines of sources are found. */
    interface SourceLines {
        /**
         * One line, if the text is known.
         *
         * @param path as the adapter names it
         */
        Optional<String> line(String path, int number);

        /** Whether the adapter may be asked for this text, which is in no file that can be read: once for each. */
        default boolean mayAsk(String path) {
            return false;
        }

        /** The adapter has answered. */
        default void learn(String path, String text) {}
    }

    private final List<Path> roots;
    private final SourceLines sources;

    /**
     * @param roots a file below one of them is named relative to it, the shortest way
     */
    StopText(List<Path> roots, SourceLines sources) {
        this.roots = List.copyOf(roots);
        this.sources = sources;
    }

    /** "ValueError: no such word", of what exceptionInfo answers. */
    static String exception(JsonObject info) {
        String name = Fields.text(info, "exceptionId");
        String description = Fields.text(info, "description");
        if (name.isEmpty() || description.isEmpty()) {
            return name.isEmpty() ? "exception" : name;
        }
        boolean hasName = description.startsWith(name);
        return oneLine(hasName ? description : name + ": " + description, VALUE_LETTERS);
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

    /** A line for each frame, the innermost first, its source beside it; what is not the user's is only counted. */
    List<String> stack(List<JsonObject> frames, int total) {
        List<JsonObject> shown = new ArrayList<>();
        List<String> places = new ArrayList<>();
        int width = 0;
        int at = 0;
        while (at < frames.size() && shown.size() < MOST_FRAMES) {
            JsonObject frame = frames.get(at);
            int end = at;
            while (at > 0 && end < frames.size() && !isOwn(frames.get(end))) {
                end++;
            }
            if (end > at) {
                places.add(CUT + " " + calls(end - at) + " in " + files(frames.subList(at, end)));
                shown.add(new JsonObject());
                at = end;
            } else {
                places.add(place(frame));
                shown.add(frame);
                width = Math.max(width, Math.min(place(frame).length(), WIDEST_PLACE));
                at++;
            }
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            String source = source(shown.get(i));
            lines.add("  " + (source.isEmpty() ? places.get(i) : padded(places.get(i), width) + "  " + source));
        }
        int more = Math.max(total, frames.size()) - at;
        if (more > 0) {
            lines.add("  " + CUT + " " + more + " more " + (more == 1 ? "call" : "calls"));
        }
        return lines;
    }

    /** The sources of the user's own frames whose text only the adapter has; what it answers is to be {@link #learn}ed. */
    List<JsonObject> unknownSources(List<JsonObject> frames) {
        List<JsonObject> unknown = new ArrayList<>();
        for (JsonObject frame : frames) {
            JsonObject source = Fields.object(frame, "source");
            if (isOwn(frame)
                    && Fields.number(source, "sourceReference").orElse(0) > 0
                    && source(frame).isEmpty()
                    && sources.mayAsk(Fields.text(source, "path"))) {
                unknown.add(source);
            }
        }
        return unknown;
    }

    void learn(JsonObject source, String text) {
        sources.learn(Fields.text(source, "path"), text);
    }

    private static String calls(int number) {
        return number == 1 ? "1 call" : number + " calls";
    }

    /** The files of frames, each once and without its directory. */
    private static String files(List<JsonObject> frames) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonObject frame : frames) {
            JsonObject source = Fields.object(frame, "source");
            String name = Fields.text(source, "name");
            names.add(
                    name.isEmpty()
                            ? path(source)
                                    .map(path -> String.valueOf(path.getFileName()))
                                    .orElse("a library")
                            : name);
        }
        List<String> some = names.stream().limit(MOST_FILES).toList();
        return String.join(", ", some) + (names.size() > some.size() ? ", " + CUT : "");
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
        String shortest = path.toString();
        for (Path root : roots) {
            if (path.startsWith(root) && !path.equals(root)) {
                String relative = root.relativize(path).toString();
                shortest = relative.length() < shortest.length() ? relative : shortest;
            }
        }
        return shortest;
    }

    private String source(JsonObject frame) {
        String path = Fields.text(Fields.object(frame, "source"), "path");
        OptionalInt line = Fields.number(frame, "line");
        return path.isEmpty() || line.isEmpty()
                ? ""
                : sources.line(path, line.getAsInt())
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
