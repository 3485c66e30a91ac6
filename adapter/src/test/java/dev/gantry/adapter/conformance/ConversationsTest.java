package dev.gantry.adapter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each client's conversation comes to its end, and the client gets all of the program's output, its stops and its exit code. */
@ExtendWith(LeakCheck.class)
class ConversationsTest {
    static Stream<Arguments> conversations() {
        return Conversation.all().stream()
                .flatMap(conversation ->
                        conversation.programs().stream().map(program -> Arguments.of(conversation.name(), program)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("conversations")
    void aClientsConversationComesToItsEnd(String name, TargetProgram program) {
        Recordings.of(Conversation.named(name), program).assertWhole();
    }

    @Test
    void everyFileIsReplayedOrIsAPartOfOneThatIs() throws IOException, URISyntaxException {
        List<String> used = new ArrayList<>(Conversation.NAMES);
        List<String> there = new ArrayList<>();
        URL one = Objects.requireNonNull(Conversation.class.getResource("vscode.jsonl"));
        Path folder = Objects.requireNonNull(Path.of(one.toURI()).getParent());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
                there.add(file.getFileName().toString().replace(".jsonl", ""));
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("{\"part\""))
                        .map(line -> line.replaceAll(".*: *\"|\".*", ""))
                        .filter(part -> !used.contains(part))
                        .forEach(used::add);
            }
        }
        assertThat(there).containsExactlyInAnyOrderElementsOf(used);
    }
}
