"""Compiles the agent's sources at the first start of a Python version and keeps the result beside them; runs on the main thread.

A bundle is the length of the next as 4 digits and the marshalled code of bundled.py, which takes in the others: a line with the name
of its directory (the hash of the sources), the ends of the next two as 8 digits each (counted from behind these), the marshalled code
of private.py, a marshalled ({module name: (start, end)}, {module name: code}) and the marshalled code of the first's modules. The
second's are those that each start needs: as one object they are taken in faster. The first's are read when the start is over.
"""
import marshal
import os
import sys

_ALONE = ("boot.py", "bundled.py", "first.py", "old.py")
_EARLY = ["again", "breakpoints", "catalog", "commands", "core", "ending", "engine", "files", "filters", "fork", "functions", "hook", "library",
          "locks", "maincode", "matching", "paths", "requests", "run", "settings", "standins", "stepping", "stops", "threads", "waiting", "wire"]
if sys.version_info >= (3, 12):
    _EARLY += ["arming", "engine_monitoring", "monitoring_callbacks", "placing", "watch_monitoring"]
else:
    _EARLY += ["engine_trace", "events", "kept", "loading", "thread_hooks", "trace_functions", "tracing"]
if sys.version_info[:2] == (3, 11):
    _EARLY += ["copies", "engine_instrument", "loaders", "objects"]
_RUN_EARLY = {  # what a start, an end, a thread or a fork runs of these modules; one that is missing here costs it the code of them all
    "again": "__init__",
    "arming": "__init__ apply begin end extra get",
    "breakpoints": "__init__ _replace _text forget on_code set_functions set_source spots_for",
    "catalog": "__init__",
    "commands": "__init__ configure early run set_breakpoints set_filters set_functions",
    "copies": "__init__ are_made forget is_copy refresh",
    "core": "__init__ _hello _poll_function _ready add begin calmly cancel let_go let_run main main_uncaught output passes prepare send_event"
            " serve start_serving trouble wait wait_for_run",
    "engine": "__init__ catch_no_more catch_start let_run make not_started",
    "engine_monitoring": "__init__ _free _set_global arm_step breakpoints_changed catch_no_more catch_start drop_step filters_changed make"
                         " not_started shutdown spots_of start take_tool",
    "engine_trace": "__init__ _forget_codes _is_quick _put_places _set_busy _settle _traces_all _traces_spots _wants_uncaught _watch_threading"
                    " arm_step breakpoints_changed drop_step filters_changed let_run make shutdown start",
    "events": "",
    "files": "__init__ _canonical _real configure key key_of lines_of_linecache seen set_main set_program source_key text",
    "filters": "__init__ _answer _exit_matters _filter _tell _was_told set uncaught uncaught_in_thread",
    "functions": "__init__ add",
    "library": "__init__ configure",
    "matching": "__init__",
    "placing": "__init__",
    "requests": "__init__ _do _is_early _standing answer rest take",
    "stepping": "",
    "stops": "__init__ anybody ended let_go",
    "threads": "__init__ _add _describe _objects _say_exited current exited find forget_others frames_of refreshed started states",
    "trace_functions": "__init__ _make_catcher _make_enter _make_first _make_local _make_returner _new_place _watching",
    "tracing": "__init__ begin_looking leave_frames new_threads release",
    "waiting": "",
    "watch_monitoring": "__init__ quick wants",
}
_NOT_MADE_EARLY = {  # classes that no start, end, thread or fork makes an object of, and that are only called
    "again": "_Ref _Words",
    "breakpoints": "Breakpoint",
    "copies": "_Both _Copy",
    "functions": "Name",
    "library": "Rule",
    "matching": "Condition Path",
    "placing": "_Again _Both _Header",
    "requests": "Job",
    "stepping": "Step",
    "waiting": "Stop",
}
_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST
_GENERATORS = 0x2A0  # of inspect: CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR; a function that was none cannot become one
_PLAIN_DECORATORS = ("classmethod", "property", "staticmethod")


def make(directory):
    """{module name: marshalled code} of all sources; written to the bundle file where that is possible."""
    parts = {}
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".py") or name in _ALONE:
            continue
        parts[name[:-3]] = marshal.dumps(_compiled(directory, name))
    stamp = os.path.basename(os.path.normpath(directory))
    if stamp != "gantry_agent":
        _write(directory, stamp, parts)
    return parts


