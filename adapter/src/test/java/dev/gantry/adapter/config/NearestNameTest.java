package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
    @ParameterizedTest
    @CsvSource({
        "stopladder, stopLadder",
        "stoplader, stopLadder",
        "porgram, program",
        "Args, args",
        "arg, args",
        "envfile, envFile",
        "envFiles, envFile",
        "killBehavior, killTree",
        "gracefulShutdown, stopLadder",
        "justMyCod, justMyCode",
        "colsole, console"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(NearestName.of(written)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"x", "zz", "frobnicate", "colour"})
    void offersNothingFarAway(String written) {
        assertThat(NearestName.of(written)).isEqualTo(Optional.empty());
    }

    /** On the reactor, which serves others meanwhile: a name of megabytes costs no more than reading it. */
    @Test
    void whatIsMuchLongerThanAnyAttributeIsNotCompared() {
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(NearestName.of("z".repeat(20_000_000))).isEmpty());
    }

    @Test
    void aSwapOfNeighboursIsOneEdit() {
        assertThat(NearestName.distance("abcd", "acbd")).isEqualTo(1);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
    }
}
