package dev.gantry.adapter.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactJsonTest {
    private static final String EVERYTHING =
            "{\"a\":[1,-0,2.5,1e9,-3.25E-7,true,false,null,\"\",[],{}],\"b c\":{\"x\\\"\\\\\\/\\b\\f\\n\\r\\t\\u20ac\\ud800\":\"}\"}}";

    private static int end(String text) {
        return CompactJson.endOfObject(text.getBytes(StandardCharsets.UTF_8), 0);
    }

    @Test
    void everyKindOfValueIsAccepted() {
        assertThat(end(EVERYTHING)).isEqualTo(EVERYTHING.length());
        assertThat(end(EVERYTHING + ",\"seq\":5}")).isEqualTo(EVERYTHING.length());
        assertThat(end("{}")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[",
                "1",
                "{",
                "{\"",
                "{\"a\"",
                "{\"a\":",
                "{\"a\":}",
                "{\"a\":1",
                "{\"a\":1,",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{\"a\" :1}",
                "{\"a\": 1}",
                "{ }",
                "{\"a\":01}",
                "{\"a\":-}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":1e}",
                "{\"a\":+1}",
                "{\"a\":NaN}",
                "{\"a\":tru}",
                "{\"a\":truex}",
                "{\"a\":nul",
                "{\"a\":[1,]}",
                "{\"a\":[,]}",
                "{\"a\":[1 2]}",
                "{\"a\":[1}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\\",
                "{\"a\":\"é\"}",
                "{\"a\":1]"
            })
    void everythingElseIsNot(String text) {
        assertThat(end(text)).isEqualTo(-1);
    }

    @Test
    void whatIsNestedDeepIsLeftToOthers() {
        int most = CompactJson.NESTING_LIMIT;
        assertThat(end("{\"a\":" + "[".repeat(most) + "]".repeat(most) + "}")).isPositive();
        assertThat(end("{\"a\":" + "[".repeat(most + 1) + "]".repeat(most + 1) + "}"))
                .isEqualTo(-1);
        assertThat(end("{\"a\":" + "[".repeat(1_000_000))).isEqualTo(-1);
    }

    /** What is accepted is JSON to the strict parser, and the same. */
    @Test
    void noChangeOfACharacterIsAcceptedThatIsNoJson() throws Exception {
        Random random = new Random(5);
        String characters = "{}[]\",:\\0123456789.eE+-truefalsn ué";
        int accepted = 0;
        for (int i = 0; i < 200_000; i++) {
            // Half a surrogate pair is JSON, and not to the strict parser.
            StringBuilder text = new StringBuilder(EVERYTHING.replace("\\ud800", ""));
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                text.setCharAt(random.nextInt(text.length()), characters.charAt(random.nextInt(characters.length())));
            }
            int end = end(text.toString());
            if (end > 0) {
                accepted++;
                try (JsonReader reader = new JsonReader(new StringReader(text.substring(0, end)))) {
                    reader.setStrictness(Strictness.STRICT);
                    assertThat(JsonParser.parseReader(reader).isJsonObject()).isTrue();
                }
            }
        }
        assertThat(accepted).isGreaterThan(1000);
    }
}
