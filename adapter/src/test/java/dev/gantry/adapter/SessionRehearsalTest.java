package dev.gantry.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
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
        assertThat(SessionRehearsal.hold(directory)).isEqualTo(5);
    }
}
