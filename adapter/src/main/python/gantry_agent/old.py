"""Runs the target undebugged where there is no engine: Python 2.7, 3.6, 3.7, PyPy; main thread only, parsable by all of them.

The adapter is told so, what it asks before `run` is answered, and the channel is closed before the target's first line:
nothing of the agent is left but one frame. Why the target runs inside sys.excepthook is said in run.py.
"""
import os
import sys

_READY = ("configure", "run", "letGo", "setExceptionBreakpoints")
_LISTS = ("setBreakpoints", "setFunctionBreakpoints", "setDataBreakpoints")
_launch = []


class _Leave(Exception):
    pass


def run(ends, kind, argv):
    """Talks to the adapter until it says `run`, then runs the target."""
    name = _name()
    if name == "CPython":
        why = "Gantry debugs CPython 3.8 and later; this is %d.%d: the program runs without debugging." % sys.version_info[:2]
    else:
        why = "Gantry debugs CPython only; this is %s: the program runs without debugging." % name
    try:
        _hello(ends, name, why)
        while _answer(ends, why):
            pass
        ends[2]()
    except (EnvironmentError, EOFError, SyntaxError, ValueError):
        pass
    _launch[:] = [kind, argv, sys.excepthook]
    if name != "CPython":
        _bottom()
        return
    sys.excepthook = _bottom
    raise _Leave


def _name():
    implementation = getattr(sys, "implementation", None)
    name = "pypy" if hasattr(sys, "pypy_version_info") else getattr(implementation, "name", "cpython")
    return {"cpython": "CPython", "pypy": "PyPy"}.get(name, name)


# -- the channel


def channel(word):
    """How to read from the channel, write to it and close it: an inherited descriptor, or a socket connected to the adapter."""
    kind, _, place = word.partition(":")
    if not place:
        end = int(word)
        return lambda count: os.read(end, count), lambda data: os.write(end, data), lambda: os.close(end)
    before = set(sys.modules)
    import _socket
    for name in set(sys.modules) - before:
        del sys.modules[name]
    client = _socket.socket(_socket.AF_UNIX if kind == "unix" else _socket.AF_INET, _socket.SOCK_STREAM)
    ends = client.recv, client.send, client.close
    client.settimeout(None if kind == "unix" else 10)
    try:
        if kind == "unix":
            client.connect(place)
        else:
            token = os.environ.pop("GANTRY_AGENT_TOKEN", "").encode("ascii")
            half = len(token) // 2
            client.connect(("127.0.0.1", int(place)))
            client.sendall(token[:half])
            if not half or _exactly(ends, half) != token[half:]:
                raise EOFError
            client.settimeout(None)
        return ends
    except (EnvironmentError, EOFError) as error:
        client.close()
        why = getattr(error, "strerror", None) or "it is not the one that has started this program"
        raise SystemExit("Gantry: the debugger cannot be reached at %s: %s" % (place, why))


def _hello(ends, name, why):
    _send(ends, 1, '"type":"event","event":"hello","body":{"pid":%d,"python":"%d.%d.%d","implementation":%s,"executable":%s,'
          '"debugging":false,"why":%s}' % ((os.getpid(),) + tuple(sys.version_info[:3]) + (
              _quoted(name.lower()), _quoted(sys.executable or ""), _quoted(why))))


def _quoted(text):
    """JSON of a text: ASCII, pairs of surrogates above 0xFFFF. Nothing is imported for it: the target would see that."""
    if not isinstance(text, type(u"")):
        text = text.decode("utf-8", "replace")
    pieces = []
    for character in text:
        number = ord(character)
        if number > 0xFFFF:
            number -= 0x10000
            pieces.append("\\u%04x\\u%04x" % (0xD800 | number >> 10, 0xDC00 | number & 0x3FF))
        elif number < 32 or number > 126 or character in u'"\\':
            pieces.append("\\u%04x" % number)
        else:
            pieces.append(str(character))
    return '"%s"' % "".join(pieces)


def _send(ends, seq, text):
    data = ('{"seq":%d,%s}' % (seq, text)).encode("ascii")
    length = len(data)
    data = bytes(bytearray((length >> 24, length >> 16 & 255, length >> 8 & 255, length & 255))) + data
    while data:
        data = data[ends[1](data):]


