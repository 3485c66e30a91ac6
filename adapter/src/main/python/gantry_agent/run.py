"""Runs the target as `python TARGET`, `python -m TARGET` or `python -c TARGET` would; main thread only.

The frames of the start must not lie below the target's: they would be seen in stacks, by warnings.warn(stacklevel=2)
and by the recursion limit. So run() puts _bottom in sys.excepthook and raises. The start's frames end, the interpreter,
about to report that exception, calls _bottom with nothing below it, and _bottom runs the target. What the interpreter
does after an excepthook is what it does after a main program: it ends with status 1 if the hook returns, as SystemExit
says if the hook raises that.
"""
from gantry_agent import maincode, private

sys = private.sys  # the interpreter's own, not the view that private modules get
_Function = type(maincode.read)
_of = BaseException.__traceback__  # read and written by the descriptor: a subclass may have its own __traceback__
_missing = object()
_KEPT = ("__name__", "__doc__", "__package__", "__loader__", "__spec__", "__annotations__", "__builtins__")
_LAST = ("last_exc", "last_type", "last_value", "last_traceback")
_launch = None


class _Leave(Exception):
    """Ends the frames of the start."""


class _Launch:
    """What is to be run. `before` is called right before the target's first line, `uncaught` with what leaves its last frame,
    `after` when all is said."""

    def __init__(self, kind, target, argv, before, uncaught, after):
        self.kind, self.target, self.argv = kind, target, argv
        self.before, self.uncaught, self.after = before, uncaught, after
        self.hook = sys.__dict__.get("excepthook", _missing)
        self.display = sys.__excepthook__
        self.scope = None  # the namespace of __main__
        self.file_is_ours = False  # whether __main__.__file__ is to be taken away at the end


def run(kind, target, args, before=None, after=lambda: None):
    """Runs the target with the arguments `args`. Returns only where nothing is left to do: under PYTHONINSPECT."""
    global _launch
    from gantry_agent import core
    _launch = _Launch(kind, target, [target] + list(args), before, core.agent.main_uncaught, after)
    if sys.flags.inspect and not _prompt_comes():
        # PYTHONINSPECT without a terminal: the status is ours alone and SystemExit does not end this interpreter.
        failed = _bottom_in_place()
        if not failed:
            return
        sys.excepthook = _silent
    else:
        sys.excepthook = _bottom
    raise _Leave


def _silent(*_):
    _put_back_hook(_launch)


def _bottom_in_place():
    try:
        return _bottom()
    except SystemExit:
        return False


def _prompt_comes():
    """Whether the interpreter reads commands after the program."""
    try:
        wanted = sys.flags.inspect or (not sys.flags.ignore_environment and private.load("os").environ.get("PYTHONINSPECT"))
        return bool(wanted and (sys.flags.interactive or private.load("os").isatty(0)))
    except Exception:
        return False


def _bottom(kind=None, error=None, trace=None):
    """The only frame of the agent below the target's. True if the target failed."""
    launch = _launch
    caught = []
    try:
        if trace is not None:
            trace.tb_next = None  # the interpreter keeps the traceback; the frames of the start end here
            _of.__set__(error, None)
            kind = error = trace = None
        _clean(launch)
        function, arguments = _prepared(launch)
        if launch.before is not None:
            launch.before()
        function(*arguments)
    except BaseException as raised:
        caught.append(raised)
    private.start_is_over()  # it was not, if the program could not be read
    # Out of the except block: what follows must not have the exception as its context. This frame may live on as the f_back
    # of the target's frames in a traceback: it keeps nothing.
    function = arguments = None
    return _ended(launch, caught.pop() if caught else None)


# The interpreter's warnings take frames of such a file name for the import system's and look below them: so a warning
# with a stacklevel beyond the program's outermost frame says <sys>, as without us.
_bottom.__code__ = _bottom.__code__.replace(co_filename="<gantry_agent/importlib._bootstrap>")


def _clean(launch):
    """Leaves everything as the interpreter has it before the first line of a main program."""
    _put_back_hook(launch)
    launch.scope = _new_main()
    arguments = list(getattr(sys, "orig_argv", ()))
    if arguments:
        start = len(arguments) - len(launch.argv) - 5  # -c BOOT AGENTDIR FD KIND
        option = {"module": ["-m"], "code": ["-c"]}.get(launch.kind, [])
        sys.orig_argv[:] = arguments[:start] + option + launch.argv
    maincode.forget_start(launch.kind)


def _new_main():
    """Another __main__ than that of the start: the interpreter keeps a frame of the start, and with it its globals, to the end,
    and what the target leaves in its own must go when its module goes."""
    old = sys.modules["__main__"].__dict__
    module = type(sys)("__main__")
    scope = module.__dict__
    for name in _KEPT:
        if name in old:
            scope[name] = old[name]
    scope["__doc__"] = None  # boot.py's is in the old one
    sys.modules["__main__"] = module
    old.clear()
    old["__builtins__"] = private._builtins  # tells an engine that the frame of the start is ours
    return scope


