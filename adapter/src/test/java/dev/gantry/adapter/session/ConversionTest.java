package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.model.PathMapping;
import dev.gantry.adapter.model.PathMappings;
import dev.gantry.adapter.model.PathStyle;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConversionTest {
    private static final PathMappings NONE = new PathMappings(List.of(), PathStyle.UNIX, PathStyle.UNIX);
    private static final PathMappings MAPPED =
            new PathMappings(List.of(new PathMapping("/home/me", "/srv/app")), PathStyle.UNIX, PathStyle.UNIX);

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    private static Conversion conversion(String initialize, PathMappings paths) {
        return new Conversion(ClientInfo.of(new Request(1, "initialize", json(initialize))), paths);
    }

    @Test
    void whatNeedsNoChangeIsPassedOnAsItIs() {
        JsonObject body = json("{'line':3,'source':{'path':'/a.py'}}");
        Conversion conversion = conversion("{}", NONE);
        assertThat(conversion.toClient("x", body)).isSameAs(body);
        assertThat(conversion.toAgent("x", body)).isSameAs(body);
    }

    @Test
    void linesAndColumnsFromZeroAreShiftedBothWays() {
        Conversion conversion = conversion("{'linesStartAt1':false,'columnsStartAt1':false}", NONE);
        JsonObject asked = json(
                "{'source':{'path':'/a.py'},'lines':[2],'breakpoints':[{'line':2,'column':0,'condition':'line == 1'}]}");
        JsonObject before = asked.deepCopy();
        assertThat(conversion.toAgent("setBreakpoints", asked))
                .isEqualTo(json(
                        "{'source':{'path':'/a.py'},'breakpoints':[{'line':3,'column':1,'condition':'line == 1'}]}"));
        assertThat(asked).as("what the client is told again later").isEqualTo(before);
        assertThat(
                        conversion.toClient(
                                "stackTrace",
                                json(
                                        "{'stackFrames':[{'id':1,'line':1,'column':1,'endLine':2,'endColumn':5},{'line':0,'column':0}]}")))
                .isEqualTo(
                        json(
                                "{'stackFrames':[{'id':1,'line':0,'column':0,'endLine':1,'endColumn':4},{'line':0,'column':0}]}"));
    }

    @Test
    void whereACompletionBeginsIsAColumnTooAndTheBeginningOfAPageIsNot() {
        Conversion conversion = conversion("{'columnsStartAt1':false}", NONE);
        assertThat(conversion.toClient("completions", json("{'targets':[{'label':'x','start':3}]}")))
                .isEqualTo(json("{'targets':[{'label':'x','start':2}]}"));
        assertThat(conversion.toAgent("variables", json("{'variablesReference':1,'start':3}")))
                .isEqualTo(json("{'variablesReference':1,'start':3}"));
    }

    @Test
    void pathsAreMappedWhereverTheyStand() {
        Conversion conversion = conversion("{}", MAPPED);
        assertThat(conversion.toAgent("setBreakpoints", json("{'source':{'path':'/home/me/a.py'}}")))
                .isEqualTo(json("{'source':{'path':'/srv/app/a.py'}}"));
        assertThat(conversion.toClient("module", json("{'module':{'id':1,'path':'/srv/app/a.py'}}")))
                .isEqualTo(json("{'module':{'id':1,'path':'/home/me/a.py'}}"));
        assertThat(conversion.toClient("loadedSources", json("{'sources':[{'path':'/usr/lib/x.py'}]}")))
                .isEqualTo(json("{'sources':[{'path':'/usr/lib/x.py'}]}"));
    }

    @Test
    void urisOfFilesBecomePathsAndBack() {
        Conversion conversion = conversion("{'pathFormat':'uri'}", MAPPED);
        assertThat(conversion.toAgent("setBreakpoints", json("{'source':{'path':'file:///home/me/a%20b.py'}}")))
                .isEqualTo(json("{'source':{'path':'/srv/app/a b.py'}}"));
        assertThat(conversion.toClient("x", json("{'source':{'path':'/srv/app/a b.py'}}")))
                .isEqualTo(json("{'source':{'path':'file:///home/me/a%20b.py'}}"));
        assertThat(conversion.toClient("x", json("{'source':{'path':'<string>'}}")))
                .isEqualTo(json("{'source':{'path':'<string>'}}"));
        assertThat(conversion.toAgent("x", json("{'source':{'path':'untitled:one'}}")))
                .isEqualTo(json("{'source':{'path':'untitled:one'}}"));
    }
}
