package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static dev.gantry.fixtures.Expectation.response;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Pythons;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Debugging a Python for Windows, which is found on PATH. */
@Tag("windows")
@ExtendWith(LeakCheck.class)
class DebugOnWindowsTest {
    private static final String FUNCTION = """
            import os, sys
            def double(n):
                twice = n * 2
                print("twice", twice)
                return twice

            result = double(21)
            print("result", result)
            print("seen", [name for name in os.environ if "GANTRY_AGENT" in name], "_socket" in sys.modules)
            sys.exit(3)
            """;

    @TempDir
    private Path folder;

    private PythonSession session(String text) {
        return PythonSession.of(folder, text);
    }

    private static String source(JsonObject frame) {
        return frame.getAsJsonObject("source").get("path").getAsString();
    }

    @Test
    void stopsShowsStepsEvaluatesAndEnds() {
        try (PythonSession session = session(FUNCTION).launch(Pythons.newest())) {
            JsonObject verified = session.breakpoints(4).get(0).getAsJsonObject();
            assertThat(verified.get("verified").getAsBoolean()).isTrue();
            session.go();
            session.stopped("breakpoint");
            assertThat(session.frames())
                    .extracting(frame -> frame.get("name").getAsString() + ":" + frame.get("line"))
                    .containsExactly("double:4", "<module>:7");
            assertThat(source(session.frames().get(0))).isEqualTo(session.file().toString());
            assertThat(session.local("twice")).isEqualTo("42");
            int frame = session.frames().get(0).get("id").getAsInt();
            assertThat(session.evaluate("n + twice", "context", "repl", "frameId", frame))
                    .isEqualTo("63");
            assertThat(session.step("next")).isEqualTo(5);
            assertThat(session.stdout()).isEqualTo("twice 42\r\n");
            session.resume();
            session.ends(3);
            assertThat(session.stdout()).isEqualTo("twice 42\r\nresult 42\r\nseen [] False\r\n");
            session.timeline().inOrder(response("next"), output("stdout"), event("stopped"));
        }
    }
}
