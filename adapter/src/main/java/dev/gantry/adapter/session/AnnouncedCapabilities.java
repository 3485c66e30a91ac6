package dev.gantry.adapter.session;

import dev.gantry.adapter.config.Platform;
import org.eclipse.lsp4j.debug.Capabilities;
import org.eclipse.lsp4j.debug.ExceptionBreakpointsFilter;

/**
 * What is announced to every client in the response to initialize; the same for all on a system, since that response is written before
 * anything is known of the target or the backend. What only a debugger can do is announced too: a target that is not debugged refuses it
 * with the reason. The wire keeps it as bytes, and a test compares the two.
 */
public final class AnnouncedCapabilities {
    private static final String[] COMPLETION_TRIGGERS = {".", "[", "\"", "'"};
    private static final String CONDITION =
            "names of exceptions, such as ValueError, json.*, !KeyError; or an expression in which exc is the exception";

    private AnnouncedCapabilities() {}

    /** Whether a target may outlive us here, as far as the system's kind tells. */
    static boolean canLeaveTargets() {
        return Platform.current() != Platform.WINDOWS;
    }

    public static Capabilities all() {
        Capabilities capabilities = new Capabilities();
        capabilities.setSupportsConfigurationDoneRequest(true);
        capabilities.setSupportsRestartRequest(true);
        capabilities.setSupportsTerminateRequest(true);
        if (canLeaveTargets()) {
            capabilities.setSupportTerminateDebuggee(true);
        }
        capabilities.setSupportsCancelRequest(true);
        capabilities.setSupportsANSIStyling(true);
        breakpoints(capabilities);
        running(capabilities);
        looking(capabilities);
        return capabilities;
    }

    private static void breakpoints(Capabilities capabilities) {
        capabilities.setSupportsConditionalBreakpoints(true);
        capabilities.setSupportsHitConditionalBreakpoints(true);
        capabilities.setSupportsLogPoints(true);
        capabilities.setSupportsFunctionBreakpoints(true);
        capabilities.setSupportsDataBreakpoints(true);
        capabilities.setSupportsBreakpointLocationsRequest(true);
        capabilities.setSupportsExceptionOptions(true);
        capabilities.setSupportsExceptionFilterOptions(true);
        capabilities.setExceptionBreakpointFilters(new ExceptionBreakpointsFilter[] {
            filter("raised", "Raised Exceptions", "Stops where an exception is raised, caught or not", false),
            filter("uncaught", "Uncaught Exceptions", "Stops before an exception ends the program or a thread", true),
            filter(
                    "userUnhandled",
                    "User Uncaught Exceptions",
                    "Stops when an exception leaves your own code for that of a library",
                    false)
        });
    }

    private static ExceptionBreakpointsFilter filter(String id, String label, String description, boolean on) {
        ExceptionBreakpointsFilter filter = new ExceptionBreakpointsFilter();
        filter.setFilter(id);
        filter.setLabel(label);
        filter.setDescription(description);
        filter.setDefault_(on);
        filter.setSupportsCondition(true);
        filter.setConditionDescription(CONDITION);
        return filter;
    }

    private static void running(Capabilities capabilities) {
        capabilities.setSupportsRestartFrame(true);
        capabilities.setSupportsGotoTargetsRequest(true);
        capabilities.setSupportsStepInTargetsRequest(true);
        capabilities.setSupportsSingleThreadExecutionRequests(true);
        capabilities.setSupportsTerminateThreadsRequest(true);
    }

    private static void looking(Capabilities capabilities) {
        capabilities.setSupportsEvaluateForHovers(true);
        capabilities.setSupportsSetVariable(true);
        capabilities.setSupportsSetExpression(true);
        capabilities.setSupportsExceptionInfoRequest(true);
        capabilities.setSupportsCompletionsRequest(true);
        capabilities.setCompletionTriggerCharacters(COMPLETION_TRIGGERS.clone());
        capabilities.setSupportsModulesRequest(true);
        capabilities.setSupportsLoadedSourcesRequest(true);
        capabilities.setSupportsDelayedStackTraceLoading(true);
        capabilities.setSupportsValueFormattingOptions(true);
        capabilities.setSupportsReadMemoryRequest(true);
        capabilities.setSupportsWriteMemoryRequest(true);
        capabilities.setSupportsClipboardContext(true);
    }
}
