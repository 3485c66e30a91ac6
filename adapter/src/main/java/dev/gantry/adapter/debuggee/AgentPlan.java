package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.agent.AgentChannel;
import java.util.List;

/**
 * That a target is started with an agent.
 *
 * @param command what is run in place of the plan's own command
 * @param listener hears the agent; on the reactor's thread
 */
public record AgentPlan(List<String> command, AgentChannel.Listener listener) {
    public AgentPlan {
        command = List.copyOf(command);
    }
}
