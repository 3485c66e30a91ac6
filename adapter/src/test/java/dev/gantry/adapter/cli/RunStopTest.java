package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How a run over the real adapter is ended from outside: by signals, and by a reader that goes. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class RunStopTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int PIPE_BYTES = 64 * 1024;

    @Test
    void aThirdSignalEndsTheRunThoughTheAdapterDoesNotAnswer() throws Exception {
        try (CommandProcess run = CommandProcess.startReal("run", "-q", "sh", "-c", "echo $$; exec sleep 1000")) {
            ProcessHandle program = announced(run);
            freeze(run);
            twoAreHeard(run.process());
            signal("TERM", run.process());
            assertThat(run.await()).isEqualTo(128 + 15);
            assertThat(run.err())
                    .isEqualTo(
                            "gantry: the adapter had not ended the program yet and was killed; its guardian ends what"
                                    + " it had started\n");
            awaitEnd(program);
        }
    }

    @Test
    void twoSignalsAreEnoughWhenTheAdapterDoesNotAnswerForLong() throws Exception {
        try (CommandProcess run = CommandProcess.startReal("run", "-q", "sh", "-c", "echo $$; exec sleep 1000")) {
            ProcessHandle program = announced(run);
            freeze(run);
            twoAreHeard(run.process());
            assertThat(run.await()).isIn(128 + 2, 128 + 15);
            awaitEnd(program);
        }
    }

    @Test
    void aRunWhoseOutputNobodyTakesCanBeEnded() throws Exception {
        List<String> command = new ArrayList<>(CommandProcess.realCommand());
        command.addAll(List.of("run", "-q", "yes"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        Process run = builder.start();
        try {
            assertThat(run.getInputStream().read()).isEqualTo('y');
            // From here on nobody reads: it waits in a write, and so do its adapter and the program. Not before a pipe
            // is nearly full: a program that has written less can be ended by the first signal alone.
            await().atMost(SOON).until(() -> run.getInputStream().available() > PIPE_BYTES * 3 / 4);
            twoAreHeard(run);
            signal("INT", run);
            assertThat(run.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(run.exitValue()).isEqualTo(128 + 2);
        } finally {
            run.destroyForcibly();
        }
    }

    @Tag("once")
    @Test
    void theLastWordsOfAGracefulProgramAreWaitedForWhenTheReaderGoes(@TempDir Path directory) throws Exception {
        Path words = directory.resolve("words");
        String program = "trap 'echo writing; sleep 11; echo bye >" + words + "; exit' TERM; echo ready;"
                + " while :; do echo more; done";
        try (CommandProcess run =
                CommandProcess.startReal("run", "-q", "--stop-ladder", "SIGTERM:60", "sh", "-c", program)) {
            await().atMost(SOON).until(() -> run.out().contains("ready"));
            run.process().getInputStream().close();
            assertThat(run.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(run.process().exitValue()).isEqualTo(128 + 13);
            assertThat(words).hasContent("bye\n");
        }
    }

    /** The program's first line is its process id. */
    private static ProcessHandle announced(CommandProcess run) {
        await().atMost(SOON).until(() -> run.out().endsWith("\n"));
        return ProcessHandle.of(Long.parseLong(run.out().strip())).orElseThrow();
    }

    private static void freeze(CommandProcess run) throws IOException, InterruptedException {
        Optional<ProcessHandle> adapter = run.process().children().findFirst();
        signal("STOP", adapter.orElseThrow().pid());
    }

    /** One of each: two of a kind may come as one. Each is heard on a thread of its own, and so in any order. */
    private static void twoAreHeard(Process run) throws IOException, InterruptedException {
        signal("INT", run);
        signal("TERM", run);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(threads(run))
                        .as("threads; %s", run.isAlive() ? "it runs" : "it has ended with " + run.exitValue())
                        .contains("stop-deadline"));
    }

    private static List<String> threads(Process process) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/task"))) {
            for (Path task : tasks) {
                names.add(Files.readString(task.resolve("comm")).strip());
            }
        } catch (IOException ended) {
            return names; // One of them, meanwhile: they are asked for again.
        }
        return names;
    }

    private static void awaitEnd(ProcessHandle program) {
        await().atMost(Duration.ofSeconds(5)).until(() -> !program.isAlive());
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        signal(name, process.pid());
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
