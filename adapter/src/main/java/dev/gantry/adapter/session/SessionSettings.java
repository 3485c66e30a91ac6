package dev.gantry.adapter.session;

import dev.gantry.adapter.config.LaunchParser;
import java.util.function.Consumer;

/**
 * What a session is built from, besides its client and its reactor.
 *
 * @param parser reads launch arguments
 * @param agentHome where the agent is that debugs Python programs
 * @param gate asks for the server's token
 * @param trace hears the reason of every decision; cheap when off
 * @param onClosed called once, on the reactor, when nothing of the session is left
 */
public record SessionSettings(
        LaunchParser parser, AgentHome agentHome, TokenGate gate, Consumer<String> trace, Runnable onClosed) {}
