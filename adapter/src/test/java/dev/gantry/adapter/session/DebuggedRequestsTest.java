package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.launcher.ExitReason;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of requests and events while a program is debugged. */
class DebuggedRequestsTest {
    private final TestSession session = TestSession.debuggedAndRunning();
    private final FakeAgent agent = session.agent();

    @Test
    void whatTheProgramHasWrittenIsToldBeforeItsStop() {
        session.process().onDrain = () -> session.process().writes(1, "before");
        stop();
        assertThat(session.client.story()).endsWith("output stdout before, stopped");
    }

    @Test
    void aLogMessageComesAfterWhatWasWrittenAndItsThreadHearsThat() {
        session.process().onDrain = () -> session.process().writes(1, "before");
        agent.event("output", "{'category':'stdout','output':'logged','taken':9007199254740993}");
        assertThat(session.client.story()).endsWith("output stdout before, output stdout logged");
        assertThat(agent.last("outputTaken")
                        .getAsJsonObject("arguments")
                        .get("number")
                        .getAsLong())
                .isEqualTo(9007199254740993L);
    }

    @Test
    void aLoopThatLogsWaitsForItsClient() {
        session.client.stopsReading();
        agent.event("output", "{'category':'stdout','output':'logged','taken':1}");
        assertThat(agent.asked).endsWith("outputTaken");
        agent.event("output", "{'category':'stdout','output':'" + "x".repeat(70_000) + "','taken':2}");
        assertThat(agent.asked).containsOnlyOnce("outputTaken");
    }

    @Test
    void aClientThatTakesNoEventsIsNotToldMoreUntilItDoes() {
        session.client.stopsReading();
        agent.event("thread", "{'reason':'started','threadId':2}");
        assertThat(session.process().done).doesNotContain("leave 3");
        session.client.crowded = true;
        agent.event("thread", "{'reason':'started','threadId':3}");
        agent.event("thread", "{'reason':'started','threadId':4}");
        assertThat(session.process().done).containsOnlyOnce("leave 3").doesNotContain("read 3");
        session.client.readsAgain();
        assertThat(session.process().done).containsSubsequence("leave 3", "read 3");
        assertThat(session.client.story()).endsWith("thread, thread, thread");
    }

