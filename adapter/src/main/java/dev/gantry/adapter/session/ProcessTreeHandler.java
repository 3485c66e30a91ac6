package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import dev.gantry.adapter.agent.AgentCommand;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.launcher.ProcessInfo;

/** {@code gantry/processTree}: the program's live processes, itself first. */
final class ProcessTreeHandler implements Handler {
    private final Session session;

    ProcessTreeHandler(Session session) {
        this.session = session;
    }

    @Override
    public void handle(Request request, Reply reply) {
        JsonArray processes = new JsonArray();
        Debuggee target = session.run().target();
        for (ProcessInfo process : target.tree()) {
            processes.add(Bodies.object(
                    "pid", process.pid(),
                    "parentPid", process.parentPid(),
                    "state", String.valueOf(process.state()),
                    "command", command(target, process),
                    "residentBytes", process.residentBytes(),
                    "cpuSeconds", process.cpuTime().toNanos() / 1e9));
        }
        reply.success(Bodies.object("processes", processes));
    }

    /** As the user knows it: the command line of a debugged program is the agent's. */
    private static String command(Debuggee target, ProcessInfo process) {
        return process.pid() == target.pid() && AgentCommand.isIn(process.command())
                ? target.plan().echo()
                : process.command();
    }
}
