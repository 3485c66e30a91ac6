package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a stop is told. */
class StopTextTest {
    private static final Path HERE = Path.of("/home/u");

    private final StopText text = new StopText(List.of(HERE, Path.of("/home/u/deep/src")), new StopText.SourceLines() {
        private final Map<String, String> learned = new HashMap<>();

        @Override
        public Optional<String> line(String path, int number) {
            return path.endsWith("none.py") ? Optional.ofNullable(learned.get(path)) : Optional.of("    line" + number);
        }

        @Override
        public boolean mayAsk(String path) {
            return !learned.containsKey(path);
        }

        @Override
        public void learn(String path, String text) {
            learned.put(path, text);
        }
    });

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    private static JsonObject frame(String file, int line, String name, String hint) {
        return json("{'id':1,'name':'" + name + "','line':" + line + ",'source':{'path':'" + file
                + "'},'presentationHint':'" + hint + "'}");
    }

    @Test
    void anExceptionIsItsNameAndText() {
        assertThat(StopText.exception(json("{'exceptionId':'ValueError','description':'no\\nword'}")))
                .isEqualTo("ValueError: no\\nword");
        assertThat(StopText.exception(json("{'exceptionId':'KeyError','description':'KeyError: 1'}")))
                .isEqualTo("KeyError: 1");
        assertThat(StopText.exception(json("{'exceptionId':'KeyError'}"))).isEqualTo("KeyError");
        assertThat(StopText.exception(json("{}"))).isEqualTo("exception");
    }

    @Test
    void callsInLibrariesAreCountedButForTheOneThatStopped() {
        JsonObject thread = frame("/lib/threading.py", 9, "run", "subtle");
        assertThat(text.stack(
                        List.of(
                                thread,
                                thread,
                                frame("/home/u/a.py", 3, "f", "normal"),
                                thread,
                                frame("/lib/queue.py", 9, "get", "subtle"),
                                frame("/home/u/a.py", 4, "g", "normal"),
                                thread),
                        7))
                .containsExactly(
                        "  /lib/threading.py:9 in run  line9",
                        "  ... 1 call in threading.py",
                        "  a.py:3 in f                 line3",
                        "  ... 2 calls in threading.py, queue.py",
                        "  a.py:4 in g                 line4",
                        "  ... 1 call in threading.py");
    }

    @Test
    void whatIsInNoFileIsAskedForOnce() {
        List<JsonObject> frames = List.of(
                json("{'line':1,'name':'f','source':{'path':'/a.zip/none.py','sourceReference':3}}"),
                json("{'line':1,'name':'g','source':{'path':'/b/none.py'}}"),
                json("{'line':1,'name':'h','source':{'path':'/a.py','sourceReference':4}}"),
                json(
                        "{'line':1,'name':'i','presentationHint':'subtle','source':{'path':'/c/none.py','sourceReference':5}}"));
        List<JsonObject> unknown = text.unknownSources(frames);
        assertThat(unknown).containsExactly(Fields.object(frames.get(0), "source"));
        text.learn(unknown.get(0), "x = 1");
        assertThat(text.unknownSources(frames)).isEmpty();
        assertThat(text.stack(frames.subList(0, 1), 1)).containsExactly("  /a.zip/none.py:1 in f  x = 1");
    }

    @Test
    void theSourceStandsBesideThePlacesInAColumn() {
        assertThat(text.stack(
                        List.of(
                                frame("/home/u/a.py", 3, "f", "normal"),
                                frame("/usr/lib/python3/other.py", 14, "<module>", "normal"),
                                frame("/home/u/deep/src/none.py", 1, "g", "normal")),
                        3))
                .containsExactly(
                        "  a.py:3 in f                               line3",
                        "  /usr/lib/python3/other.py:14 in <module>  line14",
                        "  none.py:1 in g");
    }

    @Test
    void ofADeepStackTheInnermostCallsAreShown() {
        List<JsonObject> frames = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            frames.add(frame("/home/u/none.py", i, "f", "normal"));
        }
        List<String> lines = text.stack(frames, 1000);
        assertThat(lines).hasSize(11);
        assertThat(lines.get(10)).isEqualTo("  ... 990 more calls");
    }

    @Test
    void theVariablesShownAreThoseOfTheUsersOwnCode() {
        JsonObject own = frame("/home/u/a.py", 3, "own", "normal");
        assertThat(StopText.topOwn(List.of(frame("/lib/x.py", 1, "lib", "subtle"), own)))
                .contains(own);
        JsonObject library = frame("/lib/x.py", 1, "lib", "subtle");
        assertThat(StopText.topOwn(List.of(library))).contains(library);
        assertThat(StopText.topOwn(List.of())).isEmpty();
    }

    @Test
    void valuesAreBelowEachOtherAndCut() {
        assertThat(StopText.variables(List.of(
                        json("{'name':'a','value':'1'}"),
                        json("{'name':'longer','value':'" + "x".repeat(200) + "'}"),
                        json("{'name':'lazy','value':'','type':'property'}"),
                        json("{'name':'two','value':'a\\nb\\u001b[31m'}"))))
                .containsExactly(
                        "      a      = 1",
                        "      longer = " + "x".repeat(85) + "...",
                        "      lazy   = property",
                        "      two    = a\\nb?[31m");
    }

    @Test
    void ofManyVariablesTheRestIsCounted() {
        List<JsonObject> variables = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            variables.add(json("{'name':'v','value':'1'}"));
        }
        assertThat(StopText.variables(variables)).hasSize(25).endsWith("      ... 6 more variables");
    }

    @Test
    void aCutDoesNotDivideALetter() {
        assertThat(StopText.oneLine("ab" + "\uD83D\uDE00".repeat(5), 8)).isEqualTo("ab\uD83D\uDE00...");
        assertThat(StopText.oneLine("ab\uD83D\uDE00\uD83D\uDE00", 6)).isEqualTo("ab\uD83D\uDE00\uD83D\uDE00");
    }
}
