package dev.gantry.adapter.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.adapter.config.Host;
import dev.gantry.adapter.config.LaunchParser;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessInfo;
import dev.gantry.launcher.Signal;
import dev.gantry.launcher.SpawnException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order and lifetime rules, with a process and a client that do as told. */
class SessionTest {
    private static final String CAT = "{\"program\":\"/bin/cat\",\"cwd\":\"/\"}";

    private final FakeReactor reactor = new FakeReactor();
    private final FakeClient client = new FakeClient();
    private TokenGate gate = TokenGate.open();
    private boolean closed;
    private Session session = newSession();

    @Test
    void aLaunchIsAnsweredWithTheStartsOutcomeAndBeforeTheProcessEvent() {
        initialize();
        FakeClient.RecordedReply launch = send("launch", CAT);
        assertThat(launch.isOpen()).isTrue();
        send("configurationDone");
        process().writes(1, "hello");
        assertThat(client.story())
                .isEqualTo(
                        "ok initialize, initialized, ok configurationDone, ok launch, process, thread, output stdout hello");
    }

    @Test
    void configurationDoneMayComeBeforeLaunch() {
        initialize();
        send("configurationDone");
        send("launch", CAT);
        assertThat(client.story())
                .isEqualTo("ok initialize, ok configurationDone, initialized, ok launch, process, thread");
    }

    @Test
    void launchIsAnsweredAfterHalfASecondForClientsThatWaitForItBeforeConfigurationDone() {
        initialize();
        send("launch", CAT);
        reactor.advance(Duration.ofMillis(499));
        assertThat(client.story()).endsWith("initialized");
        reactor.advance(Duration.ofMillis(1));
        assertThat(client.story()).endsWith("initialized, ok launch");
        reactor.advance(Duration.ofHours(1));
        assertThat(reactor.spawned).isEmpty();
        send("configurationDone");
        assertThat(client.story()).endsWith("ok configurationDone, process, thread");
    }

