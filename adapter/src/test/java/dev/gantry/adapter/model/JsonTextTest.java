package dev.gantry.adapter.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static final String STRANGE = "\"\\/\b\f\n\r\t\0\u0007\u001f \u007fäж漢\u2028\u2029\ud83d\ude00<>&='";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "true",
                "-12.50e+3",
                "\"\"",
                "{\"a\":null,\"b\":[1,2.0,[],{\"c\":false}],\"d\":\"x\"}",
                "[null,{\"\":{}}]"
            })
    void compactTextStaysAsItIs(String text) {
        assertThat(JsonText.of(JsonParser.parseString(text))).isEqualTo(text);
    }

    @Test
    void gsonReadsWhatIsWritten() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            JsonElement element = element(random, 4);
            assertThat(JsonParser.parseString(JsonText.of(element))).isEqualTo(element);
        }
    }

    private static JsonElement element(Random random, int depth) {
        switch (random.nextInt(depth == 0 ? 5 : 7)) {
            case 0 -> {
                return JsonNull.INSTANCE;
            }
            case 1 -> {
                return new JsonPrimitive(random.nextBoolean());
            }
            case 2 -> {
                return new JsonPrimitive(random.nextInt());
            }
            case 3 -> {
                return new JsonPrimitive(random.nextGaussian());
            }
            case 4 -> {
                return new JsonPrimitive(string(random));
            }
            case 5 -> {
                JsonArray array = new JsonArray();
                for (int i = random.nextInt(5); i > 0; i--) {
                    array.add(element(random, depth - 1));
                }
                return array;
            }
            default -> {
                JsonObject object = new JsonObject();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.add(string(random), element(random, depth - 1));
                }
                return object;
            }
        }
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.appendCodePoint(STRANGE.codePointAt(
                    STRANGE.offsetByCodePoints(0, random.nextInt(STRANGE.codePointCount(0, STRANGE.length())))));
        }
        return text.toString();
    }

    @Test
    void aSurrogateThatStandsAloneIsEscaped() {
        assertThat(JsonText.of("a\ud800b\udc00\ud83d\ude00\ud83d"))
                .isEqualTo("\"a\\ud800b\\udc00\ud83d\ude00\\ud83d\"");
    }

    @Test
    void controlCharactersAndLineSeparatorsAreEscaped() {
        assertThat(JsonText.of("\0\u001f\n\"\\\u2028\u2029\u007f/"))
                .isEqualTo("\"\\u0000\\u001f\\n\\\"\\\\\\u2028\\u2029\u007f/\"");
    }

    @Test
    void membersThatAreNullCanBeLeftOut() {
        StringBuilder text = new StringBuilder("=");
        JsonText.appendPresent(text, JsonParser.parseString("{\"a\":null,\"b\":[null,{\"c\":null}],\"d\":1}"));
        assertThat(text).hasToString("={\"b\":[null,{}],\"d\":1}");
    }

    @Test
    void whatIsNoNumberOfJsonIsRefused() {
        assertThatThrownBy(() -> JsonText.of(new JsonPrimitive(Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no JSON: NaN");
    }
}
