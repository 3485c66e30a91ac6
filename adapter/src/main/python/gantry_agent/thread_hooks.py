"""The target's `threading`: how its threads get a trace function, and post-mortem stops (CPython 3.8 to 3.11). Any thread.

New threads take their trace function from threading's own variable (what threading.settrace sets): used only while it is
free. An exception that leaves a thread is seen by a call put into the bytecode of Thread._bootstrap_inner, right where
threading hands the exception to its hook: threading.excepthook itself stays the target's.
"""
from gantry_agent import kept, private

sys = private.sys  # the interpreter's own: its table of modules is the target's
_modules = sys.modules
_DIES = "self._invoke_excepthook(self)"
_RUNS = "_bootstrap._call_with_frames_removed(exec, code, module.__dict__)"


def _threading():
    """The namespace of the module, when it is loaded whole."""
    module = _modules.get("threading")
    space = module.__dict__ if type(module) is type(sys) else {}
    return space if "_after_fork" in space else None


def trace_new_threads(function):
    """New threads begin with this trace function. False: threading is not loaded, or the target has set one."""
    space = _threading()
    if space is None or "_trace_hook" not in space or space["_trace_hook"] not in (None, function):
        return False
    space["_trace_hook"] = function
    return True


def leave_new_threads(function):
    """Undoes trace_new_threads."""
    space = _threading()
    if space is not None and space.get("_trace_hook") is function:
        space["_trace_hook"] = None


class _Hook:
    """A call put into one of the library's functions: `_told()` when it is reached, `_trouble(where)` if that fails."""

    def __init__(self, told, trouble):
        self._told, self._trouble = told, trouble
        self._function = self._before = None
        self._mark = self.call if sys.version_info >= (3, 11) else self  # the constant in the bytecode

    def call(self):
        try:
            self._told()
        except Exception:
            self._trouble(type(self).__name__)

    def _put(self, function, line, path=None):
        code = function.__code__
        if not any(part is self._mark for part in code.co_consts):
            function.__code__ = self._with_call(code, line, path)
            self._function, self._before = function, code

    def _with_call(self, code, line, path=None):
        source = path or code.co_filename
        make = _inserted if sys.version_info >= (3, 11) else _recompiled
        made = kept.codes("threads-" + code.co_name, [code], lambda _: make(code, source, line))[0]
        if sys.version_info >= (3, 11):
            return kept.filled(made, code, self._mark, lambda: sys.exc_info()[1])
        return made.replace(co_consts=tuple(self._mark if part == "gantry" and type(part) is str else part for part in made.co_consts))

    def remove(self):
        """The function is as before."""
        function, self._function = self._function, None
        if function is not None:
            function.__code__ = self._before


class Uncaught(_Hook):
    """Tells on a thread of threading that an exception is about to leave it, from inside the except block."""

    def install(self):
        """True if threading is loaded and has the call now. May be called again."""
        space = _threading()
        if space is None:
            return False
        try:
            self._put(space["Thread"].__dict__["_bootstrap_inner"], _DIES)
        except Exception:
            self._trouble("uncaught exceptions of threads")
        return True

    def install_in(self, module, write):
        """The same in the code of threading, before it runs; `write(code, constants)` changes the constants of a code object."""
        try:
            for part in module.co_consts:
                if getattr(part, "co_name", None) == "Thread":
                    write(part, [self._with_call(inner, _DIES) if getattr(inner, "co_name", None) == "_bootstrap_inner" else inner
                                 for inner in part.co_consts])
        except Exception:
            self._trouble("uncaught exceptions of threads")


class Loading(_Hook):
    """Tells when `threading` has been loaded (3.8 to 3.10; a call behind the one that runs a module)."""

    _done = False

    def install(self):
        """May be called again; does nothing if threading is loaded."""
        if self._done or _threading() is not None:
            return
        self._done = True
        try:
            external = _modules["_frozen_importlib_external"]
            path = private.load("os").__file__.rpartition("os.py")[0] + "importlib/_bootstrap_external.py"
            self._put(external._LoaderBasics.exec_module, _RUNS, path)
        except Exception:
            self._trouble("loading of threading")

    def call(self):
        if self._function is not None and _threading() is not None:
            self.remove()
            super().call()


def _source(code, path):
    with open(path, encoding="utf-8") as file:  # as all of the standard library
        lines = file.read().split("\n")
    first = code.co_firstlineno - 1
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and (not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > indent):
        last += 1
    return first, lines[first:last]


def _inserted(code, path, line):
    """3.11: before the line."""
    first, lines = _source(code, path)
    number = [i for i, text in enumerate(lines) if text.strip() == line][0]
    return kept.with_call(code, first + 1 + number)


def _recompiled(code, path, line):
    """3.8 to 3.10, whose bytecode we do not write: the same function from its source, with a constant that has `call`."""
    first, lines = _source(code, path)
    changed = line + '; "gantry".call()' if line == _RUNS else '"gantry".call(); ' + line
    text = "\n".join(["\n" * (first - 1) + "class Thread:"] + [one.replace(line, changed) for one in lines]) + "\n"
    made = compile(text, code.co_filename, "exec", 0, True)
    for name in ("Thread", code.co_name):
        made = [part for part in made.co_consts if getattr(part, "co_name", None) == name][0]
    if made.co_freevars != code.co_freevars or "gantry" not in made.co_consts:
        raise ValueError("another shape of %s" % code.co_name)
    return made
