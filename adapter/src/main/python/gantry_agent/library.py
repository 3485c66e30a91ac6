"""Whose code a file is: the user's or a library's; justMyCode and its rules. Pure over names, on any thread.

Where libraries are is found without sysconfig, which is not loaded at start and costs milliseconds.
"""
import sys

from gantry_agent import paths, private

_PACKAGES = ('site-packages', 'dist-packages')
_NEVER = ('<frozen importlib._bootstrap', '<frozen runpy', '<frozen zipimport')
_GENERATED = ('<string>', '<attrs generated', '<__array_function__', '<frozen ', '<template', '<makefun', '<decorator-gen')


def directories():
    """The directories of the standard library and of installed packages, as they are named and as they really are."""
    found = set()
    for place in _named_places():
        if place and paths.isabs(place):
            found.add(paths.fold(paths.normpath(place)))
            found.add(paths.fold(paths.realpath(place)))
    return frozenset(each for each in found if paths.dirname(each) != each)


def _named_places():
    version = 'python%d.%d' % sys.version_info[:2]
    yield paths.standard_library()
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        for lib in ('lib', getattr(sys, 'platlibdir', 'lib')):
            yield paths.join(prefix, lib, version)
        if paths.WINDOWS:
            yield paths.join(prefix, 'Lib')
    site = sys.modules.get('site')
    user = getattr(site, 'USER_SITE', None)
    if isinstance(user, str):
        yield user
    for place in list(sys.path):
        if isinstance(place, str) and place.rstrip('/\\').endswith(_PACKAGES + ('lib-dynload',)):
            yield place


def in_packages(path):
    """Whether a component of the path is a directory of installed packages (a virtual environment's in the workspace too)."""
    parts = paths.fold(path).replace('\\', '/').split('/')
    return any(name in parts for name in _PACKAGES)


def matches_part(pattern, text):
    """A shell pattern of one path component: *, ? and [...]."""
    at = mark = back = 0
    star = -1
    while at < len(text):
        size = _one(pattern, mark, text[at]) if mark < len(pattern) else 0
        if size:
            mark, at = mark + size, at + 1
        elif mark < len(pattern) and pattern[mark] == '*':
            star, back, mark = mark, at, mark + 1
        elif star >= 0:
            back += 1
            mark, at = star + 1, back
        else:
            return False
    return not pattern[mark:].strip('*')


def _one(pattern, mark, character):
    """How many characters of the pattern match this one character; 0 if it does not match."""
    if pattern[mark] == '*':
        return 0
    if pattern[mark] == '[':
        end = pattern.find(']', mark + 2)
        if end > 0:
            inner = pattern[mark + 1:end]
            negated = inner[0] in '!^'
            return end + 1 - mark if _in_set(inner[1:] if negated else inner, character) != negated else 0
    return 1 if pattern[mark] in ('?', character) else 0


def _in_set(inner, character):
    index = 0
    while index < len(inner):
        if inner[index + 1:index + 2] == '-' and index + 2 < len(inner):
            if inner[index] <= character <= inner[index + 2]:
                return True
            index += 3
        else:
            if inner[index] == character:
                return True
            index += 1
    return False


def matches_path(pattern, path):
    """A path pattern: `**` is any number of directories; what names a directory means all below it."""
    parts, names = _split(pattern), _split(path)
    reached = {0}
    for name in names:
        following = set()
        for index in _closed(parts, reached):
            if index == len(parts):
                return True
            if parts[index] == '**':
                following.add(index)
            elif matches_part(parts[index], name):
                following.add(index + 1)
        if not following:
            return False
        reached = following
    return len(parts) in _closed(parts, reached)


def _split(path):
    return [part for part in path.replace('\\', '/').split('/') if part]


def _closed(parts, reached):
    """The positions in the pattern, with those behind a `**` that matches nothing."""
    found = set(reached)
    for index in sorted(reached):
        while index < len(parts) and parts[index] == '**':
            index += 1
            found.add(index)
    return found


class Rule:
    """One of `rules`: a path pattern or a module name, and whether code there is the user's."""

    def __init__(self, arguments, start):
        self.include = bool(arguments.get('include', True))
        self.module = arguments.get('module')
        path = arguments.get('path')
        self.path = None
        if isinstance(path, str) and path:
            path = paths.fold(private.load('os').path.expanduser(path))
            if path.startswith('<') or paths.isabs(path) or path.startswith('**'):
                self.path = path
            else:
                self.path = paths.fold(paths.join(start, path)) if '/' in path or '\\' in path else '**/' + path

    def matches(self, spellings, modules):
        if self.path is not None:
            return any(self.path == path or matches_path(self.path, path) for path in map(paths.fold, spellings))
        if isinstance(self.module, str):
            return any(name == self.module or name.startswith(self.module + '.') for name in modules)
        return False


class Library:
    """Decides for Files.is_user."""

    def __init__(self, start):
        self.start = start
        self.just_my_code, self.rules = True, []
        self._directories = None

    def configure(self, just_my_code, rules):
        made = [Rule(each, self.start) for each in rules or () if isinstance(each, dict)]
        made.sort(key=lambda rule: -len(rule.path or ''))
        self.just_my_code, self.rules = bool(just_my_code), made

    def is_user(self, name, spellings, modules, is_main, has_text):
        """`name` is the co_filename, `spellings` the file's paths, `modules` the names of the modules it is."""
        modules = list(modules()) if self.rules else ()
        for rule in self.rules:
            if rule.matches(spellings, modules):
                return rule.include
        if is_main:
            return True
        if name.startswith(_NEVER):
            return False
        if not self.just_my_code:
            return True
        if name.startswith('<'):
            return has_text and not name.startswith(_GENERATED[1:]) or not name.startswith(_GENERATED)
        return not any(self.is_library(path) for path in spellings)

    def is_library(self, path):
        if in_packages(path):
            return True
        if self._directories is None:
            self._directories = directories()
        above = paths.dirname(paths.fold(path))
        while above:
            if above in self._directories:
                return True
            parent = paths.dirname(above)
            if parent == above:
                return False
            above = parent
        return False
