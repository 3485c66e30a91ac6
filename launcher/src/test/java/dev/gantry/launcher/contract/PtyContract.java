package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Described;
import dev.gantry.fixtures.Programs;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.SpawnRequest;
import dev.gantry.launcher.UnsupportedCapabilityException;
import dev.gantry.launcher.WindowSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pseudo-terminal instead of pipes. */
abstract class PtyContract extends BackendContract {
    private static final WindowSize SIZE = new WindowSize(101, 37);

    private Optional<Child> terminal(List<String> command) throws Exception {
        return spawnIfAble(Capability.PTY, SpawnRequest.of(command).withPty(SIZE));
    }

    @Test
    @Shows({Row.PTY, Row.GROUP, Row.CONNECTION_LOST, Row.END})
    void theChildSeesATerminalOfThatSizeAsItsOwn() throws Exception {
        Optional<Child> child = terminal(Programs.DESCRIBE.command());
        if (child.isEmpty()) {
            return;
        }
        assertThat(child.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        Described described = Described.parse(child.get().heard().text(1));
        assertThat(described.terminals())
                .containsEntry(0, "101 37")
                .containsEntry(1, "101 37")
                .containsEntry(2, "101 37");
        assertThat(described.ids().get("session")).isEqualTo(described.ids().get("pid"));
        assertThat(described.descriptors()).containsOnlyKeys(0, 1, 2);
        assertThat(child.get().heard().events()).endsWith(new Recorder.Ended(new ProcessDone(0)));
    }

    @Test
    @Shows(Row.PTY)
    void itIsTheControllingTerminal() throws Exception {
        Optional<Child> child = terminal(List.of("/bin/sh", "-c", "echo to the terminal > /dev/tty"));
        if (child.isPresent()) {
            assertThat(child.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            assertThat(child.get().heard().text(1)).isEqualTo("to the terminal\r\n");
        }
    }

    @Test
    @Shows(Row.PTY)
    void aNewSizeIsSeen() throws Exception {
        Optional<Child> able = terminal(List.of("/bin/sh", "-c", "echo ready; read go; stty size"));
        if (able.isPresent()) {
            able.get().heard().awaitText(1, "ready");
            able.get().does(process -> process.resize(new WindowSize(80, 24)));
            able.get().writes("go\n");
            assertThat(able.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            assertThat(able.get().heard().text(1)).endsWith("24 80\r\n");
        }
    }

    @Test
    @Shows({Row.PTY, Row.CLOSE_CHILD_FD})
    void closingStandardInputIsTheEndOfFile() throws Exception {
        Optional<Child> able = terminal(List.of("/bin/sh", "-c", "echo ready; cat; echo over"));
        if (able.isPresent()) {
            able.get().heard().awaitText(1, "ready");
            able.get().writes("typed\n");
            able.get().closesStdin();
            assertThat(able.get().heard().awaitEnded()).isEqualTo(new ProcessDone(0));
            assertThat(able.get().heard().text(1)).contains("typed\r\n").endsWith("over\r\n");
        }
    }

    @Test
    @Shows(Row.PTY)
    void theInterruptCharacterInterrupts() throws Exception {
        Optional<Child> able = terminal(Programs.READY_SLEEP.command());
        if (able.isPresent()) {
            able.get().heard().awaitText(1, "ready");
            able.get().writes("\u0003");
            assertThat(able.get().heard().awaitEnded().shellCode()).isEqualTo(130);
        }
    }

    @Test
    @Shows({Row.PTY, Row.LOSE_CONNECTION})
    void losingTheConnectionHangsUp() throws Exception {
        Optional<Child> able = terminal(Programs.READY_SLEEP.command());
        if (able.isPresent()) {
            able.get().heard().awaitText(1, "ready");
            able.get().does(ProcessTransport::loseConnection);
            // Closing a terminal sends SIGHUP: the system's doing, not ours.
            assertThat(able.get().heard().awaitEnded().shellCode()).isEqualTo(129);
        }
    }

    @Test
    @Shows({Row.PTY, Row.WRITE})
    void muchGoesThroughATerminal() throws Exception {
        Optional<Child> able = terminal(List.of("/bin/sh", "-c", "stty raw -echo; echo ready; cat; echo over"));
        if (able.isPresent()) {
            able.get().heard().awaitText(1, "ready");
            able.get().writes(new byte[500_000]);
            able.get().heard().await("all", () -> able.get().heard().count(1) >= 500_000);
            able.get().isKilled();
        }
    }

    @Test
    @Shows(Row.PTY)
    void pipesHaveNoSize() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        assertThatThrownBy(() -> child.does(process -> process.resize(SIZE)))
                .isInstanceOfSatisfying(
                        UnsupportedCapabilityException.class,
                        refusal -> assertThat(refusal.capability()).isEqualTo(Capability.PTY));
        child.closesStdin();
        child.heard().awaitEnded();
    }
}
