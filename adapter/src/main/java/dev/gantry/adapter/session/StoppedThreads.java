package dev.gantry.adapter.session;

import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentJson;
import java.util.HashSet;
import java.util.Set;

/** Which threads of a debugged target the client believes to be stopped. Confined to the reactor; as long as one run. */
final class StoppedThreads {
    private final Set<Integer> ids = new HashSet<>();
    private boolean all;

    /** @param body of a {@code stopped} event */
    void stopped(JsonObject body) {
        ids.add(AgentJson.integer(body, "threadId"));
        all |= AgentJson.flag(body, "allThreadsStopped", false);
    }

    /** @param onlyThis whether the others stay as they are */
    void resumed(int threadId, boolean onlyThis) {
        if (onlyThis) {
            ids.remove(threadId);
            all &= !ids.isEmpty();
        } else {
            clear();
        }
    }

    void clear() {
        ids.clear();
        all = false;
    }

    boolean isAny() {
        return all || !ids.isEmpty();
    }
}
