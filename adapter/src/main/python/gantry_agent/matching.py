"""Which exceptions a filter means: globs of type names, expressions, and paths of exceptionOptions. Pure, but for the expressions.

`json.*, !KeyError` are globs: they match a type by its name or its full name, and so do its base classes' names. Everything else is an
expression, evaluated with the names of the frame and `exc`; a lone name is a glob when it is written like a class (capital letter, or `error`).
"""
from gantry_agent import quiet

_type_module = type.__dict__["__module__"].__get__
_type_qualname = type.__dict__["__qualname__"].__get__
_mro = type.__dict__["__mro__"].__get__
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.*?!")
_LIKE_CLASSES = ("error", "timeout", "gaierror", "herror", "exception")


_LOOKS_AT_ALL = frozenset(("locals", "vars", "dir", "eval", "exec"))


class Invalid(Exception):
    """Text of the user that cannot be used; str() is the sentence for the user."""


def type_name(kind):
    """The name of a class as a traceback shows it."""
    try:
        module, name = _type_module(kind), _type_qualname(kind)
    except Exception:
        return "?"
    return name if module in ("builtins", "__main__") or type(module) is not str else "%s.%s" % (module, name)


def derives(kind, bases):
    """Whether a type is one of `bases` or derives from one, without code of its metaclass."""
    return any(base is one for base in _mro(kind) for one in bases)


def error_text(error):
    """The message of an exception; one whose class has its own __str__ may fail at that."""
    try:
        return str(error)
    except Exception:
        return "<no text: %s.__str__ failed>" % type_name(type(error))


def glob(pattern, text):
    """Whether `*` (anything) and `?` (one character) make the pattern the text."""
    at = back = 0
    star = None
    while back < len(text):
        if at < len(pattern) and (pattern[at] == "?" or pattern[at] == text[back] and pattern[at] != "*"):
            at, back = at + 1, back + 1
        elif at < len(pattern) and pattern[at] == "*":
            star, mark = at, back
            at += 1
        elif star is not None:
            mark += 1
            at, back = star + 1, mark
        else:
            return False
    return pattern[at:].strip("*") == ""


def _names(kind):
    for base in _mro(kind):
        if base is not object:
            module, name = _type_module(base), _type_qualname(base)
            yield name
            if type(module) is str:
                yield "%s.%s" % (module, name)


class Types:
    """Globs of type names: some positive one must match (if there is any), no negative one may."""

    def __init__(self, text):
        self._wanted, self._unwanted = [], []
        for word in text.replace(",", " ").split():
            (self._unwanted if word.startswith("!") else self._wanted).append(word.lstrip("!"))

    @staticmethod
    def looks_like(text):
        """Whether the text is a list of globs and not an expression."""
        for word in text.replace(",", " ").split():
            if not word or not _LETTERS.issuperset(word) or "!" in word[1:]:
                return False
            bare = word.lstrip("!")
            last = bare.rpartition(".")[2]
            if not (word[0] == "!" or "*" in bare or "?" in bare or last[:1].isupper() or last in _LIKE_CLASSES):
                return False
            if bare in ("True", "False", "None") or bare.startswith("exc."):
                return False
        return "," in text or len(text.split()) == 1 or all(word[0] == "!" or "*" in word for word in text.split())

    def matches(self, kind):
        names = list(_names(kind))
        if any(glob(pattern, name) for pattern in self._unwanted for name in names):
            return False
        return not self._wanted or any(glob(pattern, name) for pattern in self._wanted for name in names)

    may_hold = matches  # whether `holds` may be true of an exception of that type

    def names(self, kind):
        """Whether the type itself is spelled out."""
        return _type_qualname(kind) in self._wanted

    def holds(self, frame, error):
        """(whether it matches, None)"""
        return self.matches(type(error)), None


class Condition:
    """A Python expression over the names of the frame and `exc`."""

    def __init__(self, text):
        self.text = text
        self._failed = False
        try:
            self._code = quiet.compiled(text, "<condition>", "eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise Invalid('The condition "%s" is neither a list of exception types (such as KeyError, json.*, !ValueError) nor a Python expression: %s.'
                          % (text, getattr(error, "msg", None) or error)) from None

        self._names = [name for name in self._code.co_names if name != "exc"]
        self._wants_all = not _LOOKS_AT_ALL.isdisjoint(self._names)

    may_hold = staticmethod(lambda kind: True)

    def names(self, kind):
        return _type_qualname(kind) in self.text

    def holds(self, frame, error):
        """(whether to stop, what went wrong): a condition that fails stops once and says why."""
        try:
            names = self._names_of(frame)
            names["exc"] = error
            return bool(eval(self._code, frame.f_globals if frame is not None else {}, names)), None
        except Exception as failure:
            if self._failed:
                return False, None
            self._failed = True
            return True, 'The condition "%s" of the exception filter failed: %s: %s' % (self.text, type_name(type(failure)), error_text(failure))


    def _names_of(self, frame):
        """The local names that the expression can ask for; there may be thousands, at the level of a module."""
        if frame is None or not self._names:
            return {}
        space = frame.f_locals
        if self._wants_all:
            return dict(space)
        return {name: space[name] for name in self._names if name in space}


class Path:
    """The path of an exceptionOption: a category, then names of types, each segment perhaps negated."""

    def __init__(self, segments):
        segments = list(segments)
        if segments and not segments[0].get("negate") and any("exceptions" in name.lower() for name in segments[0].get("names") or ()):
            segments = segments[1:]
        self._segments = [(bool(one.get("negate")), list(one.get("names") or ())) for one in segments]

    def matches(self, kind):
        names = list(_names(kind))
        for negate, patterns in self._segments:
            if any(glob(pattern, name) for pattern in patterns for name in names) == negate:
                return False
        return True