    @Test
    void whoeverIsToEndIsHeardHoweverLittleTheClientTakes() {
        session.client.stopsReading();
        session.client.crowded = true;
        agent.event("thread", "{'reason':'started','threadId':2}");
        session.process().onSignal = signal -> {};
        session.send("terminate");
        assertThat(session.process().done).containsSubsequence("leave 3", "read 3", "tree INT");
        agent.event("thread", "{'reason':'started','threadId':3}");
        assertThat(session.process().done).containsOnlyOnce("leave 3");
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.client.story()).endsWith("exited, terminated, ok terminate");
    }

    @Test
    void requestsThatNobodyAnswersAreNotKeptWithoutEnd() {
        for (int seq = 100; seq < 100 + 4096; seq++) {
            request(seq);
        }
        FakeClient.RecordedReply last = request(5000);
        assertThat(last.message).contains("too many").contains("wait for them");
        assertThat(agent.requests).hasSize(2 + 4096);
        agent.answer("source", "{}");
        assertThat(request(5001).isOpen()).isTrue();
    }

    private FakeClient.RecordedReply request(int seq) {
        FakeClient.RecordedReply reply = new FakeClient.RecordedReply(session.client, "source");
        session.session().request(seq, "source", new JsonObject(), null, reply);
        return reply;
    }

    @Test
    void anEventWithinTheReadingForAnotherComesAfterIt() {
        session.process().onDrain = () -> agent.event("thread", "{'reason':'started','threadId':2}");
        stop();
        assertThat(session.client.story()).endsWith("stopped, thread");
    }

    @Test
    void aStepIsAnsweredBeforeTheStopThatItLeadsTo() {
        stop();
        FakeClient.RecordedReply next = session.send("next", "{'threadId':1,'granularity':'line'}");
        assertThat(next.isOpen()).isTrue();
        agent.answer("next", "{}");
        agent.event("stopped", "{'reason':'step','threadId':1,'allThreadsStopped':true}");
        assertThat(session.client.story()).endsWith("stopped, ok next, stopped");
    }

    @Test
    void whatTheAgentRefusesIsRefusedInItsWords() {
        stop();
        FakeClient.RecordedReply jump = session.send("goto", "{'threadId':1,'targetId':3}");
        agent.refuse("goto", "cannot jump into a for loop");
        assertThat(jump.message).isEqualTo("cannot jump into a for loop");
    }

    @Test
    void aPauseIsAnsweredAtOnceAndToldToWaitWhereNativeCodeKeepsEveryoneOut() {
        FakeClient.RecordedReply pause = session.send("pause", "{'threadId':1}");
        session.reactor.advance(Duration.ofMillis(200));
        assertThat(pause.succeeded).isTrue();
        session.reactor.advance(Duration.ofMillis(900));
        assertThat(session.client.console()).contains("running native code; it will stop when that returns");
        agent.answer("pause", "{}");
        agent.event("stopped", "{'reason':'pause','threadId':1,'allThreadsStopped':true}");
        assertThat(session.client.story()).endsWith("ok pause, stopped");
        assertThat(pause.answers).isEqualTo(1);
        assertThat(session.process().done).doesNotContain("group STOP");
    }

    @Test
    void theThreadsThatWereThereLastAreShownWhereTheAgentIsKeptFromAnswering() {
        session.send("threads");
        agent.answer("threads", "{'threads':[{'id':1,'name':'MainThread'},{'id':2,'name':'worker'}]}");
        FakeClient.RecordedReply threads = session.send("threads");
        session.reactor.advance(Duration.ofMillis(500));
        assertThat(String.valueOf(threads.body)).contains("worker");
        agent.answer("threads", "{'threads':[{'id':1,'name':'MainThread'}]}");
        assertThat(threads.answers).isEqualTo(1);
    }

    @Test
    void aPauseThatIsObeyedSaysNothingMore() {
        session.send("pause", "{'threadId':1}");
        agent.answer("pause", "{}");
        session.reactor.advance(Duration.ofSeconds(5));
        assertThat(session.client.console()).doesNotContain("native code");
    }

    @Test
    void aPauseThatIsRefusedSaysNothingMore() {
        agent.event("thread", "{'reason':'started','threadId':7}");
        FakeClient.RecordedReply pause = session.send("pause", "{'threadId':7}");
        agent.refuse("pause", "There is no thread 7 any more.");
        session.reactor.advance(Duration.ofSeconds(5));
        assertThat(pause.succeeded).isFalse();
        assertThat(session.client.console()).doesNotContain("native code");
    }

    @Test
    void whatIsTypedGoesToTheProgramWhileItRuns() {
        session.send("evaluate", "{'expression':'1 + 1','context':'repl'}");
        assertThat(session.process().stdin.toString()).isEqualTo("1 + 1\n");
        session.send("evaluate", "{'expression':'? 1 + 1','context':'repl'}");
        assertThat(expression()).isEqualTo("1 + 1");
        session.send("evaluate", "{'expression':'x','context':'watch'}");
        assertThat(expression()).isEqualTo("x");
    }

    @Test
    void whatIsTypedIsEvaluatedWhileItIsStopped() {
        stop();
        session.send("evaluate", "{'expression':'1 + 1','context':'repl','frameId':3}");
        assertThat(expression()).isEqualTo("1 + 1");
        session.send("evaluate", "{'expression':'>1 + 1','context':'repl'}");
        assertThat(session.process().stdin.toString()).isEqualTo("1 + 1\n");
        session.send("evaluate", "{'expression':'.eof','context':'repl'}");
        assertThat(session.process().done).contains("close 0");
        agent.answers.put("continue", it -> "{'allThreadsContinued':true}");
        session.send("continue", "{'threadId':1}");
        session.send("evaluate", "{'expression':'?2','context':'repl'}");
        assertThat(expression()).isEqualTo("2");
    }

    private String expression() {
        return agent.last("evaluate")
                .getAsJsonObject("arguments")
                .get("expression")
                .getAsString();
    }

    @Test
    void whatNamesAFrameAndNoContextIsTheDebuggersEvenWhileTheProgramRuns() {
        session.send("evaluate", "{'expression':'x + 1','frameId':3}");
        assertThat(expression()).isEqualTo("x + 1");
        session.send("evaluate", "{'expression':'typed','context':'repl','frameId':3}");
        session.send("evaluate", "{'expression':'too','frameId':0}");
        assertThat(session.process().stdin.toString()).isEqualTo("typed\ntoo\n");
    }

    @Test
    void aThreadThatTheClientWasNeverToldOfIsRefusedAndNobodyGoesOn() {
        stop();
        for (String command :
                new String[] {"continue", "next", "stepIn", "stepOut", "goto", "pause", "stackTrace", "exceptionInfo"
                }) {
            for (int id : new int[] {99, -1, Integer.MAX_VALUE}) {
                FakeClient.RecordedReply reply = session.send(command, "{'threadId':" + id + ",'targetId':1}");
                assertThat(reply.message)
                        .isEqualTo("'" + command + "' names thread " + id + ", which there is not: ask for 'threads'");
            }
            assertThat(session.send(command, "{'threadId':'one'}").message).contains("a whole number");
        }
        assertThat(agent.asked).containsExactly("configure", "run");
        session.send("evaluate", "{'expression':'x','context':'repl'}");
        assertThat(agent.asked).endsWith("evaluate");
    }

    @Test
    void whoeverWasToldOfMayBeNamedThoughItHasEnded() {
        stop();
        agent.event("thread", "{'reason':'started','threadId':2}");
        agent.event("thread", "{'reason':'exited','threadId':2}");
        session.send("threads");
        agent.answer("threads", "{'threads':[{'id':1,'name':'MainThread'},{'id':1000001,'name':'a task'}]}");
        agent.event("stopped", "{'reason':'pause','threadId':1000002}");
        for (int id : new int[] {2, 1000001, 1000002}) {
            session.send("continue", "{'threadId':" + id + "}");
            assertThat(named("continue")).isEqualTo(id);
        }
    }

    @Test
    void whoNamesNoThreadMeansTheWholeProgramOrIsToldToNameOne() {
        stop();
        for (String none : new String[] {"{}", "{'threadId':0}", "{'threadId':null}"}) {
            for (String command : new String[] {"next", "stepIn", "stepOut", "goto", "stackTrace", "exceptionInfo"}) {
                assertThat(session.send(command, none).message)
                        .isEqualTo("'" + command + "' needs 'threadId': one of those that 'threads' lists");
            }
            session.send("pause", none);
            assertThat(named("pause")).isEqualTo(1);
            session.send("continue", none);
            assertThat(named("continue")).isEqualTo(1);
        }
        assertThat(session.send("continue", "{'singleThread':true}").message).contains("needs 'threadId'");
    }

    private int named(String command) {
        return agent.last(command).getAsJsonObject("arguments").get("threadId").getAsInt();
    }

    @Test
    void theEditorsPlaceOfAHoverIsNotTheAgents() {
        stop();
        session.send(
                "evaluate",
                "{'expression':'x','context':'hover','line':3,'column':4,'source':{'path':'vscode-remote://host/a.py'}}");
        assertThat(agent.last("evaluate").getAsJsonObject("arguments").keySet())
                .containsExactlyInAnyOrder("expression", "context");
    }

    @Test
    void oneOfSeveralStoppedThreadsThatGoesOnLeavesTheOthersStopped() {
        agent.event("stopped", "{'reason':'breakpoint','threadId':1,'allThreadsStopped':false}");
        agent.event("stopped", "{'reason':'breakpoint','threadId':2,'allThreadsStopped':false}");
        agent.answers.put("continue", it -> "{'allThreadsContinued':false}");
        session.send("continue", "{'threadId':1,'singleThread':true}");
        session.send("evaluate", "{'expression':'x','context':'repl'}");
        assertThat(session.process().stdin.toString()).isEmpty();
        session.send("continue", "{'threadId':2,'singleThread':true}");
        session.send("evaluate", "{'expression':'x','context':'repl'}");
        assertThat(session.process().stdin.toString()).isEqualTo("x\n");
    }

    @Test
    void whatIsStillAskedCanBeCancelled() {
        stop();
        FakeClient.RecordedReply slow = new FakeClient.RecordedReply(session.client, "evaluate");
        JsonObject arguments = JsonParser.parseString("{\"expression\":\"slow()\",\"context\":\"watch\"}")
                .getAsJsonObject();
        session.session().request(41, "evaluate", arguments, null, slow);
        session.send("cancel", "{'requestId':41}");
        assertThat(agent.last("cancel").getAsJsonObject("arguments").get("requestId"))
                .isEqualTo(agent.last("evaluate").get("seq"));
        agent.refuse("evaluate", "cancelled");
        assertThat(slow.message).isEqualTo("cancelled");
        assertThat(session.send("cancel", "{'requestId':41}").succeeded).isTrue();
    }

    @Test
    void whatTakesLongIsShownAsProgressThatCanBeCancelled() {
        TestSession other = TestSession.debugged("{'supportsProgressReporting':true}");
        other.agent().hello();
        other.send("configurationDone");
        FakeClient.RecordedReply slow = other.send("evaluate", "{'expression':'slow()','context':'watch'}");
        other.reactor.advance(Duration.ofSeconds(1));
        assertThat(other.client.lines.get(other.client.lines.size() - 1))
                .startsWith("event progressStart")
                .contains("Evaluating slow()", "\"cancellable\":true");
        other.send("cancel", "{'progressId':'evaluate-1'}");
        assertThat(other.agent().asked).endsWith("cancel");
        other.agent().answer("evaluate", "{'result':'','variablesReference':0}");
        assertThat(slow.succeeded).isTrue();
        assertThat(other.client.story()).endsWith("ok evaluate, progressEnd");
    }

    @Test
    void aProgramThatASignalHoldsIsShownAsAProcessUntilItGoesOn() {
        session.send("gantry/signal", "{'signal':'STOP'}");
        session.process().procState = 'T';
        assertThat(String.valueOf(session.send("threads").body)).contains("paused");
        assertThat(agent.asked).doesNotContain("threads");
        session.send("continue", "{'threadId':1}");
        assertThat(session.process().done).contains("group " + dev.gantry.launcher.Signal.CONT);
        session.send("threads");
        assertThat(agent.asked).endsWith("threads");
    }

    @Test
    void nothingIsToldOfStopsOnceTheProgramIsBeingEnded() {
        session.process().onSignal = signal -> {};
        session.send("terminate");
        stop();
        assertThat(session.client.story()).doesNotContain("stopped");
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.client.story()).endsWith("exited, terminated, ok terminate");
    }

    @Test
    void whatIsNoMessageIsPassedOver() {
        agent.sendRaw(new byte[] {0, 0, 0, 2, '[', ']', 0, 0, 0, 1, '{'});
        agent.event("unknownOfAll", "{}");
        stop();
        assertThat(session.client.story()).endsWith("stopped");
    }

    @Test
    void whatIsNoFrameEndsTheDebuggingAndTheProgramGoesOn() {
        FakeClient.RecordedReply stack = session.send("stackTrace", "{'threadId':1}");
        agent.sendRaw(new byte[] {-1, -1, -1, -1});
        assertThat(stack.isOpen()).isFalse();
        assertThat(session.client.console()).contains("not debugged: what comes from the debugger");
        session.send("evaluate", "{'expression':'x','context':'repl'}");
        assertThat(session.process().stdin.toString()).isEqualTo("x\n");
    }

    @Test
    void whatStaysAsItIsIsAskedOnce() {
        stop();
        FakeClient.RecordedReply first = session.send("scopes", "{'frameId':5}");
        agent.answerForNow("scopes", "{'scopes':[]}");

        FakeClient.RecordedReply again = session.send("scopes", "{'frameId':5}");
        FakeClient.RecordedReply another = session.send("scopes", "{'frameId':6}");

        assertThat(first.body).hasToString("{\"scopes\":[]}");
        assertThat(again.body).isEqualTo(first.body);
        assertThat(another.answers).isZero();
        assertThat(asked("scopes")).isEqualTo(2);
    }

    @Test
    void whatTheAgentDoesNotMarkIsAskedAgain() {
        stop();
        session.send("variables", "{'variablesReference':5}");
        agent.answer("variables", "{'variables':[]}");
        session.send("variables", "{'variablesReference':5}");
        assertThat(asked("variables")).isEqualTo(2);
    }

    @Test
    void lookingAndOutputChangeNothing() {
        stopAndLook();
        session.send("variables", "{'variablesReference':5}");
        agent.event("output", "{'category':'console','output':'x'}");
        agent.event("module", "{'reason':'new','module':{'id':1,'name':'m'}}");
        agent.answer("variables", "{'variables':[]}");
        assertThat(session.send("scopes", "{'frameId':5}").succeeded).isTrue();
        assertThat(asked("scopes")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evaluate", "setVariable", "continue", "next", "goto", "setBreakpoints", "completions"})
    void whatMayChangeThingsHasThemAskedAgain(String command) {
        stopAndLook();
        session.send(command, "{'threadId':1,'source':{'path':'/x.py'},'expression':'x','context':'repl','text':'x'}");
        agent.answer(command, "{}");
        stop();
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
        assertThat(asked("scopes")).isEqualTo(2);
    }

    @Test
    void whatIsSaidWhileSomethingMayChangeIsNotKept() {
        stop();
        session.send("evaluate", "{'expression':'x','context':'repl'}");
        session.send("scopes", "{'frameId':5}");
        agent.answerForNow("scopes", "{'scopes':[]}");
        agent.answer("evaluate", "{'result':'1','variablesReference':0}");
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
        assertThat(asked("scopes")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"continued", "thread", "stopped", "invalidated", "memory"})
    void whatTheAgentTellsHasThingsAskedAgain(String event) {
        stopAndLook();
        agent.event(event, "{'reason':'exited','threadId':2}");
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
        assertThat(asked("scopes")).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "thread", "invalidated"})
    void whatWasAskedBeforeSomethingHappenedIsNotKept(String event) {
        stop();
        session.send("scopes", "{'frameId':5}");
        agent.event(event, "{'reason':'exited','threadId':2}");
        agent.answerForNow("scopes", "{'scopes':[]}");
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
        assertThat(asked("scopes")).isEqualTo(2);
    }

    @Test
    void whatWasAskedBeforeAChangeThatIsOverIsNotKept() {
        stop();
        session.send("scopes", "{'frameId':5}");
        session.send("evaluate", "{'expression':'x','context':'repl'}");
        agent.answer("evaluate", "{'result':'1','variablesReference':0}");
        agent.answerForNow("scopes", "{'scopes':[]}");
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
    }

    @Test
    void aProgramThatIsToEndIsNotShownAsItWas() {
        stopAndLook();
        session.process().onSignal = signal -> {};
        session.send("terminate");
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
        agent.answerForNow("scopes", "{'scopes':[]}");
        assertThat(session.send("scopes", "{'frameId':5}").answers).isZero();
        assertThat(asked("scopes")).isEqualTo(3);
        session.process().exitAndEnd(ExitReason.of(0));
    }

    @Test
    void aProgramThatIsGoneIsNotShownAsItWas() {
        stopAndLook();
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.send("scopes", "{'frameId':5}").succeeded).isFalse();
    }

    @Test
    void modulesAreToldAsTheyCame() {
        agent.send("{'type':'event','event':'module','body':{'reason':'new','module':{'id':1}},'seq':3}");
        agent.send("{'type':'event','event':'module','body':{'reason': 'new'},'seq':4}");
        assertThat(session.client.lines)
                .contains(
                        "event module {\"reason\":\"new\",\"module\":{\"id\":1}}", "event module {\"reason\":\"new\"}");
    }

    private void stopAndLook() {
        stop();
        session.send("scopes", "{'frameId':5}");
        agent.answerForNow("scopes", "{'scopes':[]}");
    }

    private long asked(String command) {
        return agent.asked.stream().filter(command::equals).count();
    }

    private void stop() {
        agent.event("stopped", "{'reason':'breakpoint','threadId':1,'allThreadsStopped':true}");
    }
}
