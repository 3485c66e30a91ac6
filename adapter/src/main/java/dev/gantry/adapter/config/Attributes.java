package dev.gantry.adapter.config;

import static dev.gantry.adapter.config.JsonType.ARRAY;
import static dev.gantry.adapter.config.JsonType.BOOLEAN;
import static dev.gantry.adapter.config.JsonType.NUMBER;
import static dev.gantry.adapter.config.JsonType.OBJECT;
import static dev.gantry.adapter.config.JsonType.STRING;

import dev.gantry.adapter.config.Attribute.Group;
import dev.gantry.adapter.config.Attribute.Role;
import dev.gantry.adapter.config.Attribute.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every attribute of a launch configuration that we know. */
final class Attributes {
    private static final List<JsonType> TEXT = List.of(STRING);
    private static final List<JsonType> FLAG = List.of(BOOLEAN);
    /** The first one is what an editor starts to write. */
    private static final List<JsonType> TEXT_OR_TEXTS = List.of(STRING, ARRAY);

    private static final List<Attribute> ALL = all();
    private static final Map<String, Attribute> BY_NAME = byName();

    private Attributes() {}

    /** In the order of the documentation. */
    static List<Attribute> list() {
        return ALL;
    }

    static @Nullable Attribute find(String name) {
        Attribute found = BY_NAME.get(name);
        if (found == null && name.startsWith("__")) {
            return Attribute.accepted(name, Role.EDITOR, "an editor's own");
        }
        return found;
    }

    private static Map<String, Attribute> byName() {
        Map<String, Attribute> map = new HashMap<>(2 * ALL.size());
        for (Attribute attribute : ALL) {
            map.put(attribute.name(), attribute);
        }
        return map;
    }

    private static List<Attribute> all() {
        List<Attribute> all = new ArrayList<>(128);
        add(all, Group.TARGET, Use.ANY, target());
        add(all, Group.TARGET, Use.ANY, words());
        add(all, Group.PYTHON, Use.PYTHON, python());
        add(all, Group.SURROUNDINGS, Use.ANY, surroundings());
        add(all, Group.CONSOLE, Use.ANY, console());
        add(all, Group.OUTPUT, Use.ANY, output());
        add(all, Group.END, Use.ANY, end());
        add(all, Group.DEBUGGING, Use.DEBUGGED, DebugAttributes.list());
        add(all, Group.ACCESS, Use.ANY, access());
        add(all, Group.OLD, Use.ANY, old());
        add(all, Group.OLD, Use.DEBUGGED, DebugAttributes.old());
        AcceptedAttributes.addTo(all);
        return List.copyOf(all);
    }

    private static void add(List<Attribute> all, Group group, Use use, List<Attribute> attributes) {
        for (Attribute attribute : attributes) {
            all.add(attribute.in(group, use));
        }
    }

    private static List<Attribute> target() {
        return List.of(
                Attribute.supported(
                                "program",
                                TEXT,
                                "the path or name of a file",
                                "",
                                "The file to run: absolute, relative to `cwd` (to the adapter's directory without `cwd`), or a name on the target's PATH. For Python also a directory or"
                                        + " zip file with `__main__.py`. One of `program`, `module` and `code` is needed.")
                        .asInDebugpy()
                        .example("\"${file}\""),
                Attribute.supported(
                                "module",
                                TEXT,
                                "the name of a Python module",
                                "",
                                "The Python module to run, as `python -m` does.")
                        .only(Use.PYTHON)
                        .asInDebugpy()
                        .example("\"http.server\""),
                Attribute.supported(
                                "code",
                                TEXT_OR_TEXTS,
                                "a string, or an array of strings (lines)",
                                "",
                                "The Python text to run, as `python -c` does.")
                        .only(Use.PYTHON)
                        .asInDebugpy()
                        .example("[\"import sys\", \"print(sys.version)\"]"));
    }

    private static List<Attribute> words() {
        return List.of(
                Attribute.supported(
                                "args",
                                List.of(ARRAY, STRING),
                                "an array of strings, numbers and booleans, or a string that is split like a shell's words",
                                "none",
                                "The target's arguments. An array is passed verbatim (numbers and booleans as their text); a string is"
                                        + " split at blanks as a POSIX shell splits (on Windows as Microsoft's C runtime does), quotes and backslashes"
                                        + " included, nothing expanded.")
                        .asInDebugpy()
                        .example("[\"--verbose\", \"a b\", 3]"),
                Attribute.choice(
                        "runtime",
                        List.of("python", "process"),
                        "inferred",
                        "What the target is. Python is inferred from `module`, `code`, `python`, `pythonArgs`, a program ending in"
                                + " .py, .pyw, .pyc or .pyz, and a directory or zip file with `__main__.py`; all else is a process."
                                + " `process` runs a .py file directly, by its `#!` line."));
    }

    private static List<Attribute> python() {
        return List.of(
                Attribute.supported(
                                "python",
                                TEXT_OR_TEXTS,
                                "a string, or an array of strings (the interpreter and its arguments)",
                                "`$VIRTUAL_ENV`, then `python3` and `python` on the target's PATH; on Windows `%VIRTUAL_ENV%`,"
                                        + " `%CONDA_PREFIX%`, then `python`, `python3` and `py -3`",
                                "The interpreter: a path (relative to `cwd`), a name on the target's PATH, or an array with arguments.")
                        .asInDebugpy()
                        .example("[\"python3\", \"-X\", \"dev\"]"),
                Attribute.supported(
                                "pythonArgs",
                                List.of(ARRAY),
                                "an array of strings",
                                "none",
                                "Arguments of the interpreter, before the program. `-u` is always given. On Windows `PYTHONIOENCODING` is set to"
                                        + " utf-8 too, unless it, `PYTHONUTF8` or `outputEncoding` says otherwise.")
                        .asInDebugpy()
                        .example("[\"-X\", \"dev\"]"));
    }

