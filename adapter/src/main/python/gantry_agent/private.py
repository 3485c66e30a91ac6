"""Imports for the agent that the target cannot see or disturb; usable on any thread.

The agent's own modules and the standard modules it needs live in a table of their own, never in sys.modules: their
globals hold a copy of the builtins whose `__import__` is the one of this file. Only files of the standard library are
found, by finders of our own, without the interpreter's import locks: a target that holds such a lock, has a json.py
beside it, or replaces builtins does not matter. What every interpreter has loaded at its start is shared.
"""
import _imp
import _thread
import builtins
import marshal
import sys

import _frozen_importlib as _bootstrap
import _frozen_importlib_external as _external

_SHARED = frozenset((
    "builtins", "marshal", "posix", "nt", "os", "os.path", "posixpath", "ntpath", "genericpath", "stat", "_stat", "time", "io", "_io",
    "_thread", "_imp", "_warnings", "warnings", "_weakref", "_abc", "abc", "_codecs", "codecs", "_signal", "_frozen_importlib",
    "_frozen_importlib_external", "_collections_abc", "zipimport", "winreg", "_locale"))
_PACKAGE = "gantry_agent"
LATER = "later "  # and a module's name: what of it no start runs, see standins.py
_TOKEN = "GANTRY_AGENT_TOKEN"
_PATIENCE = 10  # seconds for the adapter's word
_Module = type(sys)
_lock = _thread.RLock()
_reading = _thread.allocate_lock()
_own = {}  # the agent's modules by short name
_parts = {}  # their marshalled code by short name; None for that of `_early`, and of the others as long as `_rest` is there
_rest = None  # (the bundle, {module name: (start, end)}) until the others' code is read, or why it cannot be
_early = {}  # the code of those that each start needs, until they are loaded
_at_work = set()  # those being loaded
_unfinished = set()  # standard modules that are in the table and still being executed
_missing = object()
_collects = None  # the module gc, as long as it does not collect because of us
is_starting = True  # until the target's first line
promotions = 0  # how often objects became of the oldest generation without a collection
_lent = []  # None for each load at work, and (name, what was there) of what it had to show in sys.modules


class _Sys(_Module):
    """What privately loaded modules see as `sys`: everything of the real one, but for the table of modules."""

    def __getattr__(self, name, _get=getattr, _real=sys):
        return _get(_real, name)


def _standard_places():
    stdlib = sys.modules["encodings"].__path__[0].replace("\\", "/").rpartition("/")[0]
    places = [stdlib]
    for place in sys.path:
        if place.replace("\\", "/").rstrip("/").endswith(("/lib-dynload", "/DLLs")):
            places.append(place)
    if stdlib.endswith(".zip"):  # an embedded Python has its extensions beside its archive
        places.append(stdlib.rpartition("/")[0])
    if stdlib + "/lib-dynload" not in places:
        places.append(stdlib + "/lib-dynload")
    return places


def _begin_table():
    table = {}
    for name, module in list(sys.modules.items()):
        if name in _SHARED or name == "encodings" or name.startswith("encodings."):
            table[name] = module
    view = _Sys("sys")
    view.modules = table
    table["sys"] = view
    return table


_table = _begin_table()
_places = _standard_places()
_finders = {}
_loaders = _external._get_supported_file_loaders()
_find_lazily = _external.PathFinder
# The start gives this file a copy of the builtins of its own; a unit test that imports it does not.
_builtins = dict(builtins.__dict__) if __builtins__ is builtins or __builtins__ is builtins.__dict__ else __builtins__


def load(name):
    """The standard module `name`, loaded privately with all it imports; sys.modules stays as it was. Raises ImportError."""
    module = _table.get(name)
    if module is not None and name not in _unfinished:
        return module
    with _lock:  # waits for another thread that loads it; this very thread gets it as far as it is
        _lent.append(None)
        try:
            return _load(name)
        finally:
            while _lent:
                lent = _lent.pop()
                if lent is None:
                    break
                _put_back(*lent)