def _exactly(ends, count):
    data = b""
    while len(data) < count:
        piece = ends[0](count - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _answer(ends, why):
    """Answers one request; False after `run`."""
    length = 0
    for byte in bytearray(_exactly(ends, 4)):
        length = length << 8 | byte
    # JSON but for three names is Python; only the adapter writes here.
    request = eval(_exactly(ends, length).decode("utf-8"), {"__builtins__": {}, "true": True, "false": False, "null": None})
    command = str(request["command"])
    if command in _READY:
        rest = '"success":true,"body":{}'
    elif command in _LISTS:
        one = '{"verified":false,"message":%s}' % _quoted(why)
        rest = '"success":true,"body":{"breakpoints":[%s]}' % ",".join([one] * len(request["arguments"].get("breakpoints") or ()))
    else:
        rest = '"success":false,"message":%s' % _quoted(why)
    _send(ends, request["seq"] + 1, '"type":"response","request_seq":%d,"command":%s,%s' % (request["seq"], _quoted(command), rest))
    return command != "run"


# -- the target


def _bottom(*_):
    """The only frame of the agent below the target's."""
    kind, argv, sys.excepthook = _launch
    for name in ("last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)
    caught = []
    try:
        function, arguments = _prepared(kind, argv)
        function(*arguments)
    except BaseException:
        caught.extend(sys.exc_info())
    if hasattr(sys, "exc_clear"):
        sys.exc_clear()
    function = arguments = None
    return _ended(kind, caught)


def _prepared(kind, argv):
    scope = _new_main()
    target = argv[0]
    if kind == "code":
        sys.argv[:] = ["-c"] + argv[1:]
        return _function(compile(target, "<string>", "exec", 0, 1), scope), ()
    if kind == "module":
        sys.argv[:] = ["-m"] + argv[1:]
        _set_first_path(os.getcwd() if sys.version_info >= (3, 7) else "")
        return _module(target, True)
    sys.argv[:] = argv
    if _is_container(target):
        _set_first_path(target, True)
        return _module("__main__", False)
    _set_first_path(os.path.dirname(os.path.realpath(target) if os.path.exists(target) else target))
    return _function(_code(target, scope), scope), ()


def _new_main():
    """A namespace of __main__ that no frame of the start knows."""
    old = sys.modules["__main__"].__dict__
    module = type(sys)("__main__")
    names = ["__name__", "__doc__", "__package__", "__loader__", "__spec__", "__annotations__", "__builtins__"]
    module.__dict__.update((name, old[name]) for name in names if name in old)
    module.__doc__ = None
    sys.modules["__main__"] = module
    return module.__dict__


def _function(code, scope):
    return type(_function)(code, scope)


def _module(name, alter_argv):
    import runpy
    return runpy._run_module_as_main, (name, alter_argv)


def _set_first_path(path, always=False):
    isolated = getattr(sys.flags, "isolated", False)
    if not isolated and sys.path[:1] == [""]:
        del sys.path[0]
    if always or not isolated:
        sys.path.insert(0, path)


def _is_container(path):
    if sys.version_info < (3,) and os.path.isdir(path):
        return True
    sys.path_importer_cache[path] = None
    for hook in sys.path_hooks:
        try:
            sys.path_importer_cache[path] = hook(path)
            return True
        except ImportError:
            pass
    return False


def _code(path, scope):
    try:
        with open(path, "rb") as file:
            data = file.read()
    except EnvironmentError as error:
        sys.stderr.write("%s: can't open file '%s': [Errno %d] %s\n" % (_program(), path, error.errno, error.strerror))
        raise SystemExit(2)
    scope["__file__"] = path
    external = sys.modules.get("_frozen_importlib_external")
    compiled = path.endswith((".pyc", ".pyo"))
    if external is not None:
        scope["__cached__"] = None
        scope["__loader__"] = (external.SourcelessFileLoader if compiled else external.SourceFileLoader)("__main__", path)
    if not compiled:
        return compile(data, path, "exec", 0, 1)
    import marshal
    return marshal.loads(data[8 if sys.version_info < (3,) else 12 if sys.version_info < (3, 7) else 16:])


def _program():
    try:
        with open("/proc/self/cmdline", "rb") as file:
            word = file.read().split(b"\0")[0]
        return word if str is bytes else os.fsdecode(word)
    except EnvironmentError:
        return sys.executable


def _ended(kind, caught):
    error, trace = (caught[1], caught[2]) if caught else (None, None)
    del caught[:]  # the frame that calls us may live on as an f_back: it keeps nothing
    if kind == "program":
        for stream in (sys.stderr, sys.stdout):
            try:
                stream.flush()
            except Exception:
                pass
    if error is None:
        _forget_file(kind)
        raise SystemExit
    if isinstance(error, SystemExit):
        raise error
    while trace is not None and trace.tb_frame.f_globals is globals():
        trace = trace.tb_next
    if hasattr(error, "__traceback__"):
        error.__traceback__ = trace
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
    _report(type(error), error, trace)
    _forget_file(kind)
    if _name() != "CPython":
        raise SystemExit(1)


def _report(kind, error, trace):
    if not hasattr(sys, "excepthook"):
        sys.stderr.write("sys.excepthook is missing\n")
        return sys.__excepthook__(kind, error, trace)
    second = ()
    try:
        sys.excepthook(kind, error, trace)
    except SystemExit:
        raise
    except BaseException:
        second = sys.exc_info()
    if second:
        rest = second[2].tb_next
        if hasattr(second[1], "__traceback__"):
            second[1].__traceback__ = rest
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(second[0], second[1], rest)
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(kind, error, trace)


def _forget_file(kind):
    if kind == "program":
        scope = getattr(sys.modules.get("__main__"), "__dict__", {})
        scope.pop("__file__", None)
        scope.pop("__cached__", None)
