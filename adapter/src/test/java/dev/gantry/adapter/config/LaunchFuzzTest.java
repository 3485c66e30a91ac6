package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any JSON whatever gets a plan or a reason. */
class LaunchFuzzTest {
    private static final String[] TEXTS = {
        "",
        " ",
        "a",
        "/",
        ".",
        "..",
        "~",
        "\0",
        "\uD800",
        "é/😀",
        "a'b",
        "\"",
        "\\",
        "${x}",
        "null",
        "pipe",
        "/bin/sh",
        "python3",
        "1MB",
        "SIGINT:1",
        "INT:",
        ":",
        "utf-8",
        "internalConsole",
        "integratedTerminal",
        "python",
        "process",
        "always",
        "x".repeat(5000)
    };
    private static final String[] NUMBERS = {
        "0", "1", "-1", "1.5", "1e400", "-0.0", "99999999999999999999", "1e-400", "80"
    };
    private static final String[] KEYS = {
        "path", "append", "signal", "wait", "columns", "rows", "size", "stdin", "stdout", "A", ""
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void neverThrowsAndAlwaysSaysWhy(long seed, @TempDir Path directory) {
        Random random = new Random(seed);
        LaunchParser parser = new LaunchParser(new Host(Map.of("PATH", "/usr/bin:/bin"), directory));
        List<Attribute> attributes = Attributes.list();
        int accepted = 0;
        for (int i = 0; i < 3000; i++) {
            JsonObject json = new JsonObject();
            if (random.nextBoolean()) {
                json.addProperty("program", "/bin/sh");
            }
            for (int n = random.nextInt(6); n > 0; n--) {
                json.add(attributes.get(random.nextInt(attributes.size())).name(), element(random, 0));
            }
            String before = json.toString();
            LaunchResult result = parser.parse(json);
            assertThat(json).hasToString(before);
            if (result instanceof LaunchResult.Refused refused) {
                assertThat(refused.message()).as(before).isNotBlank();
                assertThat(refused.problems()).as(before).doesNotHaveDuplicates();
            } else {
                accepted++;
                LaunchPlan plan = ((LaunchResult.Accepted) result).plan();
                assertThat(plan.command().get(0)).isEqualTo(plan.executable().toString());
                assertThat(plan.executable()).isExecutable();
                assertThat(plan.workingDirectory()).isAbsolute().isDirectory();
            }
        }
        assertThat(accepted).isBetween(100, 2900);
    }

    /** Any value, down to three levels. */
    static JsonElement element(Random random, int depth) {
        return switch (random.nextInt(depth > 2 ? 4 : 6)) {
            case 0 -> JsonNull.INSTANCE;
            case 1 -> new JsonPrimitive(random.nextBoolean());
            case 2 -> JsonParser.parseString(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 3 -> new JsonPrimitive(TEXTS[random.nextInt(TEXTS.length)]);
            case 4 -> {
                JsonArray array = new JsonArray();
                for (int n = random.nextInt(5); n > 0; n--) {
                    array.add(element(random, depth + 1));
                }
                yield array;
            }
            default -> {
                JsonObject object = new JsonObject();
                for (int n = random.nextInt(4); n > 0; n--) {
                    object.add(KEYS[random.nextInt(KEYS.length)], element(random, depth + 1));
                }
                yield object;
            }
        };
    }
}
