package dev.gantry.adapter.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line by which an interpreter starts the agent, and the agent the target. Pure. */
public final class AgentCommand {
    /** The target's descriptor that is the agent's end of the channel; it hides it from everybody else first of all. */
    public static final int CHILD_FD = 3;

    /** Read by any Python, 2.7 too: what it runs decides what it can do there. */
    private static final String BOOT = "import sys;f=open(sys.argv[1]+'/boot.py','rb');exec(f.read())";

    private AgentCommand() {}

    /** Whether this is the command line of an interpreter that was started with the agent. */
    public static boolean isIn(String commandLine) {
        return commandLine.contains(BOOT);
    }

    /**
     * What to run in place of {@code interpreter target args}.
     *
     * @param interpreter the interpreter and its own arguments
     * @param agent where the agent's files are
     * @param channel how the agent finds its end of the channel: a descriptor's number, or where it connects, {@code unix:PATH} or {@code tcp:PORT}
     * @param kind what the target is: "program", "module" or "code"
     */
    public static List<String> of(
            List<String> interpreter, Path agent, String channel, String kind, String target, List<String> args) {
        List<String> all = new ArrayList<>(interpreter.size() + args.size() + 6);
        all.addAll(interpreter);
        all.add("-c");
        all.add(BOOT);
        all.add(agent.toString());
        all.add(channel);
        all.add(kind);
        all.add(target);
        all.addAll(args);
        return all;
    }
}
