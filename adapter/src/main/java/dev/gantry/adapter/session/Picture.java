package dev.gantry.adapter.session;

import dev.gantry.adapter.model.JsonText;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent has said of a program that stands, and would say again: it marks such answers. Clients ask the same of a stop more than
 * once; then they are answered here, without a word to the program. All of it is forgotten as soon as anything may have changed. Confined to the reactor; as long as one
 * run.
 */
final class Picture {
    /** After these requests everything is as it was. Properties and representations of values run code of the program: what is kept does not show that. */
    private static final Set<String> LOOKS = Set.of(
            "threads",
            "stackTrace",
            "scopes",
            "variables",
            "source",
            "loadedSources",
            "modules",
            "exceptionInfo",
            "breakpointLocations",
            "stepInTargets",
            "gotoTargets",
            "readMemory");
    /** Events that tell of no change. */
    private static final Set<String> NEUTRAL = Set.of("output", "module", "loadedSource", "breakpoint");
    /** A client that asks for more than any user looks at. */
    private static final int MOST = 256;

    private final Map<String, Object> answers = new HashMap<>();
    /** Requests on their way that may change something. */
    private int changes;

    private static String key(Request request) {
        return request.command() + JsonText.of(request.arguments());
    }

    /** The body of the answer; null where the agent has to be asked. */
    @Nullable Object answerTo(Request request) {
        return answers.isEmpty() ? null : answers.get(key(request));
    }

    /** It will be the same until something changes. */
    void keep(Request request, Object body) {
        if (changes == 0) {
            if (answers.size() == MOST) {
                answers.clear();
            }
            answers.put(key(request), body);
        }
    }

    /**
     * Something is asked of the agent.
     *
     * @return whether {@link #answered} is to be called when it has answered
     */
    boolean asked(String command) {
        if (LOOKS.contains(command)) {
            return false;
        }
        changes++;
        answers.clear();
        return true;
    }

    void answered() {
        changes--;
        answers.clear();
    }

    /** The agent has told something by itself. */
    void told(String event) {
        if (!NEUTRAL.contains(event)) {
            answers.clear();
        }
    }
}
