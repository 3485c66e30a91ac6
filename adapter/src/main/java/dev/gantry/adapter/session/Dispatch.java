package dev.gantry.adapter.session;

import static dev.gantry.adapter.session.Needs.NEW_SESSION;
import static dev.gantry.adapter.session.Needs.NOTHING;
import static dev.gantry.adapter.session.Needs.PAUSED_TARGET;
import static dev.gantry.adapter.session.Needs.SESSION;
import static dev.gantry.adapter.session.Needs.TARGET;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every request of the protocol, what it needs and who carries it out. Requests that are not here are unknown; those that only a
 * debugger can carry out say so.
 */
final class Dispatch {
    private static final String NO_DEBUGGER = "no program is debugged here";
    private static final String NO_STEPS =
            "a program that is not debugged can be paused and continued, but not stepped";
    /** What the agent carries out alone. */
    private static final String[] FORWARDED = {
        "breakpointLocations",
        "dataBreakpointInfo",
        "gotoTargets",
        "stepInTargets",
        "terminateThreads",
        "scopes",
        "variables",
        "setVariable",
        "setExpression",
        "completions",
        "source",
        "loadedSources",
        "modules",
        "readMemory",
        "writeMemory"
    };

    private static final String NO_MEMORY = "the memory of a program that is not debugged is not accessible";

    private final Map<String, Route> table = new HashMap<>(64);
    /** What is done otherwise where the target is debugged. */
    private final Map<String, Route> debugged = new HashMap<>(64);

    /** What a request needs, and who carries it out. */
    record Route(Needs needs, Handler handler) {}

    Dispatch(Session session, Client client) {
        InputLine input = new InputLine(session);
        // Start and end.
        route("initialize", NEW_SESSION, new InitializeHandler(session));
        route("launch", SESSION, session.launchFlow()::launch);
        route("attach", SESSION, session.launchFlow()::attach);
        route(
                "configurationDone",
                SESSION,
                (request, reply) -> session.launchFlow().configurationDone(reply));
        route("restart", TARGET, new RestartHandler(session));
        route("terminate", SESSION, (request, reply) -> session.ending().terminate(reply));
        route("disconnect", NOTHING, new DisconnectHandler(session));
        route("cancel", SESSION, new CancelHandler(session));

        // Breakpoints: answered, and never verified.
        route("setBreakpoints", SESSION, new SetBreakpointsHandler(session));
        route("setFunctionBreakpoints", SESSION, new SetBreakpointsHandler(session));
        route("setExceptionBreakpoints", SESSION, new SetBreakpointsHandler(session));
        unsupported("breakpointLocations", NO_DEBUGGER);
        unsupported("dataBreakpointInfo", NO_DEBUGGER);
        route("setDataBreakpoints", SESSION, new SetBreakpointsHandler(session));
        unsupported("setInstructionBreakpoints", NO_DEBUGGER);

        // Running.
        route("continue", TARGET, new ContinueHandler(session));
        route("pause", TARGET, new PauseHandler(session));
        unsupported("next", NO_STEPS);
        unsupported("stepIn", NO_STEPS);
        unsupported("stepOut", NO_STEPS);
        unsupported("stepBack", NO_STEPS);
        unsupported("reverseContinue", NO_STEPS);
        unsupported("goto", NO_STEPS);
        unsupported("gotoTargets", NO_STEPS);
        unsupported("stepInTargets", NO_STEPS);
        unsupported("restartFrame", NO_STEPS);
        unsupported("terminateThreads", "a program that is not debugged has one thread here; use 'terminate'");

        // Looking.
        route("threads", SESSION, new ThreadsHandler(session));
        ProcessView view = new ProcessView(session);
        route("stackTrace", PAUSED_TARGET, view::stackTrace);
        route("scopes", PAUSED_TARGET, view::scopes);
        route("variables", PAUSED_TARGET, view::variables);
        route("evaluate", SESSION, new EvaluateHandler(input));
        unsupported("setVariable", NO_DEBUGGER);
        unsupported("setExpression", NO_DEBUGGER);
        unsupported("completions", NO_DEBUGGER);
        unsupported("exceptionInfo", NO_DEBUGGER);
        unsupported("source", NO_DEBUGGER);
        unsupported("loadedSources", NO_DEBUGGER);
        unsupported("modules", NO_DEBUGGER);
        unsupported("locations", NO_DEBUGGER);
        unsupported("readMemory", NO_MEMORY);
        unsupported("writeMemory", NO_MEMORY);
        unsupported("disassemble", NO_MEMORY);

        // Our own.
        route("gantry/signal", TARGET, new SignalHandler(session));
        route("gantry/write", TARGET, new WriteHandler(session));
        route("gantry/closeStdin", TARGET, new CloseStdinHandler(session));
        route("gantry/resize", TARGET, new ResizeHandler(session));
        route("gantry/processTree", TARGET, new ProcessTreeHandler(session));
        unsupported("gantry/justMyCode", NO_DEBUGGER);
        debugged(session, client, new AgentEvaluateHandler(session, client, input));
    }

    private void debugged(Session session, Client client, Handler evaluate) {
        for (String command : new String[] {
            "setBreakpoints", "setFunctionBreakpoints", "setExceptionBreakpoints", "setDataBreakpoints"
        }) {
            debugged.put(command, new Route(SESSION, new AgentBreakpointsHandler(session)));
        }
        for (String command : new String[] {"continue", "next", "stepIn", "stepOut", "goto", "restartFrame"}) {
            debugged.put(command, new Route(TARGET, new ResumeHandler(session)));
        }
        debugged.put("pause", new Route(TARGET, new AgentPauseHandler(session)));
        debugged.put("evaluate", new Route(SESSION, evaluate));
        for (String command : FORWARDED) {
            debugged.put(command, new Route(TARGET, session.debugging()::forward));
        }
        for (String command : new String[] {"stackTrace", "exceptionInfo"}) {
            debugged.put(command, new Route(TARGET, (request, reply) -> {
                Debugging debugging = session.debugging();
                debugging.forward(debugging.run().told().checked(request), reply);
            }));
        }
        debugged.put("gantry/justMyCode", new Route(TARGET, new JustMyCodeHandler(session, client)));
        debugged.put("threads", new Route(SESSION, new AgentThreadsHandler(session)));
    }

    /** @param isDebugged whether the target is */
    @Nullable Route route(String command, boolean isDebugged) {
        Route own = isDebugged ? debugged.get(command) : null;
        return own == null ? table.get(command) : own;
    }

    private void route(String command, Needs needs, Handler handler) {
        table.put(command, new Route(needs, handler));
    }

    private void unsupported(String command, String why) {
        table.put(command, new Route(SESSION, (request, reply) -> reply.failure(Failures.unsupported(command, why))));
    }
}
