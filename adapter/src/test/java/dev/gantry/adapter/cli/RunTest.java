package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NothingLeft.class)
@Timeout(60)
class RunTest {
    @Test
    void outputOfBothStreamsPassesByteForByte() throws Exception {
        try (CommandProcess run =
                CommandProcess.start("run", "-q", "--", "sh", "-c", "printf '\\377\\0a'; printf '\\303' >&2")) {
            assertThat(run.await()).isZero();
            assertThat(run.outBytes()).containsExactly(0xFF, 0, 'a');
            assertThat(run.err().getBytes(StandardCharsets.UTF_8)).isEqualTo("\uFFFD".getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void inputAndItsEndReachTheProgram() throws Exception {
        byte[] input = new byte[300_000];
        new Random(1).nextBytes(input);
        try (CommandProcess run = CommandProcess.start("run", "cat").feed(input)) {
            assertThat(run.await()).isZero();
            assertThat(run.outBytes()).isEqualTo(input);
        }
    }

    @Test
    void aProgramThatReadsNothingEndsWhileInputIsOpen() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "true")) {
            assertThat(run.await()).isZero();
        }
    }

    @Test
    void theExitStatusIsThePrograms() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "sh", "-c", "exit 3")) {
            assertThat(run.await()).isEqualTo(3);
        }
    }

    @Test
    void aDeathBySignalIs128AndTheSignal() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "sh", "-c", "kill -SEGV $$")) {
            assertThat(run.await()).isEqualTo(128 + 11);
        }
    }

    @Test
    void linesAboutTheRunGoToStandardErrorUnlessQuiet() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "true");
                CommandProcess quiet = CommandProcess.start("run", "--quiet", "true")) {
            assertThat(run.await()).isZero();
            assertThat(run.err()).isEqualTo("gantry: ended\n");
            assertThat(run.out()).isEmpty();
            assertThat(quiet.await()).isZero();
            assertThat(quiet.err()).isEmpty();
        }
    }

    @Test
    void aMissingProgramIs127AndSaysWhy() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "-q", "/no/such/program")) {
            assertThat(run.await()).isEqualTo(127);
            assertThat(run.err()).startsWith("gantry: ").contains("/no/such/program");
        }
    }

    @Test
    void aProgramThatCannotBeRunIs126(@TempDir Path directory) throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "no program");
        try (CommandProcess run = CommandProcess.start("run", text.toString())) {
            assertThat(run.await()).isEqualTo(126);
        }
    }

    @Test
    void anAdapterThatDiesIs125() throws Exception {
        try (CommandProcess run = CommandProcess.startWith("dies", "run", "true")) {
            assertThat(run.await()).isEqualTo(125);
            assertThat(run.err()).contains("the adapter failed: it closed the connection");
        }
    }

    @Test
    void anInterruptStopsTheProgramByItsLadder() throws Exception {
        try (CommandProcess run = CommandProcess.start(
                "run", "sh", "-c", "trap 'echo bye; exit 9' TERM; echo ready; while :; do read x; done")) {
            awaitOutput(run, "ready");
            signal("INT", run.process());
            assertThat(run.await()).isEqualTo(9);
            assertThat(run.out()).endsWith("bye\n");
        }
    }

    @Test
    void aSecondInterruptKills() throws Exception {
        try (CommandProcess run =
                CommandProcess.start("run", "sh", "-c", "trap 'echo no' TERM; echo ready; while :; do read x; done")) {
            awaitOutput(run, "ready");
            signal("INT", run.process());
            awaitOutput(run, "no");
            signal("INT", run.process());
            assertThat(run.await()).isEqualTo(128 + 9);
        }
    }

    @Test
    void anInterruptBeforeTheLaunchIsTheEndAndNoFault() throws Exception {
        for (String mode : List.of("holds-initialize", "holds-launch")) {
            try (CommandProcess run = CommandProcess.startWith(mode, "run", "echo", "ran")) {
                await().atMost(Duration.ofSeconds(20)).until(() -> run.err().contains("gantry: holding"));
                signal("INT", run.process());
                assertThat(run.await()).as(mode).isEqualTo(128 + 2);
                assertThat(run.err().lines()).as(mode).hasSize(1);
                assertThat(run.out()).as(mode).isEmpty();
            }
        }
    }

    @Test
    void aWordThatBeginsWithAnAtSignIsTheProgramsOwn(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "its content");
        try (CommandProcess run = CommandProcess.start("run", "-q", "--", "echo", "@" + file, "@@x", "@")) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("@" + file + " @@x @\n");
        }
    }

    @Test
    void argumentsAreVerbatimWhateverTheyLookLike() throws Exception {
        String[] odd = {"", "--", "-q", "--cwd=/x", "\"quoted\"", "'q'", "${HOME}", "a=b", "a,b", "-vvv", " ", "\\"};
        List<String> command = new ArrayList<>(List.of("run", "-q", "printf", "[%s]"));
        command.addAll(List.of(odd));
        try (CommandProcess run = CommandProcess.start(command.toArray(String[]::new))) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("[" + String.join("][", odd) + "]");
        }
    }

    @Test
    void aReaderThatGoesEndsTheRunAsSigpipeWould() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "-q", "yes")) {
            awaitOutput(run, "y\n");
            run.process().getInputStream().close();
            assertThat(run.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(run.process().exitValue()).isEqualTo(128 + 13);
        }
    }

    @Test
    void outputThatCannotBeWrittenIsToldAndIs1() throws Exception {
        try (CommandProcess run = CommandProcess.startTo(Path.of("/dev/full"), "run", "-q", "echo", "lost")) {
            assertThat(run.await()).isEqualTo(1);
            assertThat(run.err()).isEqualTo("gantry: cannot write standard output: No space left on device\n");
        }
    }

    @Test
    void jsonPrintsTheMessages() throws Exception {
        try (CommandProcess run = CommandProcess.start("run", "--json", "echo", "hello")) {
            assertThat(run.await()).isZero();
            assertThat(run.out().lines())
                    .allMatch(line -> line.startsWith("{") && line.endsWith("}"))
                    .anyMatch(line -> line.contains("hello"))
                    .anyMatch(line -> line.contains("\"exited\""));
        }
    }

    private static void awaitOutput(CommandProcess run, String text) {
        await().atMost(Duration.ofSeconds(20)).until(() -> run.out().contains(text));
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
