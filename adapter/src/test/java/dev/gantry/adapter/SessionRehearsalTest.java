package dev.gantry.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
class SessionRehearsalTest {
    @TempDir
    Path directory;

    @Test
    void holdsTheBeginningOfAConversationAndStartsNothing() throws Exception {
        Files.writeString(directory.resolve("boot.py"), "");
        // Launch is answered with the refusal of its start, and setBreakpoints before it is.
        List<String> trace = new ArrayList<>();
        assertThat(SessionRehearsal.hold(directory, trace::add)).isEqualTo(SessionRehearsal.REQUESTS);
        assertThat(trace).anyMatch(line -> line.endsWith("could not be started: this is a rehearsal"));
    }
}