def _compiled(directory, name, flags=0):
    with open(os.path.join(directory, name), "rb") as file:
        return _compile(file.read(), name, flags)


def _compile(source, name, flags=0):
    return compile(source, "<gantry_agent/%s>" % name, "exec", flags, dont_inherit=True, optimize=2)


def _with_stand_ins(directory, name, code, kept, classes):
    """(the module's code with stand-ins, what they stand for), of its `code` without: for the classes of these names, and all functions of it and its
    other classes but those whose names are `kept`, and those that are not plain: generators, with free variables, with defaults that are
    computed or decorators that do more than say how they are called. What they stand for: (code, defaults, defaults by keyword), of a class
    (code that defines it, its name, None)."""
    codes, later = {}, []
    _collect(code, codes)
    tree = _compiled(directory, name, _ONLY_AST)
    for at, node in enumerate(tree.body):
        if type(node).__name__ == "ClassDef" and node.name in classes:
            later.append((_compile(type(tree)([node], []), name), node.name, None))
            tree.body[at] = _assigned(node.name, "stand_in()")
        elif type(node).__name__ == "ClassDef":
            for place, inner in enumerate(node.body):
                node.body[place] = _stand_in(inner, kept, codes, later)
        else:
            tree.body[at] = _stand_in(node, kept, codes, later)
    return _compile(tree, name), later


def _collect(code, found):
    for constant in code.co_consts:
        if type(constant) is type(code):
            found[constant.co_name, constant.co_firstlineno] = constant
            _collect(constant, found)


def _stand_in(node, kept, codes, later):
    if type(node).__name__ != "FunctionDef" or node.name in kept:
        return node
    decorators = [getattr(decorator, "id", None) for decorator in node.decorator_list]
    code = codes[node.name, min([node.lineno] + [decorator.lineno for decorator in node.decorator_list])]
    named = {argument.arg: default for argument, default in zip(node.args.kwonlyargs, node.args.kw_defaults) if default is not None}
    if not (set(decorators) <= set(_PLAIN_DECORATORS) and not code.co_freevars and not code.co_flags & _GENERATORS
            and all(type(default).__name__ == "Constant" for default in [*node.args.defaults, *named.values()])):
        return node
    later.append((code, tuple(default.value for default in node.args.defaults) or None,
                  {word: default.value for word, default in named.items()}))
    text = "stand_in()"
    for decorator in reversed(decorators):
        text = "%s(%s)" % (decorator, text)
    return _assigned(node.name, text)


def _assigned(name, text):
    return compile("%s = %s" % (name, text), "<gantry_agent/bundle.py>", "exec", _ONLY_AST).body[0]


def _write(directory, stamp, parts):
    target = os.path.join(directory, "bundle-%s.bin" % sys.implementation.cache_tag)
    early = {name: marshal.loads(parts[name]) for name in _EARLY}
    others = {name: data for name, data in parts.items() if name not in early and name != "private"}
    for name in set(early).intersection(_RUN_EARLY):
        early[name], later = _with_stand_ins(directory, name + ".py", early[name], _RUN_EARLY[name].split(), _NOT_MADE_EARLY.get(name, "").split())
        others["later " + name] = marshal.dumps(later)  # private.LATER
    places, end = {}, 0
    for name, data in others.items():
        places[name] = (end, end + len(data))
        end += len(data)
    start = marshal.dumps(_compiled(directory, "bundled.py"))
    first, table = parts["private"], marshal.dumps((places, early))
    ends = b"%08d%08d" % (len(first), len(first) + len(table))
    keep(target, b"%04d" % len(start) + start + stamp.encode() + b"\n" + ends + first + table + b"".join(others.values()))


def keep(path, data):
    """Writes a file, whole or not at all; nothing where that is not possible. Also for kept.py."""
    fresh = "%s.%d" % (path, os.getpid())
    try:
        with open(fresh, "wb") as file:
            file.write(data)
        os.replace(fresh, path)
    except (OSError, UnicodeError):
        try:
            os.unlink(fresh)
        except OSError:
            pass
