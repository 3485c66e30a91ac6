package dev.gantry.adapter.session;

import dev.gantry.adapter.model.JsonText;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the agent has said of a program that stands, and would say again: it marks such answers. Clients ask the same of a stop more than
 * once; then they are answered here, without a word to the program. All of it is forgotten as soon as anything may have changed, and what was asked before a change is not kept. Confined
 * to the reactor; as long as one run.
 */
final class Picture {
    /** Those that the agent marks. */
    private static final Set<String> KEPT = Set.of("threads", "stackTrace", "scopes");
    /**
     * After these requests everything is as it was. Properties and representations of values run code of the program: a thread that those
     * name anew is shown so at the next stop.
     */
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
    /** Counts what may have been changes. */
    private int state;
    /** Requests on their way that may change something. */
    private int changes;

    private boolean closed;

    private static String key(Request request) {
        return request.command() + JsonText.of(request.arguments());
    }

    /** The body of the answer; null where the agent has to be asked. */
    @Nullable Object answerTo(Request request) {
        return answers.isEmpty() || !KEPT.contains(request.command()) ? null : answers.get(key(request));
    }

    /** Which one it is, to be remembered with a question. */
    int state() {
        return state;
    }

    /** @param asOf {@link #state} when it was asked */
    void keep(Request request, Object body, int asOf) {
        if (changes == 0 && asOf == state && !closed && KEPT.contains(request.command())) {
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
        changed();
        return true;
    }

    void answered() {
        changes--;
        changed();
    }

    /** The agent has told something by itself. */
    void told(String event) {
        if (!NEUTRAL.contains(event)) {
            changed();
        }
    }

    /** Nothing stands from now on. */
    void close() {
        closed = true;
        changed();
    }

    private void changed() {
        state++;
        answers.clear();
    }
}
