package dev.gantry.adapter.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Every conversation with every program that it fits, each held once in a JVM, at the first use. Guarded by its class. */
final class Recordings {
    private static final Map<String, Recording> HELD = new LinkedHashMap<>();

    private Recordings() {}

    static List<Recording> all() {
        List<Recording> all = new ArrayList<>();
        for (Conversation conversation : Conversation.all()) {
            conversation.programs().forEach(program -> all.add(of(conversation, program)));
        }
        return all;
    }

    /** That something is so in each of them, also in one that was not held to its end. */
    static void everywhere(Consumer<Recording> law) {
        for (Recording recording : all()) {
            try {
                law.accept(recording);
            } catch (AssertionError e) {
                throw new AssertionError(
                        recording + ": " + e.getMessage() + "\nwhat happened:\n"
                                + recording.timeline().story(),
                        e);
            }
        }
    }

    /** All that one client has held. */
    static List<Recording> of(String conversation) {
        return all().stream()
                .filter(recording -> recording.conversation().name().equals(conversation))
                .toList();
    }

    static synchronized Recording of(Conversation conversation, TargetProgram program) {
        String key = conversation.name() + " " + program;
        Recording held = HELD.get(key);
        if (held == null) {
            held = inItsOwnFolder(conversation, program);
            HELD.put(key, held);
        }
        return held;
    }

    private static Recording inItsOwnFolder(Conversation conversation, TargetProgram program) {
        try {
            Path folder = Files.createTempDirectory("gantry-client-");
            Recording recording = Replay.of(conversation, program, folder);
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            return recording;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
