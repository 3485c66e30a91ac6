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
        addDebugging(all);
        addFrameworks(all);
        addProcess(all);
        addOthers(all);
        addEditors(all);
    }

    private static void addDebugging(List<Attribute> all) {
        all.add(accepted("subProcess", Role.DEBUGGING, "debug child processes"));
        all.add(accepted("autoReload", Role.DEBUGGING, "reload edited files"));
    }

    private static void addFrameworks(List<Attribute> all) {
        all.add(accepted("django", Role.DEBUGGING, "debug Django templates"));
        all.add(accepted("jinja", Role.DEBUGGING, "debug Jinja templates"));
        all.add(accepted("flask", Role.DEBUGGING, "debug Flask templates"));
        all.add(accepted("pyramid", Role.DEBUGGING, "debug Pyramid templates"));
        all.add(accepted("gevent", Role.DEBUGGING, "greenlets as threads"));
        all.add(accepted("guiEventLoop", Role.DEBUGGING, "a GUI loop kept alive", "\"matplotlib\"", "\"none\""));
        all.add(accepted("qt", Role.DEBUGGING, "Qt threads", "\"none\"", "\"auto\""));
        all.add(accepted("autoStartBrowser", Role.NOT_YET, "open a browser"));
    }

    private static void addProcess(List<Attribute> all) {
        all.add(accepted("sudo", Role.NOT_YET, "run as root"));
        all.add(accepted("waitOnNormalExit", Role.NOT_YET, "wait for a key after a good end"));
        all.add(accepted("waitOnAbnormalExit", Role.NOT_YET, "wait for a key after a bad end"));
        all.add(accepted("terminateChildProcesses", Role.REPLACED, "`killTree`", TRUE));
        all.add(accepted("onTerminate", Role.REPLACED, "`stopLadder`", "\"KeyboardInterrupt\""));
        all.add(accepted("logToFile", Role.REPLACED, "the adapter's option `--log FILE`"));
        all.add(accepted(
                "terminalQuoteCharacter",
                Role.FOREIGN,
                "quotes for a terminal's shell; none reads `args` here",
                ANYTHING));
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
        // Microsoft's Python extension adds these by itself.
        for (String name : new String[] {
            "debugAdapterPath", "debugAdapterPython", "debugLauncherPython", "debugLauncherPath", "debugAdapterHost"
        }) {
            all.add(accepted(name, Role.FOREIGN, "names a part of debugpy", ANYTHING));
        }
        all.add(accepted("debugpyArgs", Role.FOREIGN, "names a part of debugpy"));
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
