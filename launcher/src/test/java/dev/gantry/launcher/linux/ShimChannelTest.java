package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.ExitReason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShimChannelTest {
    private final ShimChannel channel = new ShimChannel();

    @Test
    void tellsStartAndEndHoweverTheBytesArrive() {
        List<ShimEvent> events = new ArrayList<>();
        for (char c : "hello 12 345\nstatus 3\n".toCharArray()) {
            events.addAll(receive(String.valueOf(c)));
        }

        assertThat(events)
                .containsExactly(
                        new ShimEvent.Started(new ProcessId(12, 345)), new ShimEvent.Ended(ExitReason.of(3 << 8)));
        assertThat(channel.isOver()).isTrue();
        assertThat(channel.closed()).isEmpty();
    }

    @Test
    void aRefusalIsTheLastEvent() {
        assertThat(receive("refused program 127\nstatus 127\n")).containsExactly(new ShimEvent.Refused("program", 127));
        assertThat(channel.closed()).isEmpty();
    }

    @Test
    void aLateRefusalComesAfterTheStart() {
        assertThat(receive("hello 1 2\nrefused program 126\nstatus 126\n"))
                .containsExactly(new ShimEvent.Started(new ProcessId(1, 2)), new ShimEvent.Refused("program", 126));
    }

    @Test
    void anEarlyEndMeansThatTheTerminalIsGone() {
        receive("hello 1 2\n");

        assertThat(channel.closed())
                .singleElement()
                .isInstanceOfSatisfying(
                        ShimEvent.Lost.class, lost -> assertThat(lost.why()).contains("terminal"));
        assertThat(channel.closed()).isEmpty();
        assertThat(receive("status 0\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "hello a b", "status", "status x", "status 1 2", "garbage", "refused program x"})
    void nonsenseLosesTheShell(String line) {
        assertThat(receive(line + "\n")).singleElement().isInstanceOf(ShimEvent.Lost.class);
        assertThat(channel.isOver()).isTrue();
    }

    @Test
    void aLineWithoutEndTakesNoMemory() {
        assertThat(receive("x".repeat(1_000_000))).isEmpty();
        assertThat(receive("\n"))
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).hasSizeLessThan(400));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,256", "127,32512", "128,32768", "129,1", "137,9", "139,11", "192,64", "193,49408", "255,65280"
    })
    void aStatusOfTheShellIsAnExitCodeOrASignal(int shell, int status) {
        assertThat(ShimChannel.reasonOf(shell)).isEqualTo(ExitReason.of(status));
        assertThat(ShimChannel.reasonOf(shell).shellCode()).isEqualTo(shell);
    }

    private List<ShimEvent> receive(String text) {
        return channel.received(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