    private static List<Attribute> surroundings() {
        return List.of(
                Attribute.supported(
                                "cwd",
                                TEXT,
                                "the path of a directory",
                                "the directory that `program` names, else the adapter's",
                                "The working directory; it must exist.")
                        .asInDebugpy()
                        .example("\"${workspaceFolder}\""),
                Attribute.supported(
                                "env",
                                List.of(OBJECT),
                                "an object of names and strings, numbers, booleans or null",
                                "none",
                                "Changes to the environment that the target inherits from the adapter. null removes a variable; numbers and"
                                        + " booleans are taken as their text.")
                        .asInDebugpy()
                        .example("{\"DEBUG\": 1, \"HTTP_PROXY\": null}"),
                Attribute.supported(
                                "envFile",
                                TEXT_OR_TEXTS,
                                "a string, or an array of strings",
                                "none",
                                "One or several files with NAME=value lines, relative to `cwd`; `env` wins over them.")
                        .debugpy("the same name, read by VS Code's Python extension")
                        .example("\"${workspaceFolder}/.env\""),
                Attribute.supported(
                                "stdio",
                                List.of(ARRAY, OBJECT),
                                "an array [stdin, stdout, stderr] or an object with these names, of \"pipe\", \"null\" or null, a path, or"
                                        + " {\"path\": ..., \"append\": true}",
                                "pipes",
                                "Where the three standard streams go. A shorter array leaves the rest as pipes. Paths are relative to"
                                        + " `cwd`. For the internal console only.")
                        .example("[\"input.txt\", \"pipe\", {\"path\": \"errors.log\", \"append\": true}]"));
    }

    private static List<Attribute> console() {
        return List.of(
                Attribute.choice(
                                "console",
                                List.of("internalConsole", "integratedTerminal", "externalTerminal"),
                                "internalConsole",
                                "Where the target's input and output are: shown as output of the session, or in a terminal that the client"
                                        + " opens. A client that has no terminals gets the internal console in their place, with pipes unless"
                                        + " `tty` says otherwise, and with the output shown whatever `redirectOutput` says.")
                        .asInDebugpy(),
                Attribute.supported("consoleTitle", TEXT, "", "the configuration's `name`", "The terminal's title.")
                        .asInDebugpy(),
                Attribute.supported(
                                "tty",
                                List.of(BOOLEAN, OBJECT),
                                "true, false, or {\"columns\": 80, \"rows\": 24}",
                                "false",
                                "Gives the target a pseudo-terminal in the internal console, instead of pipes.")
                        .example("{\"columns\": 100, \"rows\": 30}"));
    }

    private static List<Attribute> output() {
        return List.of(
                Attribute.supported(
                                "redirectOutput",
                                FLAG,
                                "",
                                "true for internalConsole",
                                "Whether stdout and stderr are shown as output of the session. Without effect in a terminal; false in the"
                                        + " internal console discards them.")
                        .asInDebugpy(),
                Attribute.supported(
                        "mergeOutput",
                        FLAG,
                        "",
                        "false",
                        "Sends stderr where stdout goes, so that their order is kept."),
                Attribute.supported(
                        "outputEncoding",
                        TEXT,
                        "the name of a character encoding, such as \"utf-8\" or \"latin1\"",
                        "utf-8",
                        "What the target's output is encoded in, and what is typed for its input in the debug console."),
                Attribute.supported(
                                "outputCap",
                                List.of(NUMBER, STRING, OBJECT),
                                "a number of bytes, a size such as \"10MB\", or {\"size\": ..., \"path\": ...}",
                                "none",
                                "How much output is shown at most; what comes after it is written to a file, which the console names. It is"
                                        + " cut after a line where one ends shortly before, and never within a character. KB, MB and GB are"
                                        + " powers of 1000, KiB, MiB and GiB of 1024.")
                        .example("\"10MB\""));
    }

    private static List<Attribute> end() {
        return List.of(
                Attribute.supported(
                                "stopLadder",
                                List.of(ARRAY),
                                "an array of steps, each {\"signal\": \"SIGINT\", \"wait\": 1.5} or \"SIGINT:1.5\" (seconds)",
                                "Python: SIGINT 1.5 s, SIGTERM 1.5 s; others: SIGTERM 2 s",
                                "The signals that stop the target, and how long it has after each. SIGKILL is always the last one.")
                        .example("[\"SIGINT:1.5\", \"SIGTERM:1.5\"]"),
                Attribute.choice(
                        "killTree",
                        List.of("stop", "always", "never"),
                        "stop",
                        "When the target's descendants are ended: when it is stopped, also when it ends by itself, or never."),
                Attribute.supported(
                        "drainTimeout",
                        List.of(NUMBER),
                        "a number of seconds, 0 to 86400",
                        "2",
                        "How long output is still read after the target ended, where a descendant holds it open."));
    }

    private static List<Attribute> access() {
        return List.of(Attribute.supported(
                "gantryToken", TEXT, "", "", "The token of `gantry serve`, which a launch over TCP must carry."));
    }

    private static List<Attribute> old() {
        return List.of(
                Attribute.supported("pythonPath", TEXT, "", "", "The old name of `python`; not both.")
                        .only(Use.PYTHON)
                        .asInDebugpy(),
                Attribute.supported("consoleName", TEXT, "", "", "The old name of `consoleTitle`.")
                        .debugpy("a name of VS Code's Python extension"));
    }
}
