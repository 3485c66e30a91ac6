package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From the launch of a debugged program to its end, with an agent that does as told. */
class DebuggedLifetimeTest {
    private TestSession session = TestSession.debugged();

    @Test
    void theProgramStartsAtLaunchAndIsHeldUntilItIsConfigured() {
        assertThat(session.client.story()).isEqualTo("ok initialize, initialized, ok launch, process, thread");
        assertThat(session.process().request.childFds()).containsEntry(3, ChildFd.readWrite());
        assertThat(session.process().request.command())
                .containsSubsequence("/bin/cat", "-u", "-c", "/agent", "3", "code", "pass");
        session.agent().hello();
        assertThat(session.agent().asked).containsExactly("configure");
        session.send("configurationDone");
        assertThat(session.agent().asked).containsExactly("configure", "run");
    }

    @Test
    void whatIsShownOfTheCommandIsThePlainOne() {
        assertThat(session.client.console()).contains("$ /bin/cat -u -c pass").doesNotContain("boot.py");
    }

    @Test
    void aConfigurationThatWasFasterThanTheAgentIsNotLost() {
        FakeClient.RecordedReply set =
                session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        session.send("configurationDone");
        assertThat(set.isOpen()).isTrue();
        session.agent().answers.put("setBreakpoints", it -> "{'breakpoints':[{'id':1,'verified':true,'line':3}]}");
        session.agent().hello();
        assertThat(session.agent().asked).containsExactly("configure", "setBreakpoints", "run");
        assertThat(String.valueOf(set.body)).contains("\"verified\":true");
    }

    @Test
    void breakpointsFromBeforeTheLaunchArePendingThenVerifiedByEvent() {
        session = new TestSession();
        session.send("initialize");
        FakeClient.RecordedReply early =
                session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        assertThat(String.valueOf(early.body)).contains("\"id\":1", "\"verified\":false", "pending");
        session.send("setExceptionBreakpoints", "{'filters':['uncaught']}");
        session.send("configurationDone");
        session.send("launch", TestSession.DEBUGGED);
        session.agent().answers.put("setBreakpoints", it -> "{'breakpoints':[{'id':77,'verified':true,'line':4}]}");
        session.agent().hello();
        assertThat(session.agent().asked)
                .containsExactly("configure", "setBreakpoints", "setExceptionBreakpoints", "run");
        assertThat(session.client.lines)
                .contains(
                        "event breakpoint {\"reason\":\"changed\",\"breakpoint\":{\"id\":1,\"verified\":true,\"line\":4}}");
    }

    @Test
    void aSpawnThatFailsFailsTheLaunch() {
        session = new TestSession();
        session.send("initialize");
        session.reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        FakeClient.RecordedReply launch = session.send("launch", TestSession.DEBUGGED);
        assertThat(launch.message).contains("denied");
        session.send("configurationDone");
        session.send("launch", TestSession.DEBUGGED);
        assertThat(session.reactor.spawned).hasSize(1);
        session.agent().hello();
        assertThat(session.agent().asked).containsExactly("configure");
    }

    @Test
    void anAgentThatCannotDebugRunsTheProgramAndSaysSoOnce() {
        FakeClient.RecordedReply set =
                session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        session.agent().event("hello", "{'debugging':false,'why':'Python 3.6 is too old'}");
        assertThat(String.valueOf(set.body)).contains("\"verified\":false");
        session.send("configurationDone");
        assertThat(session.agent().asked).containsExactly("run");
        assertThat(session.client.console()).containsOnlyOnce("not debugged: Python 3.6 is too old");
        assertThat(session.send("next", "{'threadId':1}").message).contains("not debugged");
    }

