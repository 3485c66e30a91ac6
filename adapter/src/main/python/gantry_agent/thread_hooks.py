"""The target's `threading`, if it has loaded it: how its threads get a trace function, and post-mortem stops (CPython 3.8 to 3.11).

New threads take their trace function from threading's own variable (what threading.settrace sets): used only while it is
free. An exception that leaves a thread is seen by a call put into the bytecode of Thread._bootstrap_inner, right where
threading hands the exception to its hook: threading.excepthook itself stays the target's.
"""
from gantry_agent import private

sys = private.sys  # the interpreter's own: its table of modules is the target's
_modules = sys.modules
_CALL = "self._invoke_excepthook(self)"


def _threading():
    module = _modules.get("threading")
    return module.__dict__ if type(module) is type(sys) else None


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


class Uncaught:
    """Calls `told(exception)` on a thread of threading that an exception is about to leave. `install` may be called again."""

    def __init__(self, told, trouble):
        self._told, self._trouble = told, trouble
        self._function = self._before = None
        self._mark = self.call if sys.version_info >= (3, 11) else self  # the constant in the bytecode

    def install(self):
        """True if threading is loaded and has the call now."""
        space = _threading()
        if space is None:
            return False
        try:
            function = space["Thread"].__dict__["_bootstrap_inner"]
            code = function.__code__
            if not any(part is self._mark for part in code.co_consts):
                function.__code__ = self._with_call(code)
                self._function, self._before = function, code
        except Exception:
            self._trouble("uncaught exceptions of threads")
        return True

    def _with_call(self, code):
        return (_inserted if sys.version_info >= (3, 11) else _recompiled)(code, self._mark)

    def install_in(self, module, write):
        """The same in the code of threading, before it runs; `write(code, constants)` changes the constants of a code object."""
        try:
            for part in module.co_consts:
                if getattr(part, "co_name", None) == "Thread":
                    write(part, [self._with_call(inner) if getattr(inner, "co_name", None) == "_bootstrap_inner" else inner
                                 for inner in part.co_consts])
        except Exception:
            self._trouble("uncaught exceptions of threads")

    def remove(self):
        function, self._function = self._function, None
        if function is not None:
            function.__code__ = self._before

    def call(self):
        try:
            self._told(sys.exc_info()[1])
        except Exception:
            self._trouble("uncaught exception of a thread")


def _source(code):
    loader = private.load("tokenize")
    with loader.open(code.co_filename) as file:
        lines = file.read().split("\n")
    first = code.co_firstlineno - 1
    indent = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and (not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > indent):
        last += 1
    return first, lines[first:last]


def _inserted(code, call):
    """3.11: at the line of the call."""
    from gantry_agent import instrument
    first, lines = _source(code)
    number = [i for i, line in enumerate(lines) if line.strip() == _CALL][0]
    return instrument.instrument(code, {first + 1 + number: call}, {}, lambda: sys.exc_info()[1])[0]


def _recompiled(code, call):
    """3.8 to 3.10, whose bytecode we do not write: the same function from its source, with a constant that has `call`."""
    first, lines = _source(code)
    changed = [line.replace(_CALL, '"gantry".call(); ' + _CALL) if line.strip() == _CALL else line for line in lines]
    text = "\n" * (first - 1) + "class Thread:\n" + "\n".join(changed) + "\n"
    made = compile(text, code.co_filename, "exec", 0, True)
    for name in ("Thread", code.co_name):
        made = [part for part in made.co_consts if getattr(part, "co_name", None) == name][0]
    if made.co_freevars != code.co_freevars or "gantry" not in made.co_consts:
        raise ValueError("another shape of %s" % code.co_name)
    return made.replace(co_consts=tuple(call if part == "gantry" and type(part) is str else part for part in made.co_consts))
