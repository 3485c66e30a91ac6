package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.launcher.Signal;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFdSenderTest {
    @TempDir
    private Path folder;

    @Test
    void whoCannotBeLookedAtIsNotTakenForGone() throws Exception {
        try (TestChild child = TestChild.shell("echo ready; read x")) {
            FakeProc fake = new FakeProc(folder)
                    .add(child.pid(), 1, 'S', child.id().startTime())
                    .unreadable(child.pid());

            assertThatThrownBy(() -> new PidFdSender(fake.seenBy(5)).send(child.id(), Signal.KILL))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("EISDIR");

            assertThat(child.isAlive()).isTrue();
        }
    }

    @Test
    void neitherTheDeadNorWhoGotTheirNumberIsSignalled() throws Exception {
        SignalSender sender = new PidFdSender(ProcFs.system());
        try (TestChild child = TestChild.shell("echo ready; read x")) {
            ProcessId before = new ProcessId(child.pid(), child.id().startTime() - 1);

            assertThat(sender.send(before, Signal.KILL)).isFalse();
            assertThat(child.isAlive()).isTrue();
            assertThat(sender.send(child.id(), Signal.KILL)).isTrue();
            assertThat(child.process().waitFor()).isEqualTo(137);
            assertThat(sender.send(child.id(), Signal.KILL)).isFalse();
        }
    }
}
