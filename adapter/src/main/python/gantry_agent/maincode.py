"""Finds and compiles the target's main code exactly as the interpreter does for a file on its command line; main thread."""
from gantry_agent import private

sys = private.sys
_engine = None  # see Engine.catch_start
_open = [True]  # until the agent's thread lets the program run
_before = []  # the text and the code of the main program, compiled for its breakpoints; empty as soon as it runs
_MAGIC = 2  # a file that starts with the first two bytes of the magic number is compiled, whatever its name


def use(engine):
    """Called once, before anything is compiled."""
    global _engine
    _engine = engine


def forget_start(kind):
    """Python 3.13 remembers the text of `-c` in linecache, which it imports for that: both would be ours."""
    lines = sys.modules.get("linecache")
    if sys.version_info < (3, 13) or lines is None:
        return
    getattr(lines, "cache", {}).pop("<string>", None)
    getattr(lines, "_interactive_cache", {}).clear()
    # Somebody else (a .pth file's code) may have it too: then it stays. Ours: sys.modules, `lines`, the call's argument.
    if kind != "code" and sys.getrefcount(lines) <= 3:
        sys.modules.pop("linecache", None)
        here = working_directory()
        if here not in sys.path:
            sys.path_importer_cache.pop(here, None)  # searched for it


def working_directory():
    try:
        return private.load("os").getcwd()
    except OSError:
        return None


def absolute(path):
    """The path as the interpreter makes it absolute since 3.9: nothing is normalised."""
    if sys.version_info < (3, 9):
        return path
    os = private.load("os")
    if os.name == "nt":
        return os.path.abspath(path)
    here = None if path.startswith("/") else working_directory()
    if here is None:
        return path
    return here + path if here.endswith("/") else here + "/" + path


def directory_of(path):
    """The directory of a script, symbolic links resolved; what sys.path starts with."""
    os = private.load("os")
    if os.name == "nt":
        return os.path.dirname(os.path.abspath(path))
    if os.path.exists(path):
        path = os.path.realpath(path)
    return os.path.dirname(path)


def set_first_path(path, always=False):
    """Puts `path` where `python -c` has put '' (nothing where that is unsafe), or first of all."""
    isolated = sys.flags.isolated or getattr(sys.flags, "safe_path", False)
    if not isolated and sys.path[:1] == [""]:
        del sys.path[0]
    if path is not None and (always or not isolated):
        sys.path.insert(0, path)


def is_container(path):
    """Whether the interpreter takes the file for a place of modules (a directory, a zip) with a __main__ in it."""
    cache = sys.path_importer_cache
    if path in cache:
        return cache[path] is not None
    cache[path] = None
    for hook in sys.path_hooks:
        try:
            importer = hook(path)
        except ImportError:
            continue
        cache[path] = importer
        return importer is not None
    return False


def _options():
    """The interpreter's own command line, its name first."""
    if hasattr(sys, "orig_argv"):
        return sys.orig_argv
    try:
        with open("/proc/self/cmdline", "rb") as file:
            return [private.load("os").fsdecode(word) for word in file.read().split(b"\0")]
    except OSError:
        return [sys.executable]


def _skips_first_line():
    words = iter(_options()[1:])
    for word in words:
        if not word.startswith("-") or word in ("-", "--"):
            return False
        if word.startswith("--"):
            next(words, None)
            continue
        for at, letter in enumerate(word[1:], 2):
            if letter == "x":
                return True
            if letter in "cm":
                return False
            if letter in "WX":
                if at == len(word):
                    next(words, None)
                break
    return False


def read(path):
    """The file's bytes; ends as the interpreter does if it cannot be opened."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        shown = repr(path) if sys.version_info >= (3, 9) else "'%s'" % path
        text = "%s: can't open file %s: [Errno %d] %s" % (_options()[0], shown, error.errno, error.strerror)
        sys.stderr.write(text + "\n")
        raise SystemExit(2) from None
    if _skips_first_line():
        data = data[data.find(b"\n"):] if b"\n" in data else b""
    return data


def is_compiled(path, data):
    return path.endswith(".pyc") or data[:_MAGIC] == sys.modules["_frozen_importlib_external"].MAGIC_NUMBER[:_MAGIC]


def unmarshalled(data):
    if data[:4] != sys.modules["_frozen_importlib_external"].MAGIC_NUMBER:
        raise RuntimeError("Bad magic number in .pyc file")
    code = private.load("marshal").loads(data[16:])
    if type(code) is not type(read.__code__):
        raise RuntimeError("Bad code object in .pyc file")
    return code


def code_of_text(text):
    """The code of `-c`."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        sys.stderr.write("Unable to decode the command from the command line:\n")
        raise error
    if sys.version_info >= (3, 14):
        text = private.load("textwrap").dedent(text)
    lines = sys.modules.get("linecache") if sys.version_info >= (3, 13) else None
    if lines is not None and not hasattr(lines, "_interactive_cache"):
        lines._register_code("<string>", text, "<string>")
    code = _captured(text, True) or compile(text, "<string>", "exec", dont_inherit=True)
    if lines is not None and hasattr(lines, "_interactive_cache"):
        lines._register_code(code, text, "<string>")
    return code


