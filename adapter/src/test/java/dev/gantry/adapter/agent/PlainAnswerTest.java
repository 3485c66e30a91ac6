package dev.gantry.adapter.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainAnswerTest {
    private static Optional<PlainAnswer> of(String text) {
        return PlainAnswer.of(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatTheAgentWritesIsTakenAsItIs() {
        PlainAnswer answer =
                of("{\"type\":\"response\",\"request_seq\":15,\"success\":true,\"command\":\"scopes\",\"body\":{\"scopes\":[]},\"seq\":7}")
                        .orElseThrow();

        assertThat(answer.requestSeq()).isEqualTo(15);
        assertThat(answer.body()).hasToString("{\"scopes\":[]}");
        assertThat(answer.body().parsed().get("scopes").isJsonArray()).isTrue();
    }

    @Test
    void anAnswerThatLastsIsMarked() {
        String begin = "{\"type\":\"response\",\"request_seq\":15,\"success\":true,\"command\":\"scopes\",\"body\":{}";
        assertThat(of(begin + ",\"keep\":true,\"seq\":7}").orElseThrow().lasting())
                .isTrue();
        assertThat(of(begin + ",\"seq\":7}").orElseThrow().lasting()).isFalse();
        assertThat(of(begin + ",\"keep\":false,\"seq\":7}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"type\":\"response\",\"request_seq\":",
                "{\"type\":\"event\",\"event\":\"hello\",\"body\":{},\"seq\":1}",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":false,\"command\":\"x\",\"body\":{},\"seq\":7}",
                "{\"type\":\"response\",\"request_seq\":,\"success\":true,\"command\":\"x\",\"body\":{},\"seq\":7}",
                "{\"type\":\"response\",\"request_seq\":5000000000,\"success\":true,\"command\":\"x\",\"body\":{},\"seq\":7}",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":{,\"seq\":7}",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":{},\"seq\":7",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":{},\"seq\":}",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":{},\"seq\":7}}",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":{},\"more\":7}",
                "{\"type\":\"response\",\"request_seq\":5,\"success\":true,\"command\":\"x\",\"body\":[],\"seq\":7}"
            })
    void everythingElseIsParsed(String text) {
        assertThat(of(text)).isEmpty();
    }
}
