package dev.gantry.adapter.e2e;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.Expectation;
import dev.gantry.fixtures.Timeline;
import java.util.List;

/** What every end of a session must look like. Stateless. */
public final class Ends {
    private Ends() {}

    /** Output, exit line, gantry/exit, exited, terminated, in this order; returns the exit line. */
    public static String assertInOrder(Timeline timeline) {
        Entry exit = timeline.exactlyOnce(event("gantry/exit"));
        Entry exited = timeline.exactlyOnce(event("exited"));
        Entry terminated = timeline.exactlyOnce(event("terminated"));
        List<Entry> console =
                timeline.all(output("console").where("before gantry/exit", entry -> entry.index() < exit.index()));
        assertThat(console).as(timeline.story()).isNotEmpty();
        Entry line = console.get(console.size() - 1);
        assertThat(line.text("output")).contains(exit.text("description"));
        Expectation targets = output("stdout").or(output("stderr"));
        assertThat(timeline.all(targets))
                .allSatisfy(entry -> assertThat(entry.index()).isLessThan(line.index()));
        assertThat(exit.index()).isLessThan(exited.index());
        assertThat(exited.index()).isLessThan(terminated.index());
        assertThat(timeline.all(event("output")))
                .allSatisfy(entry -> assertThat(entry.index()).isLessThan(exited.index()));
        return line.text("output");
    }

    /** Also that exited has this code. */
    public static String assertCode(Timeline timeline, int code) {
        String line = assertInOrder(timeline);
        assertThat(timeline.exactlyOnce(event("exited")).body().get("exitCode").getAsInt())
                .as(timeline.story())
                .isEqualTo(code);
        return line;
    }
}
