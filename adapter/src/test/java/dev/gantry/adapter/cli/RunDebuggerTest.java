package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a run that stops asks the adapter, and what it tells its user. */
class RunDebuggerTest {
    private static final Breakpoint LINE =
            new Breakpoint.Line("a.py:3 if x", "/a.py", 3, Optional.of("x"), Optional.empty());
    private static final Breakpoint LOG =
            new Breakpoint.Line("a.py:4", "/a.py", 4, Optional.empty(), Optional.of("at {x}"));
    private static final Breakpoint FUNCTION = new Breakpoint.Function("main", "main", Optional.empty());
    private static final Breakpoint FILTER = new Breakpoint.Exceptions("raised", "raised", Optional.empty());
    private static final String STACK =
            "{'stackFrames':[{'id':7,'name':'f','line':3,'source':{'path':'/a.py'}}]," + "'totalFrames':1}";

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final Conversation conversation = new Conversation(InputStream.nullInputStream(), sent);
    private final List<String> shown = new ArrayList<>();

    private RunDebugger debugger(OptionalInt stops, Breakpoint... breakpoints) {
        return new RunDebugger(
                conversation,
                new DebugRequest(List.of(breakpoints), stops),
                new StopText(List.of(Path.of("/")), (file, line) -> Optional.of("source")),
                shown::add);
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text.replace('\'', '"')).getAsJsonObject();
    }

    /** What was asked since the last time. */
    private List<JsonObject> asked() throws IOException {
        Conversation reader =
                new Conversation(new ByteArrayInputStream(sent.toByteArray()), new ByteArrayOutputStream());
        List<JsonObject> requests = new ArrayList<>();
        for (Optional<JsonObject> one = reader.read(); one.isPresent(); one = reader.read()) {
            requests.add(one.get());
        }
        sent.reset();
        return requests;
    }

    private JsonObject askedOne(String command) throws IOException {
        List<JsonObject> requests = asked();
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).get("command").getAsString()).isEqualTo(command);
        return requests.get(0);
    }

    private void answer(JsonObject request, String body) {
        JsonObject answer = json("{'type':'response','success':true,'body':" + body + "}");
        answer.add("request_seq", request.get("seq"));
        conversation.answered(answer);
    }

    private void stop(RunDebugger debugger, String body) throws IOException {
        debugger.stopped(json(body));
        if (!body.contains("'threadId':1")) {
            answer(askedOne("threads"), "{'threads':[{'id':1,'name':'main'},{'id':4,'name':'worker'}]}");
        }
        answer(askedOne("stackTrace"), STACK);
        JsonObject scopes = askedOne("scopes");
        assertThat(scopes.getAsJsonObject("arguments")).isEqualTo(json("{'frameId':7}"));
        answer(
                scopes,
                "{'scopes':[{'name':'G','variablesReference':1},"
                        + "{'name':'L','presentationHint':'locals','variablesReference':2}]}");
        JsonObject variables = askedOne("variables");
        assertThat(variables.getAsJsonObject("arguments")).isEqualTo(json("{'variablesReference':2}"));
        answer(variables, "{'variables':[{'name':'x','value':'1'}]}");
    }

    @Test
    void breakpointsAreSetByFileFunctionAndFilter() throws Exception {
        debugger(OptionalInt.empty(), LINE, FUNCTION, LOG, FILTER).configure();
        List<JsonObject> requests = asked();
        assertThat(requests.stream().map(one -> one.get("command").getAsString()))
                .containsExactly("setBreakpoints", "setFunctionBreakpoints", "setExceptionBreakpoints");
        assertThat(requests.stream().map(one -> one.get("arguments").toString().replace('"', '\'')))
                .containsExactly(
                        "{'source':{'path':'/a.py','name':'a.py'},'breakpoints':[{'line':3,'condition':'x'},"
                                + "{'line':4,'logMessage':'at {x}'}]}",
                        "{'breakpoints':[{'name':'main'}]}",
                        "{'filters':[],'filterOptions':[{'filterId':'raised'}]}");
    }

    @Test
    void aStopIsShownAndTheProgramGoesOn() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE);
        stop(debugger, "{'reason':'breakpoint','threadId':4}");
        assertThat(shown).containsExactly("stop 1: breakpoint, in worker\n  a.py:3 in f  source\n  in f:\n      x = 1");
        assertThat(askedOne("continue").getAsJsonObject("arguments")).isEqualTo(json("{'threadId':4}"));
    }

    @Test
    void anExceptionIsAskedFor() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), FILTER);
        debugger.stopped(json("{'reason':'exception','threadId':1,'text':'ValueError'}"));
        answer(askedOne("exceptionInfo"), "{'exceptionId':'ValueError','description':'no'}");
        answer(askedOne("stackTrace"), "{}");
        assertThat(shown).containsExactly("stop 1: ValueError: no");
        askedOne("continue");
    }

    @Test
    void afterTheLastStopEverythingIsTakenAwayButLogPoints() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.of(1), LINE, LOG, FUNCTION, FILTER);
        stop(debugger, "{'reason':'breakpoint','threadId':1}");
        assertThat(shown).endsWith("that was stop 1, the last one: the program runs on");
        List<JsonObject> requests = asked();
        assertThat(requests.get(0).get("arguments").toString())
                .contains("{\"line\":4,\"logMessage\":\"at {x}\"}")
                .doesNotContain("\"line\":3");
        assertThat(requests.get(requests.size() - 1).get("command").getAsString())
                .isEqualTo("continue");
        debugger.stopped(json("{'reason':'breakpoint','threadId':2}"));
        askedOne("continue");
        debugger.ended();
        assertThat(shown).hasSize(2);
    }

    @Test
    void whatCannotStopIsToldWithItsReason() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE);
        debugger.configure();
        answer(asked().get(0), "{'breakpoints':[{'id':1,'verified':false,'message':'the file has 2 lines'}]}");
        debugger.ended();
        assertThat(shown).containsExactly("no stop at a.py:3 if x: the file has 2 lines");
    }

    @Test
    void aLineThatIsMovedIsTold() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE);
        debugger.configure();
        answer(asked().get(0), "{'breakpoints':[{'id':1,'verified':true,'line':5}]}");
        assertThat(shown).containsExactly("a.py:3 if x is at line 5, the next one with code");
    }

    @Test
    void aLineInsideAStatementIsToldToBeAtItsBeginning() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE);
        debugger.configure();
        answer(asked().get(0), "{'breakpoints':[{'id':1,'verified':true,'line':2}]}");
        assertThat(shown).containsExactly("a.py:3 if x is at line 2, where its statement begins");
    }

    @Test
    void aFunctionMayComeLaterOrNever() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), FUNCTION);
        debugger.configure();
        answer(asked().get(0), "{'breakpoints':[{'id':1,'verified':false,'message':'no such function so far'}]}");
        assertThat(shown).isEmpty();
        debugger.ended();
        assertThat(shown).containsExactly("no stop at main: no such function so far");
        debugger.changed(json("{'reason':'changed','breakpoint':{'id':1,'verified':true}}"));
        shown.clear();
        debugger.ended();
        assertThat(shown).isEmpty();
    }

    @Test
    void whatWasSetAndNeverReachedIsToldAtTheEnd() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE, FUNCTION, LOG, FILTER);
        debugger.configure();
        List<JsonObject> requests = asked();
        answer(
                requests.get(0),
                "{'breakpoints':[{'id':1,'verified':true,'line':3},{'id':2,'verified':true,'line':4}]}");
        answer(requests.get(1), "{'breakpoints':[{'id':3,'verified':true}]}");
        stop(debugger, "{'reason':'function breakpoint','threadId':1,'hitBreakpointIds':[3]}");
        debugger.ended();
        assertThat(shown).endsWith("never reached: a.py:3 if x");
    }

    @Test
    void aProgramThatIsHeldWithUsIsLeftWhereItIs() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE);
        debugger.stopped(json("{'reason':'pause','threadId':1}"));
        assertThat(asked()).isEmpty();
        debugger.hold(true);
        stop(debugger, "{'reason':'breakpoint','threadId':1}");
        assertThat(shown).hasSize(1);
        assertThat(asked()).isEmpty();
    }

    @Test
    void aRefusedRequestStillLetsTheProgramGoOn() throws Exception {
        RunDebugger debugger = debugger(OptionalInt.empty(), LINE);
        debugger.stopped(json("{'reason':'breakpoint','threadId':1}"));
        JsonObject answer = json("{'type':'response','success':false,'message':'gone'}");
        answer.add("request_seq", askedOne("stackTrace").get("seq"));
        conversation.answered(answer);
        assertThat(shown).containsExactly("stop 1: breakpoint");
        askedOne("continue");
    }

    @Test
    void theConversationIsUtf8() throws Exception {
        debugger(OptionalInt.empty(), new Breakpoint.Function("ä", "ä", Optional.empty()))
                .configure();
        assertThat(sent.toString(StandardCharsets.UTF_8)).contains("\"ä\"");
    }
}
