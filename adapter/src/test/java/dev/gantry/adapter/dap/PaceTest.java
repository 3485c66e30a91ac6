package dev.gantry.adapter.dap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MS = 1_000_000L;

    @Test
    void wholeLinesLeaveAtOnceWhenTheClientIsIdle() {
        assertThat(Pace.of(held(100, 100, 0, true, true))).isEqualTo(new Pace.All());
    }

    @Test
    void linesLeaveAndTheRestIsHeld() {
        assertThat(Pace.of(held(100, 100, 0, true, false))).isEqualTo(new Pace.Lines());
    }

    @Test
    void aPartOfALineIsHeldForThreeMilliseconds() {
        assertThat(Pace.of(held(100, 100, 0, false, false))).isEqualTo(new Pace.Until(103 * MS));
        assertThat(Pace.of(held(102, 100, 0, false, false))).isEqualTo(new Pace.Until(103 * MS));
        assertThat(Pace.of(held(103, 100, 0, false, false))).isEqualTo(new Pace.All());
    }

    @Test
    void shortlyAfterAnEventEverythingIsJoined() {
        assertThat(Pace.of(held(100, 100, 95, true, true))).isEqualTo(new Pace.Until(103 * MS));
        assertThat(Pace.of(held(103, 100, 95, true, true))).isEqualTo(new Pace.All());
    }

    @Test
    void doesNotMindAClockThatOverflows() {
        long now = Long.MAX_VALUE;
        assertThat(Pace.of(new Pace.Held(now, now, now - MS, true, true))).isEqualTo(new Pace.Until(now + 7 * MS));
        assertThat(Pace.of(new Pace.Held(now + 7 * MS, now, now - MS, true, true)))
                .isEqualTo(new Pace.All());
    }

    private static Pace.Held held(long now, long since, long lastLeft, boolean hasLine, boolean endsWithLine) {
        return new Pace.Held(now * MS, since * MS, lastLeft * MS, hasLine, endsWithLine);
    }
}
