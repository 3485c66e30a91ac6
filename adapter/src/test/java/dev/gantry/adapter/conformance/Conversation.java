package dev.gantry.adapter.conformance;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What one client says in one session, in its order, and what it waits for: a file of JSON lines, of which the first is about the client
 * and each other one is a step. Immutable. {@link Replay} has the steps' meaning, {@code README.md} beside the files explains them.
 *
 * @param name the file's
 * @param header {@code client}, {@code about}; {@code programs} that it fits; {@code hears}, the last event that it reads
 */
record Conversation(String name, JsonObject header, List<JsonObject> steps) {
    /** All that are replayed; the parts they share are not among them. */
    static final List<String> NAMES = List.of(
            "vscode",
            "vscode-pause-and-stop",
            "vscode-exception",
            "vscode-restart",
            "vscode-restart-anew",
            "vscode-refused-launch",
            "nvim-dap",
            "nvim-dap-0.6.0",
            "dape",
            "dap-mode",
            "vimspector",
            "lsp4e",
            "lsp4e-run",
            "kate",
            "debugclient");

    static List<Conversation> all() {
        return NAMES.stream().map(Conversation::named).toList();
    }

    static Conversation named(String name) {
        List<JsonObject> lines = lines(name);
        List<JsonObject> steps = new ArrayList<>();
        for (JsonObject line : lines.subList(1, lines.size())) {
            if (line.has("part")) {
                steps.addAll(lines(line.get("part").getAsString()));
            } else {
                steps.add(line);
            }
        }
        return new Conversation(name, lines.get(0), List.copyOf(steps));
    }

    private static List<JsonObject> lines(String name) {
        try (InputStream in = Conversation.class.getResourceAsStream(name + ".jsonl")) {
            if (in == null) {
                throw new IllegalArgumentException("no conversation " + name + ".jsonl");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String client() {
        return header.get("client").getAsString();
    }

    String about() {
        return header.get("about").getAsString();
    }

    List<TargetProgram> programs() {
        List<TargetProgram> programs = new ArrayList<>();
        for (JsonElement program : header.getAsJsonArray("programs")) {
            programs.add(TargetProgram.of(program.getAsString()));
        }
        return programs;
    }

    /** Whether more than one program runs in it. */
    boolean restarts() {
        return steps.stream()
                .anyMatch(
                        step -> step.has("ask") && step.get("ask").getAsString().equals("restart"));
    }

    /** Whether it listens to the end, and so has heard {@code terminated}. */
    boolean hearsTerminated() {
        return !header.has("hears") || header.get("hears").getAsString().equals("terminated");
    }
}