    @Test
    void withoutDebuggingTheProgramStartsHalfASecondLaterWhereNoConfigurationDoneComes() {
        initialize();
        FakeClient.RecordedReply launch = send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"noDebug\":true}");
        reactor.advance(Duration.ofMillis(499));
        assertThat(client.story()).endsWith("initialized");
        reactor.advance(Duration.ofMillis(1));
        assertThat(client.story()).endsWith("initialized, ok launch, process, thread");
        assertThat(launch.succeeded).isTrue();
        assertThat(send("configurationDone").succeeded).isTrue();
        assertThat(reactor.spawned).as("a late one starts nothing more").hasSize(1);
    }

    @Test
    void withoutDebuggingAStartThatFailsByItselfStillFailsTheLaunch() {
        initialize();
        reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        FakeClient.RecordedReply launch = send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"noDebug\":true}");
        reactor.advance(Duration.ofMillis(500));
        assertThat(launch.message).contains("denied");
        run();
    }

    @Test
    void aTerminalIsAskedOnceWhereTheConfigurationComesWhileItStarts() {
        send("initialize", "{\"supportsRunInTerminalRequest\":true}");
        send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"noDebug\":true,\"console\":\"integratedTerminal\"}");
        reactor.advance(Duration.ofMillis(500));
        send("configurationDone");
        process().starts();
        assertThat(client.story())
                .endsWith("reverse runInTerminal, ok configurationDone, ok launch, process, thread")
                .containsOnlyOnce("reverse");
    }

    @Test
    void aConfigurationDoneOfARefusedLaunchIsNotTheNextOnes() {
        initialize();
        send("launch", "{\"program\":\"/nowhere/at/all\"}");
        send("configurationDone");
        send("launch", CAT);
        send("setBreakpoints", "{\"breakpoints\":[{\"line\":1}]}");
        assertThat(reactor.spawned).isEmpty();
        send("configurationDone");
        assertThat(client.story())
                .endsWith("initialized, ok setBreakpoints, ok configurationDone, ok launch, process, thread");
    }

    @Test
    void aConfigurationDoneBeforeARefusedLaunchIsNotTheNextOnes() {
        initialize();
        send("configurationDone");
        send("launch", "{\"program\":\"/nowhere/at/all\"}");
        send("launch", CAT);
        assertThat(reactor.spawned).isEmpty();
        send("configurationDone");
        assertThat(reactor.spawned).hasSize(1);
    }

    @Test
    void theLateConfigurationDoneOfALaunchThatStartedWithoutItAndFailedIsNotTheNextOnes() {
        initialize();
        reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        FakeClient.RecordedReply first = send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"noDebug\":true}");
        reactor.advance(Duration.ofMillis(500));
        assertThat(first.message).contains("denied");
        send("configurationDone");
        send("launch", CAT);
        assertThat(reactor.spawned).isEmpty();
        send("configurationDone");
        assertThat(reactor.spawned).hasSize(1);
    }

    @Test
    void aConfigurationDoneOfACancelledLaunchIsNotTheNextOnes() {
        initialize();
        FakeClient.RecordedReply launch = new FakeClient.RecordedReply(client, "launch");
        session.request(41, "launch", JsonParser.parseString(CAT).getAsJsonObject(), null, launch);
        send("cancel", "{\"requestId\":41}");
        send("configurationDone");
        send("launch", CAT);
        assertThat(reactor.spawned).isEmpty();
        send("configurationDone");
        assertThat(reactor.spawned).hasSize(1);
    }

    @Test
    void aStartThatFailsFailsTheLaunchAndTheSessionGoesOn() {
        initialize();
        reactor.nextSpawnFails =
                new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "/bin/cat: permission denied");
        FakeClient.RecordedReply first = send("launch", CAT);
        send("configurationDone");
        assertThat(first.succeeded).isFalse();
        assertThat(first.message).contains("/bin/cat: permission denied");
        send("launch", CAT);
        send("configurationDone");
        assertThat(client.story()).endsWith("no launch, initialized, ok configurationDone, ok launch, process, thread");
    }

    @Test
    void aStartThatFailsAfterLaunchWasAnsweredEndsTheSession() {
        initialize();
        send("launch", CAT);
        reactor.advance(Duration.ofSeconds(1));
        reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        send("configurationDone");
        assertThat(client.lines)
                .endsWith(
                        "ok configurationDone",
                        "output console the program could not be started: denied",
                        "event terminated");
    }

    @Test
    void anEndTellsOutputThenTheExitLineThenExitedThenTerminated() {
        run();
        process().writes(1, "last words");
        process().exits(ExitReason.of(3 << 8));
        process().writes(2, "even later");
        process().ends();
        assertThat(client.story())
                .endsWith(
                        "output stdout last words, output stderr even later, gantry/exit, thread, exited, terminated");
        assertThat(client.console()).endsWith("exit code 3 after 1.0 s");
        assertThat(client.lines).contains("event exited {\"exitCode\":3}");
    }

    @Test
    void aCodeOf32BitsIsToldAsASignedNumberAndInWords() {
        run();
        process().exitAndEnd(ExitReason.ofCode(0xC0000005));
        assertThat(client.console())
                .endsWith(
                        "exit code -1073741819 (0xC0000005, STATUS_ACCESS_VIOLATION: invalid memory access) after 1.0 s");
        assertThat(client.lines).contains("event exited {\"exitCode\":-1073741819}");
    }

    @Test
    void theEndIsToldThoughTheLastOutputFails() {
        run();
        client.outputFails = true;
        process().exitAndEnd(ExitReason.of(0));
        assertThat(client.story()).endsWith("process, thread, gantry/exit, thread, exited, terminated");
        assertThat(client.console()).containsOnlyOnce("internal error in the end of the output");
    }

    @Test
    void aDeathBySignalHasTheShellsCode() {
        run();
        process().exitAndEnd(ExitReason.of(11));
        assertThat(client.lines).contains("event exited {\"exitCode\":139}");
        assertThat(client.console()).contains("killed by SIGSEGV (11) after");
    }

    @Test
    void terminateClimbsTheLadderAndIsAnsweredLast() {
        run();
        process().onSignal = signal -> {
            if (signal == Signal.KILL) {
                process().exitAndEnd(ExitReason.of(9));
            }
        };
        FakeClient.RecordedReply terminate = send("terminate");
        reactor.advance(Duration.ofMillis(1990));
        assertThat(process().done).containsExactly("tree TERM", "tree CONT");
        assertThat(terminate.isOpen()).isTrue();
        reactor.advance(Duration.ofMillis(50));
        assertThat(process().done).containsExactly("tree TERM", "tree CONT", "tree KILL");
        assertThat(client.story()).endsWith("exited, terminated, ok terminate");
        assertThat(client.console()).contains("stopped by SIGKILL after");
    }

    /** VS Code's second Stop is a disconnect. */
    @ParameterizedTest
    @ValueSource(strings = {"terminate", "disconnect"})
    void aSecondStopAWhileLaterKillsNow(String second) {
        runUnstoppable();
        send("terminate");
        reactor.advance(Duration.ofMillis(400));
        send(second);
        assertThat(process().done).endsWith("tree KILL");
        assertThat(client.story()).contains("exited, terminated, ok terminate, ok " + second);
    }

    /** LSP4E sends terminate and disconnect in one breath for a single click. */
    @ParameterizedTest
    @ValueSource(strings = {"terminate", "disconnect"})
    void aSecondStopAtOnceIsTheSameWish(String second) {
        runUnstoppable();
        send("terminate");
        reactor.advance(Duration.ofMillis(399));
        send(second);
        send(second);
        assertThat(process().done).doesNotContain("tree KILL");
        reactor.advance(Duration.ofMillis(1));
        assertThat(process().done).as("the click is not remembered").doesNotContain("tree KILL");
        send(second);
        assertThat(process().done).endsWith("tree KILL");
    }

    /** A client that waits for terminate's answer and disconnects then has been told nothing of a ladder that still runs. */
    @Test
    void aDisconnectAtTheLateAnswerIsNoSecondStop() {
        runUnstoppable();
        FakeClient.RecordedReply terminate = send("terminate");
        reactor.advance(Duration.ofMillis(2500));
        assertThat(terminate.succeeded).isTrue();
        send("disconnect");
        assertThat(process().done).doesNotContain("tree KILL");
        reactor.advance(Duration.ofMillis(400));
        send("disconnect");
        assertThat(process().done).endsWith("tree KILL");
    }

    @Test
    void aDisconnectThatWouldSpareTheTargetDoesNotHurryItsEnd() {
        runUnstoppable();
        send("terminate");
        reactor.advance(Duration.ofSeconds(1));
        send("disconnect", "{\"terminateDebuggee\":false}");
        assertThat(process().done).doesNotContain("tree KILL", "detach");
    }

    /** nvim-dap closes the stream when it has waited long enough. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatGoesWhileTheLadderRunsDoesNotHurryIt(boolean bySignal) {
        runUnstoppable();
        send("terminate");
        reactor.advance(Duration.ofSeconds(3));
        if (bySignal) {
            session.shutDown("SIGINT");
        } else {
            session.clientGone("end of stream");
        }
        assertThat(process().done).doesNotContain("tree KILL");
    }

    /** Until SIGKILL, which its ladder does not reach by itself. */
    private void runUnstoppable() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"stopLadder\":[\"SIGTERM:3600\"]}");
        process().onSignal = signal -> {
            if (signal == Signal.KILL) {
                process().exitAndEnd(ExitReason.of(9));
            }
        };
    }

    @Test
    void terminateIsAnsweredAfterTwoAndAHalfSecondsWhileTheEndGoesOn() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"stopLadder\":[\"SIGTERM:60\"]}");
        process().onSignal = signal -> {};
        send("terminate");
        reactor.advance(Duration.ofMillis(2499));
        assertThat(client.story()).endsWith("thread");
        reactor.advance(Duration.ofMillis(1));
        assertThat(client.story()).endsWith("thread, ok terminate");
        process().exitAndEnd(ExitReason.of(0));
        assertThat(client.story()).endsWith("ok terminate, gantry/exit, thread, exited, terminated");
    }

    @Test
    void whatDoesNotDieIsNamedAndTheSessionEnds() {
        run();
        process().onSignal = signal -> {};
        FakeClient.RecordedReply reply = send("disconnect");
        reactor.advance(Duration.ofSeconds(10));
        assertThat(client.console()).contains("not stopped, even by SIGKILL").contains("pid 1000 (program)");
        assertThat(client.story()).endsWith("thread, terminated, closed").doesNotContain("exited");
        assertThat(reply.succeeded).isTrue();
    }

    @Test
    void disconnectClosesInputThenClimbsAndTheStreamClosesLast() {
        run();
        send("disconnect");
        reactor.advance(Duration.ofMillis(100));
        assertThat(process().done).containsExactly("close 0", "tree TERM", "tree CONT");
        assertThat(client.story()).endsWith("exited, terminated, ok disconnect, closed");
        assertThat(closed).isTrue();
    }

    @Test
    void aDisconnectThatSpareTheTargetDetachesIt() {
        run();
        send("disconnect", "{\"terminateDebuggee\":false}");
        assertThat(process().done).containsExactly("detach");
        assertThat(client.console())
                .contains("left running: pid 1000; stop it with: kill 1000")
                .contains("pid 77");
        assertThat(client.story()).endsWith("terminated, ok disconnect, closed").doesNotContain("exited");
    }

    @Test
    void aBackendThatCannotDetachSaysSoAndNothingIsLost() {
        reactor.capabilities.remove(Capability.DETACH);
        run();
        FakeClient.RecordedReply reply = send("disconnect", "{\"terminateDebuggee\":false}");
        assertThat(reply.message).contains("cannot be left running");
        assertThat(send("threads").succeeded).isTrue();
        assertThat(closed).isFalse();
    }

    @Test
    void disconnectAfterTheEndIsAnsweredAtOnce() {
        run();
        process().exitAndEnd(ExitReason.of(0));
        assertThat(send("terminate").succeeded).isTrue();
        assertThat(send("threads").succeeded).isTrue();
        send("disconnect");
        assertThat(client.story()).endsWith("terminated, ok terminate, ok threads, ok disconnect, closed");
    }

    @Test
    void aLaunchAfterTheEndIsToldThatTheSessionIsOver() {
        initialize();
        send("terminate");
        assertThat(send("launch", CAT).message)
                .isEqualTo("'launch' came too late: the session has ended; start another one");
    }

    @Test
    void aSecondLaunchWhileTheProgramRunsIsToldOfIt() {
        run();
        assertThat(send("launch", CAT).message).contains("has a program already");
        process().onSignal = signal -> {};
        send("terminate");
        assertThat(send("launch", CAT).message).contains("the session is ending");
    }

    /** A signal to the adapter ends the session before its first request was heard. */
    @Test
    void anInitializeAfterTheEndIsToldThatTheSessionIsOver() {
        client.reads = false;
        session.shutDown("SIGTERM");
        assertThat(send("initialize").message)
                .isEqualTo("'initialize' came too late: the session has ended; start another one");
    }

    @Test
    void disconnectBeforeAnythingEndsTheSession() {
        send("disconnect");
        assertThat(client.story()).isEqualTo("terminated, ok disconnect, closed");
    }

    @Test
    void disconnectWhileConfiguringFailsTheLaunchThatWaits() {
        initialize();
        send("launch", CAT);
        send("disconnect");
        assertThat(client.story()).endsWith("initialized, no launch, terminated, ok disconnect, closed");
        assertThat(reactor.spawned).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClientThatVanishesEndsTheTargetByTheLadder(boolean bySignal) {
        run();
        if (bySignal) {
            session.shutDown("SIGTERM");
        } else {
            session.clientGone("end of stream");
        }
        reactor.advance(Duration.ofSeconds(1));
        assertThat(process().done).containsExactly("close 0", "tree TERM", "tree CONT");
        assertThat(closed).isTrue();
    }

    @Test
    void restartStartsAgainWithTheNewConfigurationAndTellsNoEnd() {
        run();
        FakeClient.RecordedReply restart = send("restart", "{\"arguments\":{\"program\":\"/bin/true\",\"cwd\":\"/\"}}");
        reactor.advance(Duration.ofSeconds(1));
        assertThat(restart.succeeded).isTrue();
        assertThat(reactor.spawned).hasSize(2);
        assertThat(reactor.lastSpawned().request.command()).containsExactly("/bin/true");
        assertThat(client.story())
                .endsWith("process, thread, gantry/exit, thread, ok restart, process, thread")
                .doesNotContain("exited")
                .doesNotContain("terminated");
    }

    /** Events of stdout and stderr are the program's bytes, and nothing else. */
    @Test
    void aRestartWhoseProgramCannotBeStartedIsToldOutsideTheProgramsOutput() {
        run();
        reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        assertThat(send("restart").message).contains("denied");
        assertThat(client.lines)
                .containsSequence("no restart", "output console the program could not be started: denied")
                .noneMatch(line -> line.startsWith("output std"));
        assertThat(client.story()).endsWith("no restart, exited, terminated");
    }

    @Test
    void whileARestartWaitsForTheTerminalThatIsSaid() {
        send("initialize", "{\"supportsRunInTerminalRequest\":true}");
        send("launch", CAT);
        send("configurationDone");
        FakeClient.RecordedReply restart = send(
                "restart",
                "{\"arguments\":{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"console\":\"integratedTerminal\"}}");
        assertThat(client.story()).endsWith("reverse runInTerminal");
        assertThat(send("restart").message).isEqualTo("'restart' needs a running program: a restart is under way");
        assertThat(send("pause").message).contains("a restart is under way");
        process().starts();
        assertThat(restart.succeeded).isTrue();
        assertThat(send("pause").succeeded).isTrue();
    }

    @Test
    void afterARestartThatFailedTheProgramHasEnded() {
        run();
        reactor.nextSpawnFails = new SpawnException(SpawnException.Step.EXECUTE, "/bin/cat", 13, "denied");
        send("restart");
        assertThat(send("pause").message).contains("it has ended");
    }

    @Test
    void aRestartRepeatsNoWarning() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"frobnicate\":1}");
        send("restart");
        send("restart", "{\"arguments\":{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"frobnicate\":1,\"other\":2}}");
        assertThat(client.console())
                .containsOnlyOnce("'frobnicate'")
                .containsOnlyOnce("'other'")
                .contains("$ /bin/cat");
    }

    @Test
    void aRestartWithABadConfigurationLeavesTheTargetAlone() {
        run();
        FakeClient.RecordedReply restart = send("restart", "{\"arguments\":{\"program\":\"/nowhere/at/all\"}}");
        assertThat(restart.message).contains("/nowhere/at/all");
        assertThat(process().done).isEmpty();
        assertThat(send("threads").body).asString().contains("running, pid 1000");
    }

    @Test
    void terminateDuringARestartEndsTheSession() {
        run();
        process().onSignal = signal -> {
            if (signal == Signal.KILL) {
                process().exitAndEnd(ExitReason.of(9));
            }
        };
        send("restart");
        send("terminate");
        assertThat(process().done).as("the restart's ladder goes on").containsExactly("tree TERM", "tree CONT");
        reactor.advance(Duration.ofMillis(100));
        send("terminate");
        assertThat(process().done).as("clicked twice").containsExactly("tree TERM", "tree CONT");
        reactor.advance(Duration.ofSeconds(3));
        assertThat(client.story())
                .endsWith("no restart, gantry/exit, thread, exited, terminated, ok terminate, ok terminate");
        assertThat(reactor.spawned).hasSize(1);
    }

    @Test
    void aClientThatVanishesDuringARestartStartsNothing() {
        run();
        process().onSignal = signal -> {
            if (signal == Signal.KILL) {
                process().exitAndEnd(ExitReason.of(9));
            }
        };
        FakeClient.RecordedReply restart = send("restart");
        session.clientGone("end of stream");
        reactor.advance(Duration.ofSeconds(3));
        assertThat(restart.succeeded).isFalse();
        assertThat(reactor.spawned).hasSize(1);
        assertThat(closed).isTrue();
    }

    @Test
    void theDrainTimeBeginsWhenTheLadderHasEnded() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"stopLadder\":[\"SIGTERM:10\"]}");
        process().descendants.add(new ProcessInfo(55, 1, 1, 'S', "sleep 3", 1024, Duration.ZERO));
        process().onSignal = signal -> process().exits(ExitReason.of(15));
        send("terminate");
        reactor.advance(Duration.ofSeconds(5));
        assertThat(process().done).doesNotContain("abort");
        process().descendants.clear();
        reactor.advance(Duration.ofSeconds(3));
        assertThat(process().done).contains("drain", "abort");
        assertThat(client.story()).contains("exited, terminated");
    }

    @Test
    void aGrandchildThatHoldsThePipesDelaysTheEndByTheDrainTimeAndIsNamed() {
        run();
        process().descendants.add(new ProcessInfo(55, 1, 1, 'S', "sleep 100", 1024, Duration.ZERO));
        process().exits(ExitReason.of(0));
        reactor.advance(Duration.ofMillis(1999));
        assertThat(client.story()).doesNotContain("exited");
        reactor.advance(Duration.ofMillis(1));
        assertThat(client.console()).contains("held open by pid 55 (sleep 100)").contains("left alone: pid 55");
        assertThat(process().done).contains("drain", "abort");
        assertThat(process().released).isTrue();
        assertThat(client.story()).endsWith("exited, terminated");
    }

    @Test
    void killTreeAlwaysEndsWhatTheProgramLeavesBehind() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"killTree\":\"always\"}");
        process().descendants.add(new ProcessInfo(55, 1, 1, 'S', "sleep 100", 1024, Duration.ZERO));
        process().exitAndEnd(ExitReason.of(0));
        assertThat(process().done).containsExactly("tree TERM", "tree CONT");
        reactor.advance(Duration.ofMillis(2100));
        assertThat(process().done).containsExactly("tree TERM", "tree CONT", "tree KILL");
        assertThat(client.story()).endsWith("exited, terminated");
    }

    @Test
    void killTreeNeverSignalsTheProcessAlone() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"killTree\":\"never\"}");
        process().descendants.add(new ProcessInfo(55, 1, 1, 'S', "sleep 100", 1024, Duration.ZERO));
        send("terminate");
        assertThat(process().done).containsExactly("process TERM");
        assertThat(client.story()).endsWith("exited, terminated, ok terminate");
    }

    @Test
    void pauseAndContinueStopAndWakeTheGroup() {
        run();
        send("pause", "{\"threadId\":1}");
        assertThat(client.lines)
                .contains(
                        "event stopped {\"reason\":\"pause\",\"description\":\"Paused by SIGSTOP\",\"threadId\":1,\"allThreadsStopped\":true}");
        assertThat(send("threads").body).asString().contains("cat (paused, pid 1000)");
        assertThat(send("stackTrace", "{\"threadId\":1}").body).asString().contains("\"totalFrames\":1");
        assertThat(send("scopes", "{\"frameId\":1}").succeeded).isTrue();
        assertThat(send("variables", "{\"variablesReference\":1}").body)
                .asString()
                .contains("/bin/cat");
        send("continue", "{\"threadId\":1}");
        assertThat(process().done).containsExactly("group STOP", "group CONT");
        assertThat(client.story()).endsWith("ok continue, continued");
        assertThat(send("stackTrace", "{\"threadId\":1}").message).contains("pause it first");
    }

    @Test
    void theDebugConsoleWritesToStandardInput() {
        run();
        assertThat(send("evaluate", "{\"expression\":\"one\",\"context\":\"repl\"}").succeeded)
                .isTrue();
        assertThat(process().stdin).hasToString("one\n");
        send("evaluate", "{\"expression\":\".eof\",\"context\":\"repl\"}");
        assertThat(process().done).contains("close 0");
        assertThat(send("evaluate", "{\"expression\":\"two\",\"context\":\"repl\"}").message)
                .contains("closed");
        assertThat(send("evaluate", "{\"expression\":\"x\",\"context\":\"hover\"}").message)
                .contains("not debugged");
    }

    @Test
    void aTerminalThatNeverRunsTheProgramIsNotWaitedForWithoutEnd() {
        send("initialize", "{\"supportsRunInTerminalRequest\":true}");
        FakeClient.RecordedReply launch =
                send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"console\":\"integratedTerminal\"}");
        send("configurationDone");
        reactor.advance(Duration.ofMillis(59_900));
        assertThat(launch.isOpen()).isTrue();
        reactor.advance(Duration.ofSeconds(1));
        assertThat(launch.message)
                .contains("the client's terminal has not run it for 60 s")
                .contains("set 'console' to \"internalConsole\"");
        assertThat(process().startCancelled).isTrue();
        assertThat(client.story()).doesNotContain("terminated");
        client.reverseRequests.get(0).accept(new Client.Answer.Failed("too late"));
        send("launch", CAT);
        send("configurationDone");
        assertThat(client.story()).endsWith("ok launch, process, thread");
        reactor.advance(Duration.ofMinutes(2));
        assertThat(launch.answers).isEqualTo(1);
    }

    @Test
    void aTerminalTargetStartsWhenTheTerminalSaysSo() {
        send("initialize", "{\"supportsRunInTerminalRequest\":true}");
        send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"console\":\"integratedTerminal\"}");
        send("configurationDone");
        assertThat(client.story()).endsWith("ok configurationDone, reverse runInTerminal");
        client.reverseRequests.get(0).accept(new Client.Answer.Success(new JsonObject()));
        assertThat(client.story()).endsWith("reverse runInTerminal");
        process().starts();
        assertThat(client.story()).endsWith("reverse runInTerminal, ok launch, process, thread");
    }

    @Test
    void aTerminalThatRefusesFailsTheLaunch() {
        send("initialize", "{\"supportsRunInTerminalRequest\":true}");
        FakeClient.RecordedReply launch =
                send("launch", "{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"console\":\"integratedTerminal\"}");
        send("configurationDone");
        client.reverseRequests.get(0).accept(new Client.Answer.Failed("no terminal here"));
        assertThat(launch.message).contains("no terminal here");
        assertThat(process().startCancelled).isTrue();
    }

    @Test
    void aClientWithoutTerminalsGetsTheInternalConsoleAndIsTold() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"console\":\"integratedTerminal\"}");
        assertThat(client.console()).contains("the internal console is used");
        assertThat(process().request.childFds()).hasSize(3);
    }

    /** In a terminal redirectOutput is false for everybody; in its place it would discard all output. */
    @Test
    void theInternalConsoleInPlaceOfATerminalShowsTheOutput() {
        run("{\"program\":\"/bin/cat\",\"cwd\":\"/\",\"console\":\"externalTerminal\",\"redirectOutput\":false}");
        process().writes(1, "hello");
        assertThat(process().request.childFds()).containsEntry(1, ChildFd.read());
        assertThat(client.story()).endsWith("output stdout hello");
        assertThat(client.console()).contains("\"tty\": true").doesNotContain("discarded");
    }

    @Test
    void theTokenIsAskedForBeforeAnythingStartsAndThreeWrongOnesClose() {
        gate = TokenGate.requiring("secret", () -> true);
        session = newSession();
        initialize();
        assertThat(send("launch", CAT).message).contains("gantryToken");
        assertThat(send("launch", "{\"program\":\"/bin/cat\",\"gantryToken\":\"no\"}").succeeded)
                .isFalse();
        assertThat(closed).isFalse();
        send("launch", "{\"program\":\"/bin/cat\",\"gantryToken\":\"secre\"}");
        assertThat(closed).isTrue();
        assertThat(reactor.spawned).isEmpty();
    }

    @Test
    void aConfigurationDoneOfALaunchWithoutTokenIsNotTheNextOnes() {
        gate = TokenGate.requiring("secret", () -> true);
        session = newSession();
        initialize();
        send("launch", CAT);
        send("configurationDone");
        send("launch", "{\"program\":\"/bin/cat\",\"gantryToken\":\"secret\"}");
        assertThat(reactor.spawned).isEmpty();
        send("configurationDone");
        assertThat(reactor.spawned).hasSize(1);
    }

    @Test
    void aServerThatIsFullSaysSoToWhoHasTheToken() {
        gate = TokenGate.requiring("secret", () -> false);
        session = newSession();
        initialize();
        assertThat(send("launch", "{\"program\":\"/bin/cat\",\"gantryToken\":\"secret\"}").message)
                .contains("--max-sessions");
        assertThat(closed).isFalse();
        assertThat(reactor.spawned).isEmpty();
    }

    @Test
    void whatTheClientSaysOfItselfInAWrongTypeCountsAsUnsaid() {
        FakeClient.RecordedReply initialize = send(
                "initialize",
                "{\"clientID\":7,\"supportsANSIStyling\":\"true\",\"supportsRunInTerminalRequest\":1,\"gantryRawOutput\":[]}");
        assertThat(initialize.succeeded).isTrue();
        assertThat(send("threads", "{}").succeeded).isTrue();
    }

    @Test
    void cancelEndsALaunchThatWaits() {
        initialize();
        FakeClient.RecordedReply launch = new FakeClient.RecordedReply(client, "launch");
        session.request(41, "launch", JsonParser.parseString(CAT).getAsJsonObject(), null, launch);
        send("cancel", "{\"requestId\":41}");
        assertThat(launch.message).contains("cancelled");
        send("launch", CAT);
        send("configurationDone");
        assertThat(client.story()).endsWith("ok launch, process, thread");
    }

    private Session newSession() {
        return new Session(
                client,
                reactor,
                new SessionSettings(
                        new LaunchParser(Host.current()), new FakeAgent.Home(), gate, line -> {}, () -> closed = true));
    }

    private void initialize() {
        send("initialize", "{\"clientID\":\"test\"}");
    }

    private void run() {
        run(CAT);
    }

    private void run(String configuration) {
        initialize();
        FakeClient.RecordedReply launch = send("launch", configuration);
        send("configurationDone");
        assertThat(launch.message).isEmpty();
        assertThat(launch.succeeded).isTrue();
    }

    private FakeTransport process() {
        return reactor.lastSpawned();
    }

    private FakeClient.RecordedReply send(String command) {
        return send(command, "{}");
    }

    private FakeClient.RecordedReply send(String command, String arguments) {
        FakeClient.RecordedReply reply = new FakeClient.RecordedReply(client, command);
        session.request(1, command, JsonParser.parseString(arguments).getAsJsonObject(), null, reply);
        assertThat(reply.answers).isLessThanOrEqualTo(1);
        return reply;
    }
}
