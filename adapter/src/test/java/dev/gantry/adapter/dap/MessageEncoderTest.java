package dev.gantry.adapter.dap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.gantry.adapter.model.RawJson;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageEncoderTest {
    private final MessageEncoder encoder = new MessageEncoder();

    @ParameterizedTest
    @ValueSource(strings = {"scopes", "gantry/justMyCode", "a \"strange\" näme"})
    void aBodyThatIsNotParsedMakesTheSameFrame(String command) {
        String body = "{\"scopes\":[{\"name\":\"Locals\",\"variablesReference\":5,\"expensive\":false}]}";
        byte[] text = ("xx" + body + "yy").getBytes(StandardCharsets.US_ASCII);

        byte[] raw = encoder.success(7, 5_000_000_000L, command, new RawJson(text, 2, text.length - 2));

        byte[] parsed = encoder.success(7, 5_000_000_000L, command, JsonParser.parseString(body));
        assertThat(new String(raw, StandardCharsets.UTF_8)).isEqualTo(new String(parsed, StandardCharsets.UTF_8));
        assertThat(encoder.event(8, command, new RawJson(text, 2, text.length - 2)))
                .isEqualTo(encoder.event(8, command, JsonParser.parseString(body)));
    }
}
