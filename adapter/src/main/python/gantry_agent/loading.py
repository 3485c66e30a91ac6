"""What private.py needs once a standard module comes from a file; usable on any thread."""
import _imp
import sys

import _frozen_importlib_external as _external

from gantry_agent import private

_finders = {}
_suffixes = _imp.extension_suffixes()[:1]
_loaders = _external._get_supported_file_loaders()
_find_lazily = _external.PathFinder


def load_file(name, last, path):
    """The standard module `name` of the directories `path`, or None for those of the whole library; private's lock is held."""
    spec = _find(name, last, private._places if path is None else path)
    if spec is None:
        raise ImportError("the standard library has no module named %r" % (name,), name=name)
    if isinstance(spec.loader, _external.ExtensionFileLoader):
        return _load_extension(name, spec)
    module = private._new_module(name, name if spec.submodule_search_locations is not None else name.rpartition(".")[0])
    module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    if name == "typing":  # its classes are made under frames of the shared `abc`, whose C code asks for it by name
        _lend(name, module)
    private._fill(name, module, lambda: exec(spec.loader.get_code(name), module.__dict__))
    return private._table[name]


def _load_extension(name, spec):
    before = sys.modules.get(name, private._missing)
    try:
        module = _imp.create_dynamic(spec)
        private._fill(name, module, lambda: _imp.exec_dynamic(module))
    finally:
        private._put_back(name, before)
    return module


def _find(name, last, places):
    if places is private._places:
        path = "%s/%s.py" % (places[0], last)
        if _external._path_isfile(path):  # nearly always: a finder would list the directory first
            return _external.spec_from_file_location(name, path, loader=_external.SourceFileLoader(name, path))
        for path in ["%s/%s%s" % (place, last, suffix) for suffix in _suffixes for place in places]:
            if _external._path_isfile(path):
                return _external.spec_from_file_location(name, path, loader=_external.ExtensionFileLoader(name, path))
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


def _lend(name, module):
    """Shows a module in the real sys.modules until the load has ended."""
    private._lent.append((name, sys.modules.get(name, private._missing)))
    sys.modules[name] = module


def import_for_c(name, globals, locals, fromlist, level):
    """PyImport_Import of C code under one of our frames: it takes its result from the real sys.modules.

    What is being loaded privately is shown there until the load has ended; else it is the target's own business.
    """
    if not private._lent or not private._lock.acquire(False):
        return private._real_import(name, globals, locals, fromlist, level)
    try:
        if not private._lent:
            return private._real_import(name, globals, locals, fromlist, level)
        module = private._table.get(name) or private._load(name)
        _lend(name, module)
        return module
    finally:
        private._lock.release()
