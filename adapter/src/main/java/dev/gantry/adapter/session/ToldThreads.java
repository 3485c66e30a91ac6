package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.gantry.adapter.agent.AgentJson;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Which threads of a debugged target the client was ever told of, and which one a request names. One that has ended is the agent's to
 * refuse: to go on, it may still be named. Confined to the reactor; as long as one run.
 */
final class ToldThreads {
    /** These mean the whole program, whichever thread they name: old clients name none. */
    private static final Set<String> FOR_ALL = Set.of("continue", "pause");
    /** Numbers from here on are nobody's. */
    private static final int END = 1 << 24;

    private final BitSet told = new BitSet();

    ToldThreads() {
        told.set(Run.THREAD_ID);
    }

    /** @param body of an event that names one */
    void inEvent(JsonObject body) {
        add(AgentJson.integer(body, "threadId"));
    }

    /** @param body of the answer to {@code threads} */
    void inList(JsonObject body) {
        if (body.get("threads") instanceof JsonArray threads) {
            for (JsonElement one : threads) {
                if (one instanceof JsonObject thread) {
                    add(AgentJson.integer(thread, "id"));
                }
            }
        }
    }

    private void add(int id) {
        if (id > 0 && id < END) {
            told.set(id);
        }
    }

    /** The request with the thread that it means, which there is or was. */
    Request checked(Request request) {
        OptionalInt id = request.integer("threadId");
        boolean none = id.isEmpty() || id.getAsInt() == 0;
        if (!none) {
            if (id.getAsInt() < 0 || id.getAsInt() >= END || !told.get(id.getAsInt())) {
                throw new BadRequestException(Failures.unknownThread(request.command(), id.getAsInt()));
            }
            return request;
        }
        if (!FOR_ALL.contains(request.command()) || request.bool("singleThread").orElse(false)) {
            throw new BadRequestException(Failures.whichThread(request.command()));
        }
        JsonObject arguments = request.arguments().deepCopy();
        arguments.add("threadId", new JsonPrimitive(Run.THREAD_ID));
        return new Request(request.seq(), request.command(), arguments);
    }
}
