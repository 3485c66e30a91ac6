package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.agent.AgentChannel;
import dev.gantry.adapter.agent.AgentSocket;
import java.util.List;
import java.util.Optional;

/**
 * That a target is started with an agent.
 *
 * @param command what is run in place of the plan's own command
 * @param socket where the agent connects; empty if it inherits its end of the channel. Closed with the target, or by {@link #closeSocket}
 * @param listener hears the agent; on the reactor's thread
 */
public record AgentPlan(List<String> command, Optional<AgentSocket> socket, AgentChannel.Listener listener) {
    public AgentPlan {
        command = List.copyOf(command);
    }

    /** There will be no target. Idempotent. */
    public void closeSocket() {
        socket.ifPresent(AgentSocket::close);
    }
}