    @Test
    void whatNeverAnswersAsAPythonRunsOnUndebuggedAndThatIsToldOnce() {
        FakeClient.RecordedReply set =
                session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        FakeClient.RecordedReply next = session.send("next", "{'threadId':1}");
        session.send("configurationDone");
        session.reactor.advance(Duration.ofMillis(9_900));
        assertThat(next.isOpen()).isTrue();
        session.reactor.advance(Duration.ofMinutes(5));
        assertThat(String.valueOf(set.body)).contains("\"verified\":false");
        assertThat(next.message).contains("not debugged");
        assertThat(session.client.console())
                .containsOnlyOnce("not debugged: /bin/cat has not answered as a Python for 10 s: set 'python'");
        assertThat(session.send("stackTrace", "{'threadId':1}").message).contains("needs a paused program");
        session.send("evaluate", "{'expression':'typed','context':'repl'}");
        assertThat(session.process().stdin.toString()).isEqualTo("typed\n");
        session.process().onSignal = signal -> {};
        session.send("terminate");
        assertThat(session.process().done).contains("tree INT").doesNotContain("tree KILL");
        session.process().losesAgent();
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.client.story()).endsWith("exited, terminated, ok terminate");
        assertThat(session.client.console()).containsOnlyOnce("not debugged");
    }

    @Test
    void aPythonThatAnswersTooLateIsDebuggedAllTheSame() {
        session.send("configurationDone");
        session.reactor.advance(Duration.ofSeconds(11));
        session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        assertThat(session.agent().asked).isEmpty();
        session.agent().answers.put("setBreakpoints", it -> "{'breakpoints':[{'id':7,'verified':true,'line':3}]}");
        session.agent().hello();
        assertThat(session.agent().asked).containsExactly("configure", "setBreakpoints", "run");
        assertThat(session.client.lines)
                .contains(
                        "event breakpoint {\"reason\":\"changed\",\"breakpoint\":{\"id\":1,\"verified\":true,\"line\":3}}");
        assertThat(session.client.console()).contains("the program is debugged from now on");
        session.process().onSignal = signal -> {};
        session.send("terminate");
        assertThat(session.agent().asked).endsWith("letGo");
    }

    @Test
    void anAgentThatWasNeverHeardIsRepairedIfItHasToBe() {
        session.agentHome.damaged = true;
        session.process().exitAndEnd(ExitReason.of(1));
        assertThat(session.client.console())
                .containsSubsequence("the debugger's files were damaged", "start the program again", "killed by");
        session = TestSession.debugged();
        session.process().exitAndEnd(ExitReason.of(1));
        assertThat(session.agentHome.repairs).isEqualTo(1);
        assertThat(session.client.console()).doesNotContain("files");
        session = TestSession.debugged();
        session.send("terminate");
        assertThat(session.agentHome.repairs).isZero();
        session = TestSession.debuggedAndRunning();
        session.process().exitAndEnd(ExitReason.of(1));
        assertThat(session.agentHome.repairs).isZero();
    }

    @Test
    void anAnswerInTimeLeavesNoTimer() {
        session.agent().hello();
        session.send("configurationDone");
        session.reactor.advance(Duration.ofMinutes(1));
        assertThat(session.client.console()).doesNotContain("not debugged");
    }

    @Test
    void whereTheBackendHasNoFurtherDescriptorsTheAgentConnectsByATokenThatNoCommandLineShows() {
        session = new TestSession();
        session.reactor.capabilities.remove(Capability.ANY_CHILD_FDS);
        session.send("initialize");
        session.launch(TestSession.DEBUGGED);
        SpawnRequest request = session.process().request;
        assertThat(request.childFds()).doesNotContainKey(3);
        assertThat(request.command()).anyMatch(word -> word.matches("tcp:[1-9][0-9]*"));
        String token = String.valueOf(request.environment().get("GANTRY_AGENT_TOKEN"));
        assertThat(token).matches("[0-9a-f]{64}");
        assertThat(request.command()).noneMatch(word -> word.contains(token.substring(0, 32)));
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.client.story()).endsWith("exited, terminated");
    }

    @Test
    void noDebugStartsNoAgent() {
        session = new TestSession();
        session.send("initialize");
        session.launch(TestSession.DEBUGGED.replace("}", ",'noDebug':true}"));
        assertThat(session.process().request.childFds()).doesNotContainKey(3);
    }

    @Test
    void requestsThatWaitAreAnsweredWhenTheProgramEnds() {
        run();
        FakeClient.RecordedReply stack = session.send("stackTrace", "{'threadId':1}");
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(stack.message).contains("has ended");
        assertThat(session.send("stackTrace", "{'threadId':1}").message).contains("ended");
        assertThat(session.send("next", "{'threadId':1}").message).contains("ended");
        assertThat(session.send("threads").succeeded).isTrue();
        assertThat(session.client.story())
                .endsWith("gantry/exit, thread, exited, terminated, " + "no stackTrace, no next, ok threads");
    }

    @Test
    void whatTheAgentSaysLastIsHeard() {
        run();
        session.process().onDrain = () -> session.agent().event("output", "{'category':'stdout','output':'logged'}");
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.client.story()).contains("output stdout logged, gantry/exit");
        assertThat(session.process().done).contains("close 3");
    }

    @Test
    void anAgentThatIsGoneWhileTheProgramLivesIsToldAndTheProgramGoesOn() {
        run();
        FakeClient.RecordedReply pause = session.send("stackTrace", "{'threadId':1}");
        session.process().losesAgent();
        session.reactor.advance(Duration.ofMillis(250));
        assertThat(pause.isOpen()).isFalse();
        assertThat(session.client.console()).containsOnlyOnce("not debugged: the connection to the debugger");
        assertThat(session.send("evaluate", "{'expression':'typed','context':'repl'}").succeeded)
                .isTrue();
        assertThat(session.process().stdin.toString()).isEqualTo("typed\n");
        session.process().exitAndEnd(ExitReason.of(0));
        assertThat(session.client.story()).endsWith("exited, terminated");
    }

    @Test
    void anEndOfTheDescriptorRightBeforeTheExitIsNoNews() {
        run();
        session.process().losesAgent();
        session.process().exitAndEnd(ExitReason.of(0));
        session.reactor.advance(Duration.ofSeconds(1));
        assertThat(session.client.console()).doesNotContain("not debugged");
    }

    @Test
    void aStopLetsGoOnceTheSignalIsThere() {
        stop();
        session.process().onSignal = signal -> {};
        session.agent().answers.put("letGo", it -> {
            assertThat(session.process().done).contains("tree INT");
            return "{}";
        });
        session.send("terminate");
        assertThat(session.agent().asked).endsWith("letGo");
        session.process().exitAndEnd(ExitReason.of(2));
        assertThat(session.client.story()).contains("continued").endsWith("exited, terminated, ok terminate");
    }

    @Test
    void anAgentThatDoesNotLetGoKeepsNobodyFromDetaching() {
        stop();
        session.agent().answersAtAll = false;
        session.send("disconnect", "{'terminateDebuggee':false}");
        assertThat(session.process().done).doesNotContain("detach");
        session.reactor.advance(Duration.ofMillis(300));
        assertThat(session.process().done).contains("detach");
        assertThat(session.client.console()).doesNotContain("not debugged");
    }

    @Test
    void aProgramThatWasNeverConfiguredIsKilledAtOnce() {
        session.agent().hello();
        session.send("terminate");
        assertThat(session.process().done).contains("tree " + Signal.KILL).doesNotContain("tree " + Signal.INT);
        assertThat(session.agent().asked).doesNotContain("run", "letGo");
        assertThat(session.client.story()).endsWith("exited, terminated, ok terminate");
    }

    @Test
    void detachingLetsGoAndRunsWhatWasHeld() {
        session.agent().hello();
        session.send("disconnect", "{'terminateDebuggee':false}");
        assertThat(session.agent().asked).containsExactly("configure", "letGo", "run");
        assertThat(session.process().done).contains("detach");
    }

    @Test
    void aRestartAppliesEverythingAgainAndTheClientKeepsItsNumbers() {
        run();
        session.agent().answers.put("setBreakpoints", it -> "{'breakpoints':[{'id':5,'verified':true,'line':3}]}");
        session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        session.send("setFunctionBreakpoints", "{'breakpoints':[]}");
        session.send("setExceptionBreakpoints", "{'filters':['raised']}");
        FakeClient.RecordedReply restart = session.send("restart");
        assertThat(session.reactor.spawned).hasSize(2);
        assertThat(restart.succeeded).isTrue();
        assertThat(session.agent().asked).isEmpty();
        session.agent()
                .answers
                .put("setBreakpoints", it -> "{'breakpoints':[{'id':9,'verified':false,'message':'gone'}]}");
        session.agent().hello();
        assertThat(session.agent().asked)
                .containsExactly("configure", "setBreakpoints", "setExceptionBreakpoints", "run");
        assertThat(session.client.lines)
                .contains(
                        "event breakpoint {\"reason\":\"changed\",\"breakpoint\":{\"id\":1,\"verified\":false,\"message\":\"gone\"}}");
        session.agent()
                .event("stopped", "{'reason':'breakpoint','threadId':1,'hitBreakpointIds':['x',9,true,{},1e99]}");
        assertThat(session.client.lines.get(session.client.lines.size() - 1)).contains("\"hitBreakpointIds\":[1]");
    }

    @Test
    void breakpointsThatCannotBeSetAgainAreTold() {
        run();
        session.agent().answers.put("setBreakpoints", it -> "{'breakpoints':[{'id':5,'verified':true,'line':3}]}");
        session.send("setBreakpoints", "{'source':{'path':'/a.py'},'breakpoints':[{'line':3}]}");
        session.send("setExceptionBreakpoints", "{'filters':['raised']}");
        session.send("restart");
        session.agent().hello();
        session.agent().refuse("setBreakpoints", "no memory left");
        session.agent().refuse("setExceptionBreakpoints", "nor for these");
        assertThat(session.client.lines)
                .contains(
                        "event breakpoint {\"reason\":\"changed\",\"breakpoint\":{\"id\":1,\"verified\":false,\"message\":\"no memory left\",\"reason\":\"failed\"}}");
        assertThat(session.client.console())
                .containsOnlyOnce("breakpoints of /a.py could not be set: no memory left")
                .containsOnlyOnce("exception breakpoints could not be set: nor for these");
    }

    @Test
    void breakpointsOfAProgramThatEndsBeforeItCanSetThemAreNoNews() {
        run();
        session.send("setExceptionBreakpoints", "{'filters':['raised']}");
        session.send("restart");
        session.agent().hello();
        session.process().exitAndEnd(ExitReason.of(1));
        assertThat(session.client.console()).doesNotContain("could not be set");
    }

    private void run() {
        session.agent().hello();
        session.send("configurationDone");
    }

    private void stop() {
        run();
        session.agent().event("stopped", "{'reason':'breakpoint','threadId':1,'allThreadsStopped':true}");
    }
}
