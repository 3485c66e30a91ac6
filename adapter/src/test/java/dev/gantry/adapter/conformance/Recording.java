package dev.gantry.adapter.conformance;

import static dev.gantry.fixtures.Expectation.event;
import static dev.gantry.fixtures.Expectation.output;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.gantry.adapter.e2e.Ends;
import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.Expectation;
import dev.gantry.fixtures.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A conversation that was held. Immutable but for its timeline, to which nothing is added any more.
 *
 * @param failure why it was not held to its end
 */
record Recording(Conversation conversation, TargetProgram program, Timeline timeline, Optional<Throwable> failure) {

    /** That it came to its end, and that its client has got all that there was to get. */
    void assertWhole() {
        failure.ifPresent(why -> {
            throw new AssertionError(this + ": " + why.getMessage() + "\n" + timeline.story(), why);
        });
        if (program.starts()) {
            timeline.inOrder(event("initialized"), event("process"), event("gantry/exit"), event("exited"));
            assertThat(timeline.output("stdout")).as(timeline.story()).isEqualTo(TargetProgram.OUTPUT);
            assertThat(timeline.output("stderr")).as(timeline.story()).endsWith(program.lastError());
            assertThat(timeline.output("console"))
                    .contains(events("gantry/exit").get(0).text("description"));
            assertThat(timeline.exactlyOnce(event("exited"))
                            .body()
                            .get("exitCode")
                            .getAsInt())
                    .as(timeline.story())
                    .isEqualTo(program.exitCode());
            if (conversation.hearsTerminated() && !conversation.restarts()) {
                Ends.assertInOrder(timeline);
            }
        }
        if (conversation.hearsTerminated()) {
            timeline.everyRequestAnsweredOnce();
        }
    }

    List<Entry> entries(Entry.Kind kind) {
        return timeline.entries().stream().filter(entry -> entry.kind() == kind).toList();
    }

    List<Entry> events(String name) {
        return timeline.all(event(name));
    }

    /** Successful answers. */
    List<Entry> answers(String command) {
        return timeline.all(Expectation.response(command).succeeding());
    }

    /** What the program has written to both of its streams. */
    List<Entry> programOutput() {
        return timeline.all(output("stdout").or(output("stderr")));
    }

    /** The arguments of the client's initialize. */
    JsonObject said() {
        return timeline.all(Expectation.request("initialize")).get(0).arguments();
    }

    /** All objects under a name, or in the list under it, at any depth of what the adapter has sent. */
    List<JsonObject> objects(String name) {
        List<JsonObject> found = new ArrayList<>();
        for (Entry entry : timeline.entries()) {
            if (entry.kind() == Entry.Kind.RESPONSE || entry.kind() == Entry.Kind.EVENT) {
                collect(entry.message(), name, found);
            }
        }
        return found;
    }

    private static void collect(JsonElement from, String name, List<JsonObject> found) {
        if (from instanceof JsonArray array) {
            array.forEach(element -> collect(element, name, found));
        } else if (from instanceof JsonObject object) {
            if (object.get(name) instanceof JsonObject one) {
                found.add(one);
            } else if (object.get(name) instanceof JsonArray list) {
                list.forEach(element -> found.add(element.getAsJsonObject()));
            }
            object.entrySet().forEach(member -> collect(member.getValue(), name, found));
        }
    }

    @Override
    public String toString() {
        return conversation.name() + " with a program that is " + program;
    }
}
