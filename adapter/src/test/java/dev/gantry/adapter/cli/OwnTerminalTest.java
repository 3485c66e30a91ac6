package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnTerminalTest {
    @Test
    void whoHasTheTerminalIsReadPastAnyName() {
        assertThat(OwnTerminal.Say.parse("12 (a) R (b) S 1 12 10 34816 12 4194304 5"))
                .contains(new OwnTerminal.Say(12, 34816, 12));
        assertThat(OwnTerminal.Say.parse("12 (a) S 1")).isEmpty();
        assertThat(OwnTerminal.Say.parse("")).isEmpty();
    }

    @Test
    void theBackgroundIsWhereAnotherGroupHasTheTerminal() {
        assertThat(new OwnTerminal.Say(12, 34816, 10).isElsewhere()).isTrue();
        assertThat(new OwnTerminal.Say(12, 34816, 12).isElsewhere()).isFalse();
        assertThat(new OwnTerminal.Say(12, 0, -1).isElsewhere())
                .as("no terminal")
                .isFalse();
        assertThat(new OwnTerminal.Say(12, 34816, -1).isElsewhere())
                .as("a terminal that is gone")
                .isFalse();
    }

    @Test
    void aSizeIsRowsAndColumns() {
        assertThat(OwnTerminal.Size.parse("30 100")).contains(new OwnTerminal.Size(100, 30));
        assertThat(OwnTerminal.Size.parse("0 0")).as("a terminal without one").isEmpty();
        assertThat(OwnTerminal.Size.parse("stty: no")).isEmpty();
    }
}
