package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What is named as a Python and does not answer as one, or late, or finds the debugger's files damaged. */
@ExtendWith(LeakCheck.class)
class DebugNoPythonTest {
    private static final String NOT_HEARD = "has not answered as a Python for 10 s";

    @TempDir
    private Path folder;

    /** A shell script, as an interpreter. */
    private Path python(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("python-like"), "#!/bin/sh\n" + text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Path program() throws IOException {
        return Files.writeString(folder.resolve("program.py"), "answer = 41\nanswer += 1\nprint(answer)\n");
    }

    private static int setBreakpoint(AdapterProcess adapter, Path program) {
        return adapter.client()
                .send(
                        "setBreakpoints",
                        Json.object(
                                "source",
                                Json.object("path", program.toString()),
                                "breakpoints",
                                Json.array(Json.object("line", 2))));
    }

    @Test
    @Tag("once")
    void whatNeverAnswersRunsOnUndebuggedAndThatIsSaidOnce() throws IOException {
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            adapter.client()
                    .send(
                            "launch",
                            Json.object(
                                    "program",
                                    program().toString(),
                                    "python",
                                    python("echo begun\nexec cat").toString()));
            adapter.client().awaitEvent("initialized");
            int set = setBreakpoint(adapter, program());
            adapter.client().ask("configurationDone", null);
            int step = adapter.client().send("next", Json.object("threadId", 1));
            adapter.timeline().awaitOutput("console", NOT_HEARD);
            assertThat(adapter.client().answerTo(set).body().toString()).contains("\"verified\":false");
            Entry refused = adapter.client().answerTo(step);
            assertThat(refused.success()).isFalse();
            assertThat(refused.toString()).contains("not debugged");
            adapter.client().ask("evaluate", Json.object("expression", "typed", "context", "repl"));
            adapter.timeline().awaitOutput("stdout", "typed\n");
            adapter.client().ask("terminate", null);
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("console")).containsOnlyOnce("not debugged");
            adapter.timeline().everyRequestAnsweredOnce();
        }
    }

    @Test
    @Tag("once")
    void aPythonThatComesTooLateIsDebuggedAllTheSame() throws IOException {
        Path gate = folder.resolve("gate");
        try (AdapterProcess adapter = AdapterProcess.initialized()) {
            String waits = "while ! [ -e '" + gate + "' ]; do sleep 0.05; done\nexec '"
                    + Pythons.newest().executable() + "' \"$@\"\n";
            adapter.client()
                    .send(
                            "launch",
                            Json.object(
                                    "program",
                                    program().toString(),
                                    "python",
                                    python(waits).toString()));
            adapter.client().awaitEvent("initialized");
            int set = setBreakpoint(adapter, program());
            adapter.client().ask("configurationDone", null);
            adapter.timeline().awaitOutput("console", NOT_HEARD);
            assertThat(adapter.client().answerTo(set).body().toString()).contains("\"verified\":false");
            Files.createFile(gate);
            JsonObject stop = adapter.client().awaitEvent("stopped").body();
            assertThat(stop.get("reason").getAsString()).isEqualTo("breakpoint");
            assertThat(stop.get("hitBreakpointIds").getAsJsonArray()).hasSize(1);
            adapter.timeline()
                    .await(event("breakpoint")
                            .where("verified", entry -> entry.toString().contains("true")));
            adapter.client().ask("continue", null);
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("42\n");
            Ends.assertCode(adapter.timeline(), 0);
        }
    }

    @Test
    void damagedFilesOfTheDebuggerAreReplacedAndThatIsSaid() throws IOException {
        try (AdapterProcess adapter = AdapterProcess.start(java.util.Map.of("XDG_CACHE_HOME", folder.toString()))) {
            adapter.initialize();
            JsonObject launch = Json.object("code", "print(6 * 7)");
            Path files = agentFiles();
            Files.writeString(files.resolve("boot.py"), "raise SystemExit(9)");
            adapter.client().launch(launch);
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("console"))
                    .contains("the debugger's files were damaged, and are in order now: start the program again");
        }
        try (AdapterProcess adapter = AdapterProcess.start(java.util.Map.of("XDG_CACHE_HOME", folder.toString()))) {
            adapter.initialize();
            adapter.launch(Json.object("code", "print(6 * 7)"));
            adapter.awaitTerminated();
            assertThat(adapter.timeline().output("stdout")).isEqualTo("42\n");
        }
    }

    /** They are put in place while the adapter starts. */
    private Path agentFiles() {
        Path[] found = new Path[1];
        Processes.within(java.time.Duration.ofSeconds(20)).until(() -> {
            try (Stream<Path> all = Files.walk(folder, 2)) {
                found[0] = all.filter(file -> file.getFileName().toString().matches("agent-[0-9a-f]+"))
                        .findFirst()
                        .orElse(null);
            }
            return found[0] != null && Files.exists(found[0].resolve("boot.py"));
        });
        return Objects.requireNonNull(found[0]);
    }
}
