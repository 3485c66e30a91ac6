package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;

/** What every way to a Python's agent has to carry: a breakpoint, a look around, a step, output in its order, and the exit code. */
final class DebugRound {
    /** It tells what its own code sees of how it was started. */
    static final String PROGRAM = """
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

    private DebugRound() {}

    /** @param newline what Python prints at the end of a line */
    static void assertHolds(PythonSession session, String newline) {
        JsonObject verified = session.breakpoints(4).get(0).getAsJsonObject();
        assertThat(verified.get("verified").getAsBoolean()).isTrue();
        session.go();
        session.stopped("breakpoint");
        assertThat(session.frames())
                .extracting(frame -> frame.get("name").getAsString() + ":" + frame.get("line"))
                .containsExactly("double:4", "<module>:7");
        JsonObject top = session.frames().get(0);
        assertThat(top.getAsJsonObject("source").get("path").getAsString())
                .isEqualTo(session.file().toString());
        assertThat(session.local("twice")).isEqualTo("42");
        assertThat(session.evaluate(
                        "n + twice", "context", "repl", "frameId", top.get("id").getAsInt()))
                .isEqualTo("63");
        assertThat(session.step("next")).isEqualTo(5);
        assertThat(session.stdout()).isEqualTo("twice 42" + newline);
        session.resume();
        session.ends(3);
        assertThat(session.stdout()).isEqualTo(String.join(newline, "twice 42", "result 42", "seen [] False", ""));
        session.timeline().inOrder(event("stopped"), output("stdout"), event("stopped"));
    }
}
