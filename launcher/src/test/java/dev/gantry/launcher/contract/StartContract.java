package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gantry.fixtures.Described;
import dev.gantry.fixtures.Os;
import dev.gantry.fixtures.Programs;
import dev.gantry.fixtures.Steps;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ExitReason;
import dev.gantry.launcher.ProcessDone;
import dev.gantry.launcher.ProcessProtocol;
import dev.gantry.launcher.ProcessTransport;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnRequest;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a started process is: its first callback, arguments, environment, directory, name; and who may touch it. */
abstract class StartContract extends BackendContract {
    private Described described(SpawnRequest request) throws Exception {
        Child child = spawn(request);
        child.closesStdin();
        assertThat(child.heard().awaitEnded()).as(child.heard().text(2)).isEqualTo(new ProcessDone(0));
        return Described.parse(child.heard().text(1));
    }

    @Test
    @Shows(Row.SPAWN_PROCESS)
    void connectionMadeComesFirstAndBeforeSpawnReturns() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<ProcessTransport> made = new ArrayList<>();
        Recorder heard = Recorder.keeping();
        ProcessProtocol protocol = new ProcessProtocol() {
            @Override
            public void connectionMade(ProcessTransport transport) {
                made.add(transport);
                order.add("made");
            }

            @Override
            public void childDataReceived(int childFd, ByteBuffer data) {
                order.add("data");
                heard.childDataReceived(childFd, data);
            }
        };
        ProcessTransport returned = reactor().call(() -> {
            ProcessTransport transport =
                    reactor().spawnProcess(protocol, request(Steps.of().out("hello\n")));
            order.add("returned");
            return transport;
        });
        heard.awaitText(1, "hello\n");
        assertThat(order).startsWith("made", "returned", "data");
        assertThat(made).containsExactly(returned);
    }

    @Test
    @Shows(Row.SPAWN_PROCESS)
    void theChildRunsWithThePidThatTheTransportTells() throws Exception {
        Child child = spawn(Programs.DESCRIBE.command());
        child.heard().awaitEnded();
        Map<String, Long> ids = Described.parse(child.heard().text(1)).ids();
        long pid = child.asked(ProcessTransport::pid);
        assertThat(ids).containsEntry("pid", pid);
        assertThat(child.heard().events().get(0)).isEqualTo(new Recorder.Made(pid));
    }

    @Test
    @Shows(Row.SPAWN_PROCESS)
    void aProcessCanBeStartedFromAnyThreadAndFromACallback() throws Exception {
        Recorder second = Recorder.keeping();
        ProcessProtocol first = new ProcessProtocol() {
            @Override
            public void processEnded(ExitReason reason) {
                try {
                    reactor().spawnProcess(second, request(Steps.of().out("second\n")));
                } catch (IOException unexpected) {
                    throw new UncheckedIOException(unexpected);
                }
            }
        };
        reactor().spawnProcess(first, request(Steps.of()));
        second.awaitEnded();
        assertThat(second.text(1)).isEqualTo("second\n");
    }

    @Test
    @Shows(Row.SPAWN_PROCESS)
    void anInterruptDoesNotGiveUpAStartThatHasBegun() throws Exception {
        Recorder heard = Recorder.keeping();
        Thread.currentThread().interrupt();
        ProcessTransport transport =
                reactor().spawnProcess(heard, request(Steps.of().out("started\n")));
        assertThat(Thread.interrupted()).isTrue();
        heard.awaitEnded();
        assertThat(heard.text(1)).isEqualTo("started\n");
        assertThat(heard.events().get(0)).isEqualTo(new Recorder.Made(transport.pid()));
    }

    @Test
    @Shows(Row.SPAWN_PROCESS)
    void aClosedReactorRefuses() throws Exception {
        Reactor other = backend().open(ReactorOptions.defaults().withThreadName("reactor-other"));
        other.close();
        other.close();
        assertThatThrownBy(() -> other.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> other.spawnProcess(Recorder.keeping(), request(Steps.of())))
                .isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @Shows(Row.ARGUMENTS)
    void argumentsArriveVerbatim() throws Exception {
        String[] arguments = {
            "plain", "", "two words", "quo\"te's", "$HOME `id` *", "back\\slash", "line\nbreak", "žluťoučký 漢字 😀", "-x"
        };
        assertThat(described(SpawnRequest.of(Programs.DESCRIBE.command(arguments)))
                        .arguments())
                .containsExactly(arguments);
    }

    @Test
    @Shows(Row.ARGUMENTS)
    void longArgumentsArriveWhole() throws Exception {
        // Windows has 32,767 characters for all of them.
        String[] arguments = new String[Os.isWindows() ? 30 : 500];
        Arrays.setAll(arguments, i -> "x".repeat(1000) + i);
        assertThat(described(SpawnRequest.of(Programs.DESCRIBE.command(arguments)))
                        .arguments())
                .containsExactly(arguments);
    }

    @Test
    @Shows(Row.ARGUMENTS)
    void theFirstArgumentIsNotTheProgramIfAnotherFileIsToRun() throws Exception {
        Optional<Child> child = spawnIfAble(Capability.ARGV0, Platform.sayingItsName("another name"));
        if (child.isPresent()) {
            child.get().heard().awaitEnded();
            assertThat(child.get().heard().text(1)).startsWith("another name\0");
        }
    }

    @Test
    @Shows(Row.ENVIRONMENT)
    void changesToOurEnvironmentAddReplaceAndRemove() throws Exception {
        Map<String, @Nullable String> changes = new HashMap<>();
        changes.put("ADDED", "with = and\nnewline");
        changes.put("EMPTY", "");
        changes.put("HOME", null);
        Map<String, String> environment = described(
                        SpawnRequest.of(Programs.DESCRIBE.command()).withEnvironment(changes))
                .environment();
        Map<String, String> expected = Platform.comparable(System.getenv());
        expected.remove("HOME");
        expected.put("ADDED", "with = and\nnewline");
        expected.put("EMPTY", "");
        assertThat(Platform.comparable(environment)).isEqualTo(expected);
    }

    @Test
    @Shows(Row.ENVIRONMENT)
    void anEnvironmentOfItsOwnIsExactlyThat() throws Exception {
        Map<String, String> only = Map.of("ONLY", "one", "ŽLUŤ", "漢");
        Described described =
                described(SpawnRequest.of(Programs.DESCRIBE.command()).withOnlyEnvironment(only));
        assertThat(Platform.comparable(described.environment())).isEqualTo(only);
    }

    @Test
    @Shows({Row.ENVIRONMENT, Row.SPAWN_PROCESS})
    void theProgramIsLookedUpInTheChildsPath(@TempDir Path directory) throws Exception {
        List<String> command = installed("only-here", directory, Steps.of().out("found\n"));
        Child child = spawn(SpawnRequest.of(command)
                .withOnlyEnvironment(Map.of("PATH", Platform.searchPath(Platform.nowhere(""), directory))));
        child.heard().awaitEnded();
        assertThat(child.heard().text(1)).isEqualTo("found\n");
    }

    @Test
    @Shows(Row.WORKING_DIRECTORY)
    void theWorkingDirectoryIsTheOneAskedFor(@TempDir Path directory) throws Exception {
        Path real = Files.createDirectory(directory.toRealPath().resolve("a dir ž"));
        SpawnRequest request = SpawnRequest.of(Programs.DESCRIBE.command());
        assertThat(described(request.withWorkingDirectory(real)).directory()).isEqualTo(real.toString());
        assertThat(described(request).directory()).isEqualTo(System.getProperty("user.dir"));
    }

    @Test
    @Shows(Row.WORKING_DIRECTORY)
    void aRelativeProgramIsThatOfTheWorkingDirectory(@TempDir Path directory) throws Exception {
        List<String> command = installed("here", directory, Steps.of().sayDirectory());
        command.set(0, "." + File.separator + "here");
        Child child = spawn(SpawnRequest.of(command).withWorkingDirectory(directory.toRealPath()));
        child.heard().awaitEnded();
        assertThat(child.heard().text(1)).isEqualTo(directory.toRealPath() + "\n");
    }

    /** The command of a program made in the directory, by its name alone. */
    private static List<String> installed(String name, Path directory, Steps steps) throws IOException {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(steps.install(directory, name));
        return command;
    }

    @Test
    @Shows(Row.TO_STRING)
    void toStringTellsCommandPidAndState() throws Exception {
        List<String> command = Programs.READY_SLEEP.command("61");
        Child child = spawn(command);
        child.heard().awaitText(1, "ready");
        String alive = child.asked(ProcessTransport::toString);
        assertThat(alive)
                .contains(command.get(0), "61", Long.toString(child.asked(ProcessTransport::pid)))
                .containsIgnoringCase("spawned");
        child.isKilled();
        assertThat(child.asked(ProcessTransport::toString))
                .contains(command.get(0), Long.toString(child.asked(ProcessTransport::pid)))
                .containsIgnoringCase("ended");
    }

    @Test
    @Shows(Row.CONFINEMENT)
    void anotherThreadIsTurnedAway() throws Exception {
        Child child = spawn(Programs.ECHO.command());
        ProcessTransport transport = child.transport();
        ByteBuffer data = ByteBuffer.wrap("lost".getBytes(StandardCharsets.UTF_8));
        List<Child.Act> acts = List.of(
                process -> process.write(data),
                process -> process.writeSequence(List.of(data)),
                process -> process.writeToChild(0, data),
                process -> process.closeChildFd(0),
                ProcessTransport::closeStdin,
                ProcessTransport::closeStdout,
                ProcessTransport::closeStderr,
                ProcessTransport::loseConnection,
                ProcessTransport::abortConnection,
                ProcessTransport::pauseProducing,
                ProcessTransport::resumeProducing,
                ProcessTransport::stopProducing,
                ProcessTransport::drainAvailable,
                ProcessTransport::unregisterProducer,
                process -> process.registerProducer(new Feeder(), true),
                process -> process.signalProcess("KILL"),
                process -> process.signalProcess(9));
        for (Child.Act act : acts) {
            assertThatThrownBy(() -> act.on(transport)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(data.remaining()).isEqualTo(4);
        child.writes("kept");
        child.closesStdin();
        assertThat(child.heard().awaitEnded()).isEqualTo(new ProcessDone(0));
        assertThat(child.heard().text(1)).isEqualTo("kept");
    }
}
