package dev.gantry.adapter.config;

import static dev.gantry.adapter.config.Attribute.accepted;

import dev.gantry.adapter.config.Attribute.Role;
import java.util.List;

/** The attributes that configurations written for debugpy or added by editors contain, and that change nothing here. */
final class AcceptedAttributes {
    private static final String TRUE = "true";
    private static final String ANYTHING = "*";

    private AcceptedAttributes() {}

    static void addTo(List<Attribute> all) {
        addStopping(all);
        addDisplay(all);
        addFrameworks(all);
        addProcess(all);
        addOthers(all);
        addEditors(all);
    }

    private static void addStopping(List<Attribute> all) {
        all.add(accepted("stopOnEntry", Role.NOT_YET, "stop at the first line"));
        all.add(accepted("justMyCode", Role.NOT_YET, "only the user's code", ANYTHING));
        all.add(accepted("debugStdLib", Role.NOT_YET, "the old opposite of justMyCode"));
        all.add(accepted("rules", Role.NOT_YET, "which files count as the user's"));
        all.add(accepted("breakOnSystemExit", Role.NOT_YET, "exit codes that stop"));
        all.add(accepted("breakOnSystemExitZero", Role.NOT_YET, "stop at exit code 0 too"));
        all.add(accepted("subProcess", Role.NOT_YET, "debug child processes"));
        all.add(accepted("autoReload", Role.NOT_YET, "reload edited files"));
        all.add(accepted("pathMappings", Role.NOT_YET, "local and remote paths"));
        all.add(accepted("resolveSymlinks", Role.NOT_YET, "canonical paths"));
        all.add(accepted("clientOS", Role.NOT_YET, "the client's style of paths", "\"unix\""));
        all.add(accepted("steppingResumesAllThreads", Role.NOT_YET, "other threads run during a step", TRUE));
        all.add(accepted("stopAllThreadsOnSuspend", Role.NOT_YET, "all threads stop together", TRUE));
    }

    private static void addDisplay(List<Attribute> all) {
        all.add(accepted("showReturnValue", Role.NOT_YET, "return values among the variables"));
        all.add(accepted("variablePresentation", Role.NOT_YET, "how variables are grouped"));
        all.add(accepted("maxExceptionStackFrames", Role.NOT_YET, "how many frames of an exception are shown"));
    }

    private static void addFrameworks(List<Attribute> all) {
        all.add(accepted("django", Role.NOT_YET, "debug Django templates"));
        all.add(accepted("jinja", Role.NOT_YET, "debug Jinja templates"));
        all.add(accepted("flask", Role.NOT_YET, "debug Flask templates"));
        all.add(accepted("pyramid", Role.NOT_YET, "debug Pyramid templates"));
        all.add(accepted("gevent", Role.NOT_YET, "greenlets as threads"));
        all.add(accepted("guiEventLoop", Role.NOT_YET, "a GUI loop kept alive", "\"matplotlib\"", "\"none\""));
        all.add(accepted("qt", Role.NOT_YET, "Qt threads", "\"none\"", "\"auto\""));
        all.add(accepted("autoStartBrowser", Role.NOT_YET, "open a browser"));
    }

    private static void addProcess(List<Attribute> all) {
        all.add(accepted("sudo", Role.NOT_YET, "run as root"));
        all.add(accepted("waitOnNormalExit", Role.NOT_YET, "wait for a key after a good end"));
        all.add(accepted("waitOnAbnormalExit", Role.NOT_YET, "wait for a key after a bad end"));
        all.add(accepted("terminateChildProcesses", Role.NOT_YET, "`killTree` is its word here", TRUE));
        all.add(accepted("onTerminate", Role.NOT_YET, "`stopLadder` is its word here", "\"KeyboardInterrupt\""));
        all.add(accepted("debugOptions", Role.NOT_YET, "old flags"));
        all.add(accepted("options", Role.NOT_YET, "old flags"));
        all.add(accepted("logToFile", Role.NOT_YET, "`--log FILE` of the adapter does it"));
        all.add(accepted("terminalQuoteCharacter", Role.NOT_YET, "not needed: no shell reads `args`", ANYTHING));
    }

    private static void addOthers(List<Attribute> all) {
        for (String name : new String[] {
            "connect",
            "listen",
            "host",
            "port",
            "processId",
            "localRoot",
            "remoteRoot",
            "linuxAttachPreferLldb",
            "subProcessId"
        }) {
            all.add(accepted(name, Role.ATTACH, "belongs to attach"));
        }
        for (String name : new String[] {
            "debugAdapterPath",
            "debugAdapterPython",
            "debugLauncherPython",
            "debugLauncherPath",
            "debugAdapterHost",
            "debugpyArgs"
        }) {
            all.add(accepted(name, Role.FOREIGN, "names a part of debugpy"));
        }
    }

    private static void addEditors(List<Attribute> all) {
        for (String name : new String[] {
            "name",
            "type",
            "request",
            "command",
            "preLaunchTask",
            "postDebugTask",
            "internalConsoleOptions",
            "serverReadyAction",
            "presentation",
            "debugServer",
            "purpose",
            "suppressMultipleSessionWarning",
            "variants",
            "workspaceFolder",
            "windows",
            "linux",
            "osx"
        }) {
            all.add(accepted(name, Role.EDITOR, "an editor's own"));
        }
    }
}
