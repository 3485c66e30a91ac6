package dev.gantry.adapter.config;

import static dev.gantry.adapter.config.JsonType.ARRAY;
import static dev.gantry.adapter.config.JsonType.BOOLEAN;
import static dev.gantry.adapter.config.JsonType.NUMBER;
import static dev.gantry.adapter.config.JsonType.OBJECT;
import static dev.gantry.adapter.config.JsonType.STRING;

import java.util.ArrayList;
import java.util.List;

/** The attributes of a Python program that is debugged. */
final class DebugAttributes {
    private static final List<JsonType> FLAG = List.of(BOOLEAN);

    private DebugAttributes() {}

    static List<Attribute> list() {
        List<Attribute> list = new ArrayList<>(stopping());
        list.addAll(code());
        list.addAll(threads());
        list.addAll(display());
        return ofDebugpy(list);
    }

    /** debugpy has all of them. */
    private static List<Attribute> ofDebugpy(List<Attribute> attributes) {
        List<Attribute> list = new ArrayList<>();
        for (Attribute attribute : attributes) {
            list.add(attribute.asInDebugpy());
        }
        return list;
    }

    private static List<Attribute> stopping() {
        return List.of(
                Attribute.supported("noDebug", FLAG, "", "false", "Run without debugging."),
                Attribute.supported("stopOnEntry", FLAG, "", "false", "Stops before the first line of the program."),
                Attribute.supported(
                                "breakOnSystemExit",
                                List.of(ARRAY),
                                "an array of exit codes, null (for an exit without one) and ranges {\"from\": 1, \"to\": 9}",
                                "none",
                                "The exit codes with which a `SystemExit` that ends the program stops it first. Without it no exception filter"
                                        + " stops at a `SystemExit`.")
                        .example("[{\"from\": 1, \"to\": 255}]"),
                Attribute.supported(
                        "breakOnSystemExitZero",
                        FLAG,
                        "",
                        "false",
                        "Stops before a `SystemExit` with code 0 or without a code ends the program."));
    }

    private static List<Attribute> code() {
        return List.of(
                Attribute.supported(
                        "justMyCode",
                        FLAG,
                        "",
                        "true",
                        "Steps go through the user's code only, and the frames of libraries are shown faintly. The user's is what"
                                + " lies neither in the standard library nor among the installed packages. The request"
                                + " `gantry/justMyCode` switches it while the program runs."),
                Attribute.supported(
                                "rules",
                                List.of(ARRAY),
                                "an array of {\"path\": ..., \"include\": true} and {\"module\": ..., \"include\": false}",
                                "none",
                                "Exceptions to `justMyCode`: the code that a path (a directory, a file, or a pattern with `*`, `?` and `**`) or a"
                                        + " module's name with all below it stands for counts as the user's, or not. Of the rules that fit, the"
                                        + " one with the longest path decides; without one, the first module.")
                        .example("[{\"path\": \"${workspaceFolder}\", \"include\": true}]"),
                Attribute.supported(
                                "pathMappings",
                                List.of(ARRAY),
                                "an array of {\"localRoot\": ..., \"remoteRoot\": ...}, neither of them empty",
                                "none",
                                "Directories that the client and the program know by different paths. The longest one that fits decides. A"
                                        + " relative `remoteRoot`, such as `.`, is relative to `cwd`.")
                        .example("[{\"localRoot\": \"${workspaceFolder}\", \"remoteRoot\": \".\"}]"),
                Attribute.choice(
                        "clientOS",
                        List.of("windows", "unix"),
                        "the adapter's own system",
                        "How the client writes paths, where `pathMappings` join two kinds of system."),
                Attribute.supported(
                        "resolveSymlinks",
                        FLAG,
                        "",
                        "false",
                        "Shows files by their real paths instead of the paths by which the client or the program names them. Breakpoints are"
                                + " matched by real paths in any case."));
    }

    private static List<Attribute> threads() {
        return List.of(
                Attribute.supported(
                        "steppingResumesAllThreads", FLAG, "", "true", "Whether the other threads run during a step."),
                Attribute.supported(
                        "stopAllThreadsOnSuspend", FLAG, "", "true", "Whether all threads stop when one does."));
    }

    private static List<Attribute> display() {
        return List.of(
                Attribute.supported(
                        "showReturnValue",
                        FLAG,
                        "",
                        "true",
                        "Shows what a function returned after a step out of it or over it."),
                Attribute.supported(
                                "variablePresentation",
                                List.of(OBJECT),
                                "an object of \"all\", \"special\", \"function\", \"class\" and \"protected\" with \"group\", \"inline\" or"
                                        + " \"hide\"",
                                "`protected` inline, the others in groups",
                                "Whether special variables (`__name__`), functions, classes and protected variables (`_name`) are put into"
                                        + " groups, shown among the others, or hidden.")
                        .example("{\"special\": \"hide\"}"),
                Attribute.supported(
                        "maxExceptionStackFrames",
                        List.of(NUMBER),
                        "a whole number, 0 or more",
                        "0, which is all",
                        "How many frames of an exception are shown in its details."));
    }

    static List<Attribute> old() {
        String meaning =
                "Old flags, for which there are attributes now: StopOnEntry, DebugStdLib, BreakOnSystemExitZero,"
                        + " ShowReturnValue, RedirectOutput, WindowsClient, UnixClient, FixFilePathCase.";
        return ofDebugpy(List.of(
                Attribute.supported("debugStdLib", FLAG, "", "false", "The old opposite of `justMyCode`."),
                Attribute.supported("debugOptions", List.of(ARRAY), "an array of strings", "none", meaning),
                Attribute.supported(
                        "options",
                        List.of(STRING),
                        "a string, as `STOP_ON_ENTRY=True;DEBUG_STDLIB=True`",
                        "none",
                        "The same flags in one string.")));
    }
}
