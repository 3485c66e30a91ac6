"""Paths, by the system's own functions as they were at start: what the program puts in the place of os.stat does not matter. Any thread.

Windows paths are left to a copy of os.path.
"""
import sys

from gantry_agent import private

WINDOWS = sys.platform == 'win32'
_LINKS = 40


def _copy(module, **instead):
    """A module of the same functions, which find each other and `instead` in it, whatever the program does to the original."""
    space = dict(module.__dict__, **instead)
    for name, value in module.__dict__.items():
        if type(value) is type(_copy) and value.__globals__ is module.__dict__:
            made = space[name] = type(_copy)(value.__code__, space, name, value.__defaults__, value.__closure__)
            made.__kwdefaults__ = value.__kwdefaults__
    copy = type(sys)(module.__name__)
    copy.__dict__.update(space)
    return copy


if WINDOWS:
    _os = private.load('os')
    _path = _copy(_os.path, os=_copy(_os), __builtins__=__builtins__)
    stat, lstat, getcwd = _os.stat, _os.lstat, _os.getcwd
    join, split, normpath, isabs, realpath = _path.join, _path.split, _path.normpath, _path.isabs, _path.realpath
    fold = _path.normcase
else:
    import posix
    stat, lstat, getcwd, _readlink = posix.stat, posix.lstat, posix.getcwd, posix.readlink

    def isabs(path):
        return path.startswith('/')

    def fold(path):
        """As all spellings of the path are that the system takes for the same."""
        return path

    def join(base, *parts):
        for part in parts:
            if part.startswith('/'):
                base = part
            else:
                base = base + part if not base or base.endswith('/') else base + '/' + part
        return base

    def split(path):
        head, _, tail = path.rpartition('/')
        return (head.rstrip('/') or '/' if path.startswith('/') else head), tail

    def normpath(path):
        parts = []
        for part in path.split('/'):
            if part == '..' and parts and parts[-1] != '..':
                parts.pop()
            elif part == '..' and path.startswith('/'):
                pass
            elif part not in ('', '.'):
                parts.append(part)
        return ('/' if path.startswith('/') else '') + '/'.join(parts) or '.'

    def realpath(path):
        """The path without links, as far as it exists; a circle of links is left as it is."""
        done, waiting, followed = '/', [part for part in reversed(path.split('/')) if part], 0
        if not path.startswith('/'):
            waiting.extend([part for part in reversed(getcwd().split('/')) if part])
        while waiting:
            part = waiting.pop()
            if part == '.':
                continue
            if part == '..':
                done = split(done)[0]
                continue
            here = join(done, part)
            try:
                target = _readlink(here) if lstat(here).st_mode & 0o170000 == 0o120000 and followed < _LINKS else None
            except OSError:
                target = None
            if target is None:
                done = here
                continue
            followed += 1
            if target.startswith('/'):
                done = '/'
            waiting.extend([each for each in reversed(target.split('/')) if each])
        return done


def dirname(path):
    return split(path)[0]


def basename(path):
    return split(path)[1]


def stem(path):
    """The last component without its extension."""
    name = basename(path)
    return name.rpartition('.')[0] or name


def _kind(path):
    try:
        return stat(path).st_mode & 0o170000
    except (OSError, ValueError):
        return 0


def exists(path):
    return _kind(path) != 0


def isfile(path):
    return _kind(path) == 0o100000


def isdir(path):
    return _kind(path) == 0o40000


def standard_library():
    """The directory of the standard library's sources."""
    place = getattr(sys, '_stdlib_dir', None)
    if isinstance(place, str):
        return place
    return dirname(sys.modules['encodings'].__path__[0])
