package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonParser;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code gantry run --break} over the real adapter and real Pythons: what is shown of a program, and that it does not mind. */
@ExtendWith(NothingLeft.class)
@Timeout(120)
class RunBreakTest {
    private static final String WORDS = """
            import sys


            def count(text):
                total = {}
                for word in text.split():
                    total[word] = total.get(word, 0) + 1
                return total


            print(count("the cat and the dog"))
            sys.exit(4)
            """;

    @TempDir
    Path directory = Path.of("");

    static List<Python> pythons() {
        return Pythons.atLeast(3, 8);
    }

    /** The oldest and the newest: the agent's own tests try the same on every Python, which here takes two JVMs each time. */
    static List<Python> ends() {
        return Pythons.ends(pythons());
    }

    static List<Python> monitored() {
        return Pythons.atLeast(3, 12);
    }

    @BeforeEach
    void makeFiles() throws IOException {
        directory = directory.toRealPath();
        Files.writeString(directory.resolve("words.py"), WORDS);
    }

    private CommandProcess run(Python python, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "run",
                "-q",
                "--cwd",
                directory.toString(),
                "--python",
                python.executable().toString()));
        all.addAll(Arrays.asList(words));
        return CommandProcess.startReal(all.toArray(String[]::new));
    }

    private CommandProcess run(String... words) throws IOException {
        return run(Pythons.newest(), words);
    }

    private String shown(String text) {
        return text.replace(directory + "/", "");
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void itStopsShowsWhatThereIsAndTheProgramEndsAsItWould(Python python) throws Exception {
        try (CommandProcess run = run(python, "--break", "words.py:7 if len(total) == 2", "words.py")) {
            assertThat(run.await()).isEqualTo(4);
            assertThat(run.out()).isEqualTo("{'the': 2, 'cat': 1, 'and': 1, 'dog': 1}\n");
            assertThat(shown(run.err())).isEqualTo("""
                    gantry: stop 1: breakpoint
                    gantry:   words.py:7 in count      total[word] = total.get(word, 0) + 1
                    gantry:   words.py:11 in <module>  print(count("the cat and the dog"))
                    gantry:   in count:
                    gantry:       text  = 'the cat and the dog'
                    gantry:       total = {'the': 1, 'cat': 1}
                    gantry:       word  = 'and'
                    """);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void anUncaughtExceptionIsShownBeforeItEndsTheProgram(Python python) throws Exception {
        Files.writeString(directory.resolve("fails.py"), """
                        def f(n):
                            return 1 // n


                        try:
                            f(0)
                        except ZeroDivisionError:
                            pass
                        f(0)
                        """);
        try (CommandProcess run = run(python, "--break", "uncaught", "fails.py")) {
            assertThat(run.await()).isEqualTo(1);
            assertThat(shown(run.err())).startsWith("""
                    gantry: stop 1: ZeroDivisionError: integer division or modulo by zero
                    gantry:   fails.py:2 in f         return 1 // n
                    gantry:   fails.py:9 in <module>  f(0)
                    gantry:   in f:
                    gantry:       n = 0
                    Traceback (most recent call last):
                    """).doesNotContain("stop 2");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aRaisedExceptionIsToldOnce(Python python) throws Exception {
        Files.writeString(directory.resolve("raises.py"), """
                        def f():
                            raise KeyError('k')


                        def g():
                            f()


                        try:
                            g()
                        except KeyError:
                            pass
                        """);
        try (CommandProcess run = run(python, "--break", "raised", "raises.py")) {
            assertThat(run.await()).isZero();
            assertThat(run.err()).contains("gantry: stop 1: KeyError").doesNotContain("stop 2");
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aFunctionIsFoundWhenItsModuleIsLoaded(Python python) throws Exception {
        Files.writeString(
                directory.resolve("box.py"), "class Box:\n    def put(self, what):\n        self.what = what\n");
        Files.writeString(directory.resolve("main.py"), "import box\nb = box.Box()\nb.put(1)\nb.put(2)\n");
        try (CommandProcess run = run(python, "--break", "Box.put if what == 2", "--break", "Box.pull", "main.py")) {
            assertThat(run.await()).isZero();
            assertThat(shown(run.err()))
                    .contains("gantry: stop 1: function breakpoint\n", "gantry:       what = 2\n")
                    .contains("gantry: no stop at Box.pull: ")
                    .doesNotContain("stop 2");
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aTextOfTheCommandLineHasItsLinesToo(Python python) throws Exception {
        try (CommandProcess run = run(python, "--break", "f", "-c", "def f(n):\n    print(n)\nf(1)")) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("1\n");
            assertThat(run.err()).isEqualTo("""
                    gantry: stop 1: function breakpoint
                    gantry:   <code -c>:2 in f         print(n)
                    gantry:   <code -c>:3 in <module>  f(1)
                    gantry:   in f:
                    gantry:       n = 1
                    """);
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aModuleIsDebuggedAsAProgramIs(Python python) throws Exception {
        Files.writeString(directory.resolve("mod.py"), "import sys\n\n\nprint(sys.argv[1:])\n");
        try (CommandProcess run = run(python, "--break", "mod.py:4", "-m", "mod", "a")) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("['a']\n");
            assertThat(run.err()).contains("gantry:   mod.py:4 in <module>  print(sys.argv[1:])\n");
        }
    }

    @Test
    void aLogPointSaysWhatItWasToldTo() throws Exception {
        try (CommandProcess run = run("--log-point", "words.py:7 if total", "{word!r:>6} 100% {{}}", "words.py")) {
            assertThat(run.await()).isEqualTo(4);
            assertThat(run.out()).isEqualTo("{'the': 2, 'cat': 1, 'and': 1, 'dog': 1}\n");
            assertThat(run.err()).isEqualTo("""
                    gantry:  'cat' 100% {}
                    gantry:  'and' 100% {}
                    gantry:  'the' 100% {}
                    gantry:  'dog' 100% {}
                    """);
        }
    }

    @Test
    void afterTheLastStopItRunsOn() throws Exception {
        try (CommandProcess run = run("--break", "words.py:7", "--break", "count", "--stops", "2", "words.py")) {
            assertThat(run.await()).isEqualTo(4);
            assertThat(run.err())
                    .contains("stop 1: function breakpoint", "stop 2: breakpoint")
                    .endsWith("gantry: that was stop 2, the last one: the program runs on\n");
        }
    }

    @Test
    void whatCannotStopSaysWhy() throws Exception {
        try (CommandProcess run =
                run("--break", "words.py:99", "--break", "words.py:7 if )", "--break", "words.py:2", "words.py")) {
            assertThat(run.await()).isEqualTo(4);
            assertThat(run.err())
                    .contains("gantry: no stop at words.py:99: ")
                    .contains("gantry: no stop at words.py:7 if ): ")
                    .contains("gantry: words.py:2 is at line 4, the next one with code\n")
                    .contains("gantry: stop 1: breakpoint\n");
        }
    }

    @Test
    void aLineThatNobodyReachesIsToldAtTheEnd() throws Exception {
        Files.writeString(directory.resolve("never.py"), "if len('') > 1:\n    print('never')\n");
        try (CommandProcess run = run("--break", "never.py:2", "never.py")) {
            assertThat(run.await()).isZero();
            assertThat(run.err()).isEqualTo("gantry: never reached: never.py:2\n");
        }
    }

    @Test
    void aMemberOfAnArchiveIsShownWithItsLines() throws Exception {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(directory.resolve("lib.zip")))) {
            zip.putNextEntry(new ZipEntry("inner.py"));
            zip.write("def double(n):\n    twice = n * 2\n    return twice\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(
                directory.resolve("outer.py"),
                "import sys\nsys.path.insert(0, 'lib.zip')\nimport inner\nprint(inner.double(4))\n");
        try (CommandProcess run = run("--break", directory + "/lib.zip/inner.py:2", "outer.py")) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("8\n");
            assertThat(shown(run.err())).isEqualTo("""
                    gantry: stop 1: breakpoint
                    gantry:   lib.zip/inner.py:2 in double  twice = n * 2
                    gantry:   outer.py:4 in <module>        print(inner.double(4))
                    gantry:   in double:
                    gantry:       n = 4
                    """);
        }
    }

    @ParameterizedTest
    @MethodSource("ends")
    void aLineOfTheCommandLinesTextStops(Python python) throws Exception {
        try (CommandProcess run = run(
                python,
                "--break",
                "<string>:2",
                "--break",
                "<string>:9",
                "-c",
                "def f(a):\n    b = a + 1\n    return b\nprint(f(2))")) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("3\n");
            assertThat(run.err()).contains("""
                    gantry: stop 1: breakpoint
                    gantry:   <code -c>:2 in f         b = a + 1
                    gantry:   <code -c>:4 in <module>  print(f(2))
                    gantry:   in f:
                    gantry:       a = 2
                    """);
            assertThat(run.err()).contains("no stop at <string>:9").doesNotContain("no stop at <string>:2");
        }
    }

    @Test
    void itsInputIsItsOwn() throws Exception {
        Files.writeString(directory.resolve("reads.py"), "line = input()\nprint(line.upper())\n");
        try (CommandProcess run =
                run("--break", "reads.py:2", "reads.py").feed("täxt\n".getBytes(StandardCharsets.UTF_8))) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("TÄXT\n");
            assertThat(run.err()).contains("gantry:       line = 'täxt'\n");
        }
    }

    @Test
    void aThreadIsNamed() throws Exception {
        Files.writeString(directory.resolve("threads.py"), """
                        import threading


                        def work():
                            pass


                        t = threading.Thread(target=work, name='worker')
                        t.start()
                        t.join()
                        """);
        try (CommandProcess run = run("--break", "threads.py:5", "threads.py")) {
            assertThat(run.await()).isZero();
            assertThat(shown(run.err())).startsWith("""
                            gantry: stop 1: breakpoint, in worker
                            gantry:   threads.py:5 in work  pass
                            gantry:   ... 3 calls in threading.py
                            """);
        }
    }

    @Test
    void itIsStoppedBySignalsAsEver() throws Exception {
        Files.writeString(directory.resolve("waits.py"), """
                        import time
                        try:
                            print('ready')
                            time.sleep(60)
                        finally:
                            print('bye')
                        """);
        try (CommandProcess run = run("--break", "waits.py:3", "waits.py")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> run.out().contains("ready"));
            run.process().toHandle().destroy();
            assertThat(run.await()).isEqualTo(130);
            assertThat(run.out()).isEqualTo("ready\nbye\n");
        }
    }

    @Test
    void asJsonTheMessagesAreAll() throws Exception {
        try (CommandProcess run = run("--json", "--break", "words.py:8", "words.py")) {
            assertThat(run.await()).isEqualTo(4);
            assertThat(run.out()
                            .lines()
                            .map(line -> JsonParser.parseString(line).getAsJsonObject()))
                    .anyMatch(message -> message.has("event")
                            && message.get("event").getAsString().equals("stopped"));
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void whatIsNoPythonProgramIsRefused() throws Exception {
        try (CommandProcess run = CommandProcess.startReal("run", "--break", directory + "/words.py:7", "cat")) {
            assertThat(run.await()).isEqualTo(2);
            assertThat(run.err())
                    .contains("gantry: --break and --log-point look into Python programs, and this is none");
        }
    }

    @Test
    void withoutABreakNothingIsDebugged() throws Exception {
        try (CommandProcess run =
                run("-c", "import sys; print([n for n in sys.modules if 'gantry' in n], sys.gettrace())")) {
            assertThat(run.await()).isZero();
            assertThat(run.out()).isEqualTo("[] None\n");
        }
    }
}