class _Later(_Module):
    """A part of the agent that is loaded when it is first asked for something."""

    def __getattr__(self, name):
        with _lock:
            if name in self.__dict__:
                return self.__dict__[name]  # another thread has loaded it meanwhile
            short = self.__name__.rpartition(".")[2]
            if short in _at_work or type(self) is not _Later:
                raise AttributeError("module %r has no attribute %r" % (self.__name__, name))
            return getattr(_finish(short, self), name)


def part(name):
    """The agent's own module gantry_agent.`name`. Raises ImportError."""
    module = _own.get(name)
    if module is not None and type(module) is not _Later:
        return module
    module = _placeholder(name)
    with _lock:
        return _finish(name, module)


def directory():
    """Where the agent's files are."""
    return _own[""].__path__[0]


def finish():
    """Loads all parts; before anything is looked at, so that no part is loaded on a thread that is stopped deep in a recursion."""
    for name in list(_parts):
        if not name.startswith(LATER):
            part(name)
    part("standins").finish()


def _placeholder(name):
    with _lock:
        module = _own.get(name)
        if module is None:
            if name not in _parts:
                raise ImportError("no part of the agent is named %r" % (name,))
            module = _own[name] = _new_module(_PACKAGE + "." + name, _PACKAGE, _Later)
            module.__file__ = "<gantry_agent/%s.py>" % name
            setattr(_own[""], name, module)
        return module


def _finish(name, module):
    """With the lock held. A part that is being loaded by this very thread is returned as far as it is."""
    if type(module) is _Later and name not in _at_work:
        _at_work.add(name)
        try:
            if LATER + name in _parts:
                module.stand_in = part("standins").maker(name, module.__dict__)
            exec(_early.get(name) or marshal.loads(marshalled(name)), module.__dict__)
            module.__class__ = _Module
            _early.pop(name, None)
        finally:
            _at_work.discard(name)
    return module


def marshalled(name):
    """What the bundle has under this name. Raises ImportError."""
    if _parts[name] is None:
        read_rest()
        if _parts[name] is None:
            raise ImportError("the agent's own file could not be read")
    return _parts[name]


def read_rest():
    """Reads what of the bundle the start did not need, and closes it: before the target's first line, which may lock us out of the
    file system. The interpreter lock is free meanwhile: one call reads all, by a lock that nobody needs for anything else."""
    global _rest
    with _reading:
        if _rest is None:
            return
        if isinstance(_rest, Exception):
            raise _rest
        file, places = _rest
        size = max(end for _, end in places.values())
        try:
            with file:
                data = piece = file.read(size)
                while piece and len(data) < size:
                    piece = file.read(size - len(data))
                    data += piece
        except Exception as error:
            _rest = error.with_traceback(None)  # for who asks next
            raise
        _rest = None
        data = memoryview(data)
        _parts.update((name, data[start:end]) for name, (start, end) in places.items() if end <= len(data))


def forked():
    """In a child process: who held a lock at the fork is not here to release it."""
    global _lock, _reading
    _lock, _reading = _thread.RLock(), _thread.allocate_lock()


def start_is_over():
    """The garbage collector, which `begin` has switched off, is on again, and what the start has made is of its oldest generation, as
    if it had been looked at: of a thousand objects nearly all stay, and to look at each would take a sixth of the start. Idempotent,
    never raises: the main thread, before the target's first line, and where it does not come to that."""
    global _collects, promotions, is_starting
    is_starting = False
    try:
        read_rest()
    except Exception:
        pass  # who needs a part is told
    gc, _collects = _collects, None
    if gc is not None:
        if not gc.get_freeze_count():
            promotions += 1  # once for each: who looks in between must see that something was moved
            gc.freeze()
            gc.unfreeze()
            promotions += 1
        gc.enable()


