"""Functions by name, and the code that has been loaded from each file. Filled on the target's threads, read on any.

Only the outermost code object seen of a file is kept: the others hang in its constants.
"""
import sys
import time

from gantry_agent import expressions, positions

_KEPT = 4


class Name:
    """A function's name as the user writes it: f, C.m, package.module.C.m or module:f."""

    def __init__(self, text):
        module, colon, rest = text.rpartition(':')
        parts = rest.replace('<locals>.', '').split('.')
        names = parts + (module.split('.') if colon else [])
        if not all(part.isidentifier() or part == '<lambda>' for part in names):
            raise expressions.Invalid('"%s" is not the name of a function: write f, C.m, package.module.C.m or module:f.' % text[:80])
        self.last = parts[-1]
        self.choices = []  # (module or None, qualified name)
        if colon:
            self.choices.append((module, '.'.join(parts)))
            return
        for index in range(len(parts)):
            self.choices.append(('.'.join(parts[:index]) or None, '.'.join(parts[index:])))

    def matches(self, qualname, modules):
        """Whether a function of this qualified name in a module of one of these names is meant."""
        qualname = qualname.replace('<locals>.', '')
        for module, wanted in self.choices:
            if module is None:
                if qualname == wanted or qualname.endswith('.' + wanted):
                    return True
            elif qualname == wanted or (len(self.choices) == 1 and qualname.endswith('.' + wanted)):
                if any(name == module or name.endswith('.' + module) for name in modules):
                    return True
        return False


class Roots:
    """The outermost code objects seen, by file."""

    def __init__(self, files):
        self.files = files
        self.by_name = {}  # co_filename -> [code, ...]
        self.seen = {}     # co_filename -> time of the first
        self._lines = {}
        self._keys = {}    # canonical key -> co_filenames
        self._keyed = 0

    def add(self, code):
        """Remembers a code object; whether it is the first of its file, or a module loaded anew."""
        known = self.by_name.get(code.co_filename)
        if known is None:
            self.by_name[code.co_filename] = [code]
            self.seen[code.co_filename] = time.time()
            return True
        if code.co_name != '<module>' or code in known[-1:]:
            return False
        self.by_name[code.co_filename] = ([each for each in known if each.co_name == '<module>'] + [code])[-_KEPT:]
        self.seen[code.co_filename] = time.time()
        return True

    def names(self, key):
        """The co_filenames seen that mean this file."""
        if self._keyed != len(self.by_name):
            names = list(self.by_name)
            keys = {}
            for name in names:
                keys.setdefault(self.files.key(name), []).append(name)
            self._keys, self._keyed = keys, len(names)
        return self._keys.get(key, ())

    def lines(self, key):
        """The lines that can stop in what is loaded of a file: of the newest load; None if nothing is known to be loaded."""
        found = None
        for name in self.names(key):
            code = self.by_name[name][-1]
            known = self._lines.get(name)
            if known is None or known[0] is not code:
                known = self._lines[name] = code, frozenset(positions.all_lines(code))
            if code.co_name == '<module>' or found is None:
                found = known[1]
        return found

    def changed(self, key, text, stamp):
        """Whether the text is not what was loaded: it lacks lines of the loaded code, or is newer and has others."""
        for name in self.names(key):
            code, loaded = self._lines[name]
            newer = code.co_name == '<module>' and stamp is not None and stamp[0] > self.seen[name] * 1e9
            if text.differs(loaded, newer):
                return True
        return False

    def scope(self, code):
        """The scope a code object was compiled from, for Pythons whose code does not know its qualified name."""
        if hasattr(code, 'co_qualname') or code.co_name == '<module>':
            return None
        try:
            syntax = self.files.text(self.files.key_of(code)).syntax
        except (OSError, SyntaxError, ValueError):
            return None
        return syntax.scope_of(code) if syntax is not None else None

    def qualname(self, code):
        found = getattr(code, 'co_qualname', None)
        if found is None:
            scope = self.scope(code)
            found = scope.qualname if scope is not None else code.co_name
        return found

    def matches(self, name, code):
        if code.co_name != name.last or not code.co_flags & 1:
            return False
        if all(wanted == name.last and module is None for module, wanted in name.choices):
            return True
        return name.matches(self.qualname(code), self.files.module_names(code))

    def find(self, name):
        """A loaded function of this name, or one of the main program's text before it runs; None if there is none yet."""
        for module, qualname in name.choices:
            code = _in_module(sys.modules.get(module), qualname) if module else None
            if code is not None:
                return code
        for known in list(self.by_name.values()):
            for root in known:
                for code in positions.walk(root):
                    if self.matches(name, code):
                        return code
        main = self.files.main_code()
        for code in positions.walk(main) if main is not None else ():
            if code.co_name == name.last:
                code = code.replace(co_filename=self.files.main)
                if self.matches(name, code):
                    return code
        return None


def _in_module(module, qualname):
    """The code of a function in a module's dictionary, found without running anything."""
    if not isinstance(module, type(sys)):
        return None
    space = type(sys).__dict__['__dict__'].__get__(module)
    parts = qualname.split('.')
    for part in parts[:-1]:
        found = space.get(part)
        if not isinstance(found, type):
            return None
        space = type.__dict__['__dict__'].__get__(found)
    found = space.get(parts[-1])
    if type(found) in (staticmethod, classmethod):
        found = found.__func__
    elif type(found) is property:
        found = found.fget
    code = found.__code__ if type(found) is type(_in_module) else None
    return code
