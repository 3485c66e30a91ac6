package dev.gantry.adapter.agent;

import com.google.gson.JsonObject;

/** What became of a request to the agent. */
public sealed interface AgentAnswer {
    /**
     * It was carried out.
     *
     * @param body empty where there was none
     */
    record Success(JsonObject body) implements AgentAnswer {}

    /**
     * It was refused, or nobody is left to answer it.
     *
     * @param message one sentence for the user
     * @param showUser whether the agent wants it shown in a dialog
     */
    record Failed(String message, boolean showUser) implements AgentAnswer {}
}