def close():
    """The agent's thread, right before the program runs: from now on warnings are the program's own."""
    del _open[:]


def compiled_before(data):
    """The code of the main program's text, for a breakpoint that is set before it runs: it is the code that will run, if the text is the
    same then. The agent's thread. None for text that does not compile without a warning, and later."""
    if not _open or not data.isascii() and not _decodes(data):
        return None
    if not _before or _before[0] != data:
        try:
            code = _compiled(data, "<string>", _filters(), "error", False)
        except MemoryError:  # too deep for the parser
            code = None
        if code is None:
            return None
        _before[:] = data, code
    return _before[1]


def code_of_file(data, path):
    """The code of a source file, or None where the interpreter itself has to read the file: what it says about bad text
    differs between a file and a string, and some text that is bad in a file is good in a string."""
    before = _before[:]
    del _before[:]
    if before and before[0] == data:
        return _named(before[1], path)
    if not data.isascii() and not _decodes(data):
        return None
    filters = _filters()
    # Whatever is compiled twice must not warn twice: first every warning is an error.
    code = _compiled(data, path, filters, "error")
    if code is not None:
        return code
    if _compiled(data, path, filters, "ignore") is None:
        return None
    return compile(data, path, "exec", dont_inherit=True)


class _Captured(Exception):
    pass


def _captured(text, runs_next):
    """The code of a program's text without `compile`, whose first call in a process takes 1 to 2 ms for its syntax tree types: what
    exec compiles is taken from the frame that exec is about to run, and not one instruction of it runs. None if that cannot be."""
    if sys.gettrace() is not None:
        return None
    found, scope = [], {}

    def starts(code):
        if code is not None:
            found.append(code)
        raise _Captured

    def called(frame, event, argument):
        if frame.f_globals is scope:  # it may look for a codec before, by Python code
            starts(frame.f_code)

    by_engine = _engine is not None and _engine.catch_start(scope, starts)
    if not by_engine:
        sys.settrace(called)
    try:
        exec(text, scope)
    except _Captured:
        pass
    finally:
        if by_engine:
            _engine.catch_no_more(runs_next and bool(found))
        else:
            sys.settrace(None)
    return found[0] if found else None


def _named(code, path):
    """exec calls every text <string>."""
    kind = type(code)
    return code.replace(co_filename=path, co_consts=tuple([_named(item, path) if type(item) is kind else item for item in code.co_consts]))


def _decodes(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return any(b"coding" in line for line in data.split(b"\n", 2)[:2])


def _filters():
    warnings = sys.modules.get("warnings") or sys.modules.get("_warnings")
    filters = getattr(warnings, "filters", None)
    return filters if type(filters) is list else []


def _compiled(data, path, filters, action, runs_next=True):
    entry = (action, None, Warning, None, 0)
    filters.insert(0, entry)
    try:
        code = _captured(data, runs_next) if action == "error" else None
        return compile(data, path, "exec", dont_inherit=True) if code is None else _named(code, path)
    except (SyntaxError, ValueError, RecursionError, OverflowError):
        return None
    finally:
        for at, item in enumerate(filters):
            if item is entry:
                del filters[at]
                break


def run_by_interpreter(path, scope):
    """Lets the interpreter read, compile and run the file."""
    try:
        ctypes = private.load("ctypes")
        library = ctypes.PyDLL(None)
        library.fopen.restype = ctypes.c_void_p
        library.fopen.argtypes = [ctypes.c_char_p, ctypes.c_char_p]
        execute = ctypes.pythonapi.PyRun_FileExFlags
    except (ImportError, OSError, AttributeError, TypeError):
        with open(path, "rb") as file:
            data = file.read()
        exec(compile(data, path, "exec", dont_inherit=True), scope)
        return
    execute.restype = ctypes.py_object
    execute.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.py_object, ctypes.py_object, ctypes.c_int, ctypes.c_void_p]
    name = private.load("os").fsencode(path)
    execute(library.fopen(name, b"rb"), name, 257, scope, scope, 1, None)
