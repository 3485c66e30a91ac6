package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code gantry run} over the real adapter, as a process that it starts itself. */
@ExtendWith(NothingLeft.class)
@Timeout(90)
class RunWithAdapterTest {
    @Test
    void bytesPassUnchangedThroughAProgramInBothDirections() throws Exception {
        byte[] input = new byte[3_000_000];
        new Random(2).nextBytes(input);
        try (CommandProcess run = CommandProcess.startReal("run", "-q", "cat").feed(input)) {
            assertThat(run.await()).isZero();
            assertThat(run.outBytes()).isEqualTo(input);
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void aPythonProgramSpeaksOnBothStreamsAndEndsAsItLikes() throws Exception {
        try (CommandProcess run = CommandProcess.startReal(
                        "run", "-c", "import sys; print(input()); print('e', file=sys.stderr); sys.exit(4)")
                .feed("täxt\n".getBytes(StandardCharsets.UTF_8))) {
            assertThat(run.await()).isEqualTo(4);
            assertThat(run.out()).isEqualTo("täxt\n");
            assertThat(run.err().lines()).contains("e").anyMatch(line -> line.startsWith("gantry: exit code 4"));
        }
    }

    @Test
    void aDeathBySignalIsTheExitStatusAndToldInWords() throws Exception {
        try (CommandProcess run = CommandProcess.startReal("run", "sh", "-c", "kill -SEGV $$")) {
            assertThat(run.await()).isEqualTo(128 + 11);
            assertThat(run.err()).contains("gantry: killed by SIGSEGV (11)");
        }
    }

    @Test
    void whatCannotBeStartedIs126Or127() throws Exception {
        try (CommandProcess missing = CommandProcess.startReal("run", "/no/such");
                CommandProcess directory = CommandProcess.startReal("run", "--runtime", "process", "/tmp")) {
            assertThat(missing.await()).isEqualTo(127);
            assertThat(directory.await()).isEqualTo(126);
            assertThat(missing.err()).contains("/no/such");
        }
    }

    @Test
    void aSignalLetsAGracefulProgramSayItsLastWords() throws Exception {
        String program = """
                import signal, sys
                signal.signal(signal.SIGINT, lambda *a: sys.exit(7))
                try:
                    print('ready')
                    signal.pause()
                finally:
                    print('last words')
                """;
        try (CommandProcess run = CommandProcess.startReal("run", "-c", program)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> run.out().contains("ready"));
            run.process().toHandle().destroy(); // Process.destroy would close the streams too.
            assertThat(run.await()).isEqualTo(7);
            assertThat(run.out()).isEqualTo("ready\nlast words\n");
        }
    }

    @Test
    void withoutInputTheCallersIsLeftAlone() throws Exception {
        try (CommandProcess loop = CommandProcess.startRealBy(
                        "while read -r line; do \"$@\" $line || exit; done", "run", "-qn", "sh", "-c", "cat; echo $0")
                .feed("a\nb\nc\n".getBytes(StandardCharsets.UTF_8))) {
            assertThat(loop.await()).isZero();
            assertThat(loop.out()).isEqualTo("a\nb\nc\n");
        }
    }

    @Test
    void twoStreamsThatGoToOnePlaceKeepTheirOrder() throws Exception {
        String program = "i=0; while [ $i -lt 200 ]; do echo o$i; echo e$i >&2; i=$((i + 1)); done";
        StringBuilder written = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            written.append("o" + i + "\ne" + i + "\n");
        }
        try (CommandProcess run = CommandProcess.startRealBy("exec \"$@\" 2>&1", "run", "-q", "sh", "-c", program)) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo(written.toString());
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void argumentsArriveInALocaleThatCannotDecodeThem() throws Exception {
        String program = "printf '%s' \"$1\"; tr '\\000' ' ' </proc/$PPID/cmdline >&2";
        try (CommandProcess run = CommandProcess.startRealBy(
                "LC_ALL=xx_XX.UTF-8 exec \"$@\" sh \"$(printf '\\303\\244\\342\\202\\254')\"",
                "run",
                "-q",
                "sh",
                "-c",
                program)) {
            assertThat(run.await()).isZero();
            assertThat(run.outBytes()).containsExactly(0xC3, 0xA4, 0xE2, 0x82, 0xAC);
            assertThat(run.err()).as("the adapter's command").contains("-XX:-UsePerfData");
        }
    }

    @Test
    void anArgumentThatIsNoTextIsRefusedByItsPosition() throws Exception {
        try (CommandProcess run =
                CommandProcess.startRealBy("exec \"$@\" \"$(printf 'a\\377b')\"", "run", "-q", "echo", "fine")) {
            assertThat(run.await()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(2);
            assertThat(run.err()).startsWith("gantry: argument 5 (a\\xffb) is not UTF-8");
        }
    }

    @Test
    void aProgramThatTheLocaleCannotNameIs126AndSaysWhatToSet() throws Exception {
        try (CommandProcess run = CommandProcess.startRealBy(
                "LC_ALL=xx_XX.UTF-8 exec \"$@\" \"$(printf './d\\303\\257r')\"", "run", "-q")) {
            assertThat(run.await()).isEqualTo(126);
            assertThat(run.err())
                    .contains("LC_ALL=xx_XX.UTF-8, which is not installed")
                    .contains("set LC_ALL=C.UTF-8");
        }
    }

    @Test
    void theDoctorLivesWithAPathThatTheLocaleCannotName() throws Exception {
        try (CommandProcess doctor = CommandProcess.startRealBy(
                "PATH=\"$(printf '/no/d\\303\\257r'):$PATH\" LC_ALL=xx_XX.UTF-8 exec \"$@\"", "doctor")) {
            assertThat(doctor.await()).isZero();
            assertThat(doctor.err()).isEmpty();
            assertThat(doctor.out()).contains("not searched in /no/d").contains("set LC_ALL=C.UTF-8");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "UTF-16, fffe68006900 3dd800de 0a00",
        "UTF-16, 00680069000a",
        "windows-31j, 879081e0ed40fa5c0a",
        "ISO-2022-JP, 1b2442467c1b28421b28421b28424b0a",
        "ISO-2022-KR, 68690a1b2429430e21210f0a",
        "IBM037, 0102030415250d0a8185868740",
        "IBM930, 0e41410f0e0f4015250a",
        "ISO-8859-1, 00801b0aff0a",
        "UTF-8, efbbbf68c3a90a"
    })
    void bytesPassUnchangedWhateverTheEncoding(String encoding, String hex) throws Exception {
        byte[] input = HexFormat.of().parseHex(hex.replace(" ", ""));
        try (CommandProcess run = CommandProcess.startReal("run", "-q", "--encoding", encoding, "cat")
                .feed(input)) {
            assertThat(run.await()).isZero();
            assertThat(HexFormat.of().formatHex(run.outBytes())).isEqualTo(hex.replace(" ", ""));
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void halfACharacterPassesWithoutWaitingForTheRest() throws Exception {
        for (String encoding : List.of("UTF-8", "Shift_JIS")) {
            try (CommandProcess run = CommandProcess.startReal(
                    "run",
                    "-q",
                    "--encoding",
                    encoding,
                    "sh",
                    "-c",
                    "printf 'a\\343'; read x; printf '\\201\\202\\n'")) {
                await().atMost(Duration.ofSeconds(30)).until(() -> run.outBytes().length == 2);
                run.feed(new byte[] {'\n'});
                assertThat(run.await()).isZero();
                assertThat(HexFormat.of().formatHex(run.outBytes())).isEqualTo("61e381820a");
            }
        }
    }

    @Test
    void bytesThatMakeNoTextPassToo() throws Exception {
        byte[] input = "\u001b(B".repeat(20_000).concat("\n").getBytes(StandardCharsets.US_ASCII);
        try (CommandProcess run = CommandProcess.startReal("run", "-q", "--encoding", "iso-2022-jp", "cat")
                .feed(input)) {
            assertThat(run.await()).isZero();
            assertThat(run.outBytes()).isEqualTo(input);
        }
    }
}
