package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.WindowsPrograms;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnRequest;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the contract says of programs that only Windows has. */
@Tag("windows")
@OnBackend("windows")
class WindowsOnlyTest extends BackendContract {
    @Test
    @Shows(Row.SIGNAL_PROCESS)
    void aProgramWithAWindowIsAskedToCloseIt() throws Exception {
        Child child = spawn(WindowsPrograms.WINDOW.command());
        child.heard().awaitText(1, "ready");
        child.getsSignal(Signal.TERM);
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(1)).isEqualTo("ready\nclosed\n");
    }

    @Test
    @Shows(Row.SIGNAL_PROCESS)
    void aProgramThatKeepsItsWindowStillEndsByKill() throws Exception {
        Child child = spawn(WindowsPrograms.WINDOW.command("stubborn"));
        child.heard().awaitText(1, "ready");
        child.getsSignal(Signal.TERM);
        child.heard().awaitText(1, "closed");
        assertThat(child.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        assertThat(child.isKilled().shellCode()).isEqualTo(Platform.shellCodeAfter(Signal.KILL));
    }

    @Test
    @Shows(Row.TREE)
    void nothingLeavesAGuardedTree() throws Exception {
        Child child =
                spawn(SpawnRequest.of(WindowsPrograms.BREAK_AWAY.command()).withGuarded(true));
        assertThat(child.heard().awaitEnded().shellCode()).isEqualTo(1);
        assertThat(child.heard().text(1)).contains("refused 5");
    }

    @Test
    @Shows(Row.TREE)
    void whatLeavesTheJobIsNotOfTheTree() throws Exception {
        Child child = spawn(WindowsPrograms.BREAK_AWAY.command());
        ProcessHandle away =
                ProcessHandle.of(Long.parseLong(child.heard().awaitLine(1))).orElseThrow();
        child.heard().awaitEnded();
        assertThat(child.asked(ProcessTransport::tree)).isEmpty();
        child.does(process -> process.signalTree(Signal.KILL));
        assertThat(away.isAlive()).isTrue();
        away.destroyForcibly();
    }

    @Test
    @Shows({Row.TREE, Row.SIGNAL_PROCESS})
    void theTreesOfTwoChildrenAreApart() throws Exception {
        List<String> command = WindowsPrograms.WINDOW.command();
        Child one = spawn(command);
        Child other = spawn(command);
        one.heard().awaitText(1, "ready");
        other.heard().awaitText(1, "ready");
        one.does(process -> process.signalTree(Signal.KILL));
        one.heard().awaitEnded();
        assertThat(other.state()).isEqualTo(ProcessTransport.State.SPAWNED);
        other.getsSignal(Signal.TERM);
        assertThat(other.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
    }
}