def begin(module, directory, parts, file=None):
    """Called once by the start, with {module name: code} or the second of what stands in a bundle (see bundle.py) and the bundle, open
    behind it: registers this very module and returns (function that runs the agent, its arguments)."""
    global _rest, _collects
    gc = load("gc")
    if gc.isenabled():
        _collects = gc
        gc.disable()
    if file is not None:
        places, early = marshal.loads(parts)
        _early.update(early)
        _rest = file, places
        parts = dict.fromkeys(places)
        parts.update(dict.fromkeys(early))
    _parts.update(parts)
    package = _new_module(_PACKAGE, _PACKAGE)
    package.__path__ = [directory]
    package.private = module
    _own[""] = package
    _own["private"] = module
    words = sys.argv
    try:
        return part("core").main, _channel(words[2]), words[3], words[4:]
    except BaseException:
        if file is not None:
            file.close()
        raise


def _channel(word):
    """The agent's end of the channel: the descriptor that it inherits, or of its connection to the adapter; on Windows, where a socket
    is none, the socket."""
    kind, _, place = word.partition(":")
    if not place:
        return int(word)
    sockets = load("_socket")
    client = sockets.socket(sockets.AF_UNIX if kind == "unix" else sockets.AF_INET, sockets.SOCK_STREAM)
    try:
        if kind == "unix":
            client.settimeout(None)
            client.connect(place)
        else:
            _connect(sockets, client, int(place))
    except OSError as error:
        client.close()
        raise SystemExit("Gantry: the debugger cannot be reached at %s: %s" % (place, error.strerror or error)) from None
    return client if sys.platform == "win32" else client.detach()


def _connect(sockets, client, port):
    """To a port where anybody might listen, if the adapter is gone: each side says its half of the token."""
    token = _token().encode()
    half = len(token) // 2
    if not half:
        raise OSError("%s is not in the environment" % _TOKEN)
    client.settimeout(_PATIENCE)
    client.connect(("127.0.0.1", port))
    client.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
    client.sendall(token[:half])
    answer = piece = client.recv(half)
    while piece and len(answer) < half:
        piece = client.recv(half - len(answer))
        answer += piece
    if answer != token[half:]:
        raise OSError("it is not the one that has started this program")
    client.settimeout(None)


def _token():
    """Taken out of the environment, and out of what an `os` that is loaded later will make of it."""
    system = load("os")
    token = system.environ.pop(_TOKEN, "")
    first = sys.modules.get("posix") or sys.modules["nt"]
    for key in (_TOKEN, _TOKEN.encode()):
        first.environ.pop(key, None)
    return token


def _new_module(name, package, kind=_Module):
    module = kind(name)
    module.__dict__["__builtins__"] = _builtins
    module.__package__ = package
    return module


def _load(name):
    module = _table.get(name)
    if module is not None:
        return module
    parent, _, last = name.rpartition(".")
    path = None
    if parent:
        path = getattr(_load(parent), "__path__", None)
        module = _table.get(name)  # its parent may have put it there
        if module is not None:
            return module
        if path is None:
            raise ImportError("%s is not a package" % parent, name=name)
    if _imp.is_builtin(name):
        module = _load_builtin(name)
    else:
        module = _load_file(name, last, path)
    if parent:
        setattr(_table[parent], last, module)
    return module


def _load_builtin(name):
    before = sys.modules.get(name, _missing)
    try:
        module = _imp.create_builtin(_bootstrap.ModuleSpec(name, _bootstrap.BuiltinImporter, origin="built-in"))
        _fill(name, module, lambda: _imp.exec_builtin(module))
    finally:
        _put_back(name, before)
    return module


