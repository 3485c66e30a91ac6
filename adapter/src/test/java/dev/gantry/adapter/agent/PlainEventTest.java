package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainEventTest {
    private static Optional<PlainEvent> of(String text) {
        return PlainEvent.of(text.getBytes(StandardCharsets.UTF_8), Set.of("module"));
    }

    @Test
    void whatTheAgentWritesIsTakenAsItIs() {
        PlainEvent event = of("{\"type\":\"event\",\"event\":\"module\",\"body\":{\"reason\":\"new\"},\"seq\":12}")
                .orElseThrow();
        assertThat(event.name()).isEqualTo("module");
        assertThat(event.body()).hasToString("{\"reason\":\"new\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"type\":\"event\",\"event\":\"",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":{},\"seq\":7}",
                "{\"type\":\"event\",\"event\":\"module\",\"body\":{},\"seq\":}",
                "{\"type\":\"event\",\"event\":\"module\",\"body\":{},\"seq\":1}}",
                "{\"type\":\"event\",\"event\":\"module\",\"body\":{\"seq\":1}",
                "{\"type\":\"event\",\"event\":\"module\",\"body\":[],\"seq\":1}",
                "{\"type\":\"event\",\"event\":\"mod\\u0075le\",\"body\":{},\"seq\":1}",
                "{\"type\":\"event\",\"event\":\"module\",\"seq\":1}",
                "{\"type\":\"event\",\"event\":\"stopped\",\"body\":{},\"seq\":1}"
            })
    void everythingElseIsParsed(String text) {
        assertThat(of(text)).isEmpty();
    }
}