def _put_back_hook(launch):
    if launch.hook is _missing:
        sys.__dict__.pop("excepthook", None)
    else:
        sys.excepthook = launch.hook
    for name in _LAST:
        sys.__dict__.pop(name, None)


def _prepared(launch):
    """(function, arguments) that run the target."""
    if launch.kind == "module":
        sys.argv[:] = ["-m"] + launch.argv[1:]
        maincode.set_first_path(maincode.working_directory())
        return _module(launch.target, True)
    if launch.kind == "code":
        sys.argv[:] = ["-c"] + launch.argv[1:]
        return _function(maincode.code_of_text(launch.target), launch), ()
    sys.argv[:] = launch.argv
    return _program(launch)


def _program(launch):
    path = maincode.absolute(launch.target)
    if maincode.is_container(path):
        maincode.set_first_path(path, True)
        return _module("__main__", False)
    maincode.set_first_path(maincode.directory_of(launch.target))
    data = maincode.read(path)
    scope = launch.scope
    if "__file__" not in scope:
        scope["__file__"] = path
        scope["__cached__"] = None
        launch.file_is_ours = True
    loaders = sys.modules["_frozen_importlib_external"]
    compiled = maincode.is_compiled(path, data)
    loader = loaders.SourcelessFileLoader if compiled else loaders.SourceFileLoader
    scope["__loader__"] = loader("__main__", path)
    code = maincode.unmarshalled(data) if compiled else maincode.code_of_file(data, path)
    if code is None:
        return maincode.run_by_interpreter, (path, scope)
    return _function(code, launch), ()


def _function(code, launch):
    """A function of the module's code: calling it needs no frame of exec's, and its locals are the globals too."""
    return _Function(code, launch.scope)


def _module(name, alter_argv):
    runpy = private.builtins.__import__("runpy")
    return runpy._run_module_as_main, (name, alter_argv)


# -- the end of the target


def _ended(launch, caught):
    if launch.kind == "program":
        _flush()
    if caught is None:
        _forget_target(launch)
        if _prompt_comes():
            return False
        launch.after()
        raise SystemExit
    trace = _strip(caught)
    if type(caught) is KeyboardInterrupt:
        _die_by_interrupt()
    launch.uncaught(caught)
    if isinstance(caught, SystemExit) and not sys.flags.inspect:
        launch.scope = None
        launch.after()
        raise caught
    _report(launch, caught, trace)
    _forget_target(launch)
    if not _prompt_comes():
        launch.after()
    return True


def _strip(error):
    """Takes the agent's frames out of the traceback (its own below the program, and those of a stop in which a signal came) and
    returns what is left."""
    trace = last = _others(_of.__get__(error))
    while last is not None:
        following = _others(last.tb_next)
        if following is not last.tb_next:
            last.tb_next = following
        last = following
    _of.__set__(error, trace)
    return trace


def _others(trace):
    """The first entry that is not the agent's."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith("<gantry_agent"):
        trace = trace.tb_next
    return trace


def _flush():
    """Main programs from a file are followed by a flush, whatever sys.stdout has become."""
    for name in ("stderr", "stdout"):
        stream = sys.__dict__.get(name)
        if stream is not None:
            try:
                stream.flush()
            except BaseException:
                pass  # the interpreter clears whatever comes


def _forget_target(launch):
    """What the interpreter takes out of a main program's namespace when it is over; and our hold on it."""
    scope, launch.scope = launch.scope, None
    if launch.file_is_ours and scope is not None:
        for name in ("__file__", "__cached__"):
            scope.pop(name, None)


def _die_by_interrupt():
    """An unhandled KeyboardInterrupt makes the interpreter end itself by SIGINT. It remembers that where the text of a
    program (not a code object) is run: so this runs one."""
    try:
        exec("raise KeyboardInterrupt", {"__builtins__": private.builtins})
    except KeyboardInterrupt:
        pass


def _report(launch, error, trace):
    """What the interpreter does with an uncaught exception, in its order."""
    kind = type(error)
    if sys.version_info >= (3, 12):
        sys.last_exc = error
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace
    hook = sys.__dict__.get("excepthook", _missing)
    try:
        sys.audit("sys.excepthook", None if hook is _missing else hook, kind, error, trace)
    except RuntimeError:
        return
    except BaseException:
        pass
    if hook is _missing:
        _write("sys.excepthook is missing\n")
        _plainly(launch.display, kind, error, trace)
        return
    second = None
    try:
        _plainly(hook, kind, error, trace)
    except SystemExit:
        raise
    except BaseException as failure:
        second = failure
    if second is not None:
        rest = _strip(second)
        _write("Error in sys.excepthook:\n")
        _plainly(launch.display, type(second), second, rest)
        _write("\nOriginal exception was:\n")
        _plainly(launch.display, kind, error, trace)


# What the interpreter imports while it shows an exception it takes from the builtins of the frame below: the target's.
_plainly = _Function((lambda function, *arguments: function(*arguments)).__code__, {"__builtins__": private.builtins, "__name__": __name__})


def _write(text):
    try:
        sys.stderr.write(text)
    except BaseException:
        try:
            private.load("os").write(2, text.encode())
        except OSError:
            pass
