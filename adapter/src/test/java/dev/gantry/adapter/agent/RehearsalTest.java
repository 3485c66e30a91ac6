package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RehearsalTest {
    @Test
    void readsAnswersAsARealAgentGivesThem() {
        assertThat(Rehearsal.answers()).isEqualTo(Rehearsal.TIMES);
    }
}
