package dev.gantry.adapter.debuggee;

import dev.gantry.adapter.agent.AgentCommand;
import dev.gantry.adapter.config.KillTree;
import dev.gantry.adapter.config.LaunchPlan;
import dev.gantry.launcher.Capability;
import dev.gantry.launcher.ChildFd;
import dev.gantry.launcher.ProcessGroup;
import dev.gantry.launcher.SpawnRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the process transport is asked for to carry out a launch plan. Pure. */
final class SpawnPlan {
    private SpawnPlan() {}

    /** @param agent if the target is started with one */
    static SpawnRequest of(LaunchPlan plan, Optional<AgentPlan> agent, Set<Capability> capabilities) {
        SpawnRequest plain = of(plan, capabilities);
        return agent.isPresent() ? with(agent.get(), plain) : plain;
    }

    /**
     * The target gets a session of its own, so that signals from the adapter's terminal do not reach it by themselves; where a
     * backend has neither groups nor a guardian, it goes without.
     */
    private static SpawnRequest of(LaunchPlan plan, Set<Capability> capabilities) {
        boolean ownSession = capabilities.contains(Capability.PROCESS_GROUP);
        boolean guarded = plan.killTree() != KillTree.NEVER && capabilities.contains(Capability.GUARDIAN);
        return new SpawnRequest(
                plan.command(),
                Optional.of(plan.executable()),
                plan.environment(),
                false,
                Optional.of(plan.workingDirectory()),
                plan.childFds(),
                ownSession ? ProcessGroup.NEW_SESSION : ProcessGroup.INHERIT,
                plan.pty(),
                guarded);
    }

    /** With an agent in it: another command, which runs the same in the end, and one descriptor more, or what the agent needs to connect. */
    private static SpawnRequest with(AgentPlan agent, SpawnRequest plain) {
        SortedMap<Integer, ChildFd> childFds = new TreeMap<>(plain.childFds());
        Map<String, @Nullable String> environment = new LinkedHashMap<>(plain.environment());
        agent.socket()
                .ifPresentOrElse(
                        socket -> environment.putAll(socket.environment()),
                        () -> childFds.put(AgentCommand.CHILD_FD, ChildFd.readWrite()));
        return new SpawnRequest(
                agent.command(),
                plain.executable(),
                environment,
                plain.clearEnvironment(),
                plain.workingDirectory(),
                childFds,
                plain.group(),
                plain.pty(),
                plain.guarded());
    }
}
