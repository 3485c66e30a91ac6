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

_SHARED = frozenset((
    "builtins", "marshal", "posix", "nt", "os", "os.path", "posixpath", "ntpath", "genericpath", "stat", "_stat", "time", "io", "_io",
    "_thread", "_imp", "_warnings", "warnings", "_weakref", "_abc", "abc", "_codecs", "codecs", "_signal", "_frozen_importlib",
    "_frozen_importlib_external", "_collections_abc", "zipimport", "winreg", "_locale"))
_PACKAGE = "gantry_agent"
LATER = "later "  # and a module's name: what of it no start runs, see standins.py
_Module = type(sys)
_lock = _thread.RLock()
_reading = _thread.allocate_lock()
_own = {}  # the agent's modules by short name
_parts = {}  # their marshalled code by short name; None for that of `_early`, and where it stands in `_data` for the others of a bundle
_data = b""  # what the bundle holds of them, once it is read
_rest = None  # the bundle until then, or why it cannot be read
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
    found = _parts[name]
    if type(found) is tuple:
        read_rest()
        start, end = found
        found = _data[start:end] if end <= len(_data) else None
    if found is None:
        raise ImportError("the agent's own file could not be read")
    return found


def read_rest():
    """Reads what of the bundle the start did not need, and closes it: before the target's first line, which may lock us out of the
    file system. The interpreter lock is free meanwhile: one call reads all, by a lock that nobody needs for anything else."""
    global _data, _rest
    with _reading:
        if _rest is None:
            return
        if isinstance(_rest, Exception):
            raise _rest
        size = max(place[1] for place in _parts.values() if place is not None)
        try:
            with _rest as file:
                data = piece = file.read(size)
                while piece and len(data) < size:
                    piece = file.read(size - len(data))
                    data += piece
        except Exception as error:
            _rest = error.with_traceback(None)  # for who asks next
            raise
        _data, _rest = memoryview(data), None


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
        _rest = file
        parts = dict.fromkeys(early)
        parts.update(places)
    _parts.update(parts)
    package = _new_module(_PACKAGE, _PACKAGE)
    package.__path__ = [directory]
    package.private = module
    _own[""] = package
    _own["private"] = module
    words = sys.argv
    try:
        channel = int(words[2]) if words[2].isdigit() else part("connecting").connect(words[2])
        return part("core").main, channel, words[3], words[4:]
    except BaseException:
        if file is not None:
            file.close()
        raise


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
        from gantry_agent import loading
        module = loading.load_file(name, last, path)
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


def _put_back(name, before):
    if before is _missing:
        sys.modules.pop(name, None)
    else:
        sys.modules[name] = before


def _import(name, globals=None, locals=None, fromlist=(), level=0):
    """`__import__` of the agent's modules and of everything that is loaded privately."""
    if type(fromlist) is list:
        from gantry_agent import loading
        return loading.import_for_c(name, globals, locals, fromlist, level)
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
            if item in _parts and item not in _own:
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


_real_import = _builtins["__import__"]
_builtins["__import__"] = _import
