package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcTableTest {
    @TempDir
    private Path folder;

    @Test
    void whoIsOlderIsReadOnce() throws IOException {
        FakeProc fake =
                new FakeProc(folder).add(5, 1, 'S', 50).add(10, 5, 'S', 100).add(11, 5, 'Z', 110);
        ProcTable table = new ProcTable(fake.seenBy(5), 100);
        assertThat(pids(table)).containsExactlyInAnyOrder(10L, 11L);

        // Read again, it would be taken for a younger one.
        fake.add(5, 1, 'S', 500).add(12, 10, 'S', 120);

        assertThat(pids(table)).containsExactlyInAnyOrder(10L, 11L, 12L);
    }

    @Test
    void whatCannotBeListedIsNotEmpty() throws IOException {
        Path file = Files.writeString(folder.resolve("no folder"), "");
        ProcTable table = new ProcTable(new ProcFs(file, 5), 100);

        assertThatThrownBy(table::read).isInstanceOf(IOException.class).hasMessageContaining("cannot list");
    }

    private static List<Long> pids(ProcTable table) throws IOException {
        return table.read().stream().map(ProcStat::pid).toList();
    }
}
