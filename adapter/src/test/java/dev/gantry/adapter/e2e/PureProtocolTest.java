package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing but the protocol is ever on standard output, whatever the Java virtual machine has to say. */
@ExtendWith(LeakCheck.class)
class PureProtocolTest {
    private static final Path JVMS = Path.of("/usr/lib/jvm");

    @TempDir
    private Path directory;

    /** Every JDK of 17 or later that is found here, this one among them. */
    static List<Path> javas() throws IOException {
        Path own = Path.of(System.getProperty("java.home"), "bin", "java").toRealPath();
        try (Stream<Path> homes = Files.isDirectory(JVMS) ? Files.list(JVMS) : Stream.empty()) {
            Stream<Path> found = homes.map(home -> home.resolve("bin/java")).filter(Files::isExecutable);
            return Stream.concat(Stream.of(own), found.map(PureProtocolTest::real))
                    .distinct()
                    .toList();
        }
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    private static void assertWholeSession(AdapterProcess adapter) {
        adapter.initialize();
        adapter.launch(Json.shell("echo ready; cat"));
        adapter.timeline().awaitOutput("stdout", "ready\n");
    }

    private static void assertLegalEnd(AdapterProcess adapter) {
        adapter.client().ask("gantry/write", Json.object("text", "still here\n"));
        adapter.timeline().awaitOutput("stdout", "ready\nstill here\n");
        adapter.client().ask("disconnect", null);
        assertThat(adapter.awaitExit()).isZero();
        Ends.assertInOrder(adapter.timeline());
        assertThat(adapter.timeline().output("stdout")).isEqualTo("ready\nstill here\n");
        assertThat(adapter.timeline().exactlyOnce(end()).message().has("broken"))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("javas")
    void aThreadDumpGoesToStandardError(Path java) {
        try (AdapterProcess adapter = AdapterProcess.start(AdapterCommand.dap().withJava(java))) {
            // The JVM dies of SIGQUIT before it has its handler; once it answers it has.
            adapter.client().ask("initialize", Json.object("adapterID", "gantry", "gantryRawOutput", true));
            adapter.signal("QUIT");
            awaitDumps(adapter, 1);
            adapter.launch(Json.shell("echo ready; cat"));
            adapter.timeline().awaitOutput("stdout", "ready\n");
            for (int dumps = 2; dumps <= 6; dumps++) {
                adapter.signal("QUIT");
                adapter.client().ask("threads", null);
                // Of two signals that wait, the system delivers one.
                awaitDumps(adapter, dumps);
            }
            assertLegalEnd(adapter);
        }
    }

    private static void awaitDumps(AdapterProcess adapter, int count) {
        Processes.within(Duration.ofSeconds(15))
                .until(() -> adapter.client().errorText().split("Full thread dump", -1).length == count + 1);
    }

    @ParameterizedTest
    @MethodSource("javas")
    void aWrongClassArchiveIsNoMatterForTheProtocol(Path java) throws IOException {
        Path archive = directory.resolve("wrong.jsa");
        Files.writeString(archive, "this is no archive at all".repeat(1000));
        AdapterCommand command = AdapterCommand.dap().withJava(java).withJvmOptions("-XX:SharedArchiveFile=" + archive);
        try (AdapterProcess adapter = AdapterProcess.start(command)) {
            assertWholeSession(adapter);
            assertLegalEnd(adapter);
        }
    }

    @ParameterizedTest
    @MethodSource("javas")
    void aMissingClassArchiveIsNoMatterForTheProtocol(Path java) {
        AdapterCommand command = AdapterCommand.dap()
                .withJava(java)
                .withJvmOptions("-Xshare:auto", "-XX:SharedArchiveFile=" + directory.resolve("none.jsa"));
        try (AdapterProcess adapter = AdapterProcess.start(command)) {
            assertWholeSession(adapter);
            assertLegalEnd(adapter);
        }
    }
}