def _load_file(name, last, path):
    spec = _find(name, last, _places if path is None else path)
    if spec is None:
        raise ImportError("the standard library has no module named %r" % (name,), name=name)
    if isinstance(spec.loader, _external.ExtensionFileLoader):
        return _load_extension(name, spec)
    module = _new_module(name, name if spec.submodule_search_locations is not None else name.rpartition(".")[0])
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    if name == "typing":  # its classes are made under frames of the shared `abc`, whose C code asks for it by name
        _lend(name, module)
    _fill(name, module, lambda: exec(spec.loader.get_code(name), module.__dict__))
    return _table[name]


def _fill(name, module, execute):
    """Puts a module into the table and executes it; with the lock held. One that fails is taken out again."""
    _unfinished.add(name)
    _table[name] = module
    try:
        execute()
    except BaseException:
        _table.pop(name, None)
        raise
    finally:
        _unfinished.discard(name)


def _load_extension(name, spec):
    before = sys.modules.get(name, _missing)
    try:
        module = _imp.create_dynamic(spec)
        _fill(name, module, lambda: _imp.exec_dynamic(module))
    finally:
        _put_back(name, before)
    return module


def _put_back(name, before):
    if before is _missing:
        sys.modules.pop(name, None)
    else:
        sys.modules[name] = before


def _find(name, last, places):
    if places is _places:
        path = "%s/%s.py" % (places[0], last)
        if _external._path_isfile(path):  # nearly always: a finder would list the directory first
            return _external.spec_from_file_location(name, path, loader=_external.SourceFileLoader(name, path))
    for place in places:
        finder = _finders.get(place)
        if finder is None:
            finder = _finder_for(place)
            _finders[place] = finder
        spec = finder.find_spec(last if "." not in name else name)
        if spec is not None and spec.loader is not None:
            return spec
    return None


def _finder_for(place):
    try:
        return _external.FileFinder.path_hook(*_loaders)(place)
    except ImportError:
        return _Zip(place)


class _Zip:
    """Finds modules in a zip file (an embedded Python) or, if the place does not exist, nothing."""

    def __init__(self, place):
        self._place = place

    def find_spec(self, name):
        return _find_lazily.find_spec(name, [self._place])


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """`__import__` of the agent's modules and of everything that is loaded privately."""
    if type(fromlist) is list:
        return _import_for_c(name, globals, locals, fromlist, level)
    if name == "sys" and globals is not None and globals.get("__package__") == _PACKAGE:
        return sys  # the agent looks at the target's modules; what is loaded privately must not
    if level:
        package = globals.get("__package__") or globals["__name__"].rpartition(".")[0]
        for _ in range(level - 1):
            package = package.rpartition(".")[0]
        name = package + "." + name if name else package
    head, _, rest = name.partition(".")
    if head == _PACKAGE and _own:
        if rest:
            module = part(rest)
            return module if fromlist else _own[""]
        for item in fromlist or ():
            if item in _parts:
                _placeholder(item)
        return _own[""]
    module = load(name)
    if not fromlist:
        return module if level or not rest else load(head)
    path = getattr(module, "__path__", None)
    if path is not None:
        for item in fromlist:
            if item != "*" and not hasattr(module, item):
                try:
                    load(name + "." + item)
                except ImportError:
                    pass  # the name may be missing: the statement says so by itself
    return module


def _lend(name, module):
    """Shows a module in the real sys.modules until the load has ended."""
    _lent.append((name, sys.modules.get(name, _missing)))
    sys.modules[name] = module


def _import_for_c(name, globals, locals, fromlist, level):
    """PyImport_Import of C code under one of our frames: it takes its result from the real sys.modules.

    What is being loaded privately is shown there until the load has ended; else it is the target's own business.
    """
    if not _lent or not _lock.acquire(False):
        return _real_import(name, globals, locals, fromlist, level)
    try:
        if not _lent:
            return _real_import(name, globals, locals, fromlist, level)
        module = _table.get(name) or _load(name)
        _lend(name, module)
        return module
    finally:
        _lock.release()


_real_import = _builtins["__import__"]
_builtins["__import__"] = _import
