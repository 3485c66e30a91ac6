"""Places a value is held in, so that they can be watched: a local variable, an attribute, an item.

Reading one runs nothing of the program: no property, no `__getattr__`, no `__hash__`, no `__eq__`. Made on the stopped
thread, read on every thread that runs watched code.
"""
import sys
import _weakref

from gantry_agent import static, writers
from gantry_agent.static import MISSING
from gantry_agent.threads import SUSPENDS, frames_of

ATOMS = frozenset((int, float, complex, str, bytes, bool, type(None), type(Ellipsis), type(NotImplemented)))
TEXT = 60
_flags = type.__dict__['__flags__'].__get__


class Unwatchable(Exception):
    """The place cannot be watched; the text is for the user and says why."""


def is_plain(value):
    """Whether comparing and printing the value runs the interpreter's own code only."""
    kind = type(value)
    if kind in ATOMS:
        return True
    return kind is tuple and len(value) <= 20 and all(type(item) in ATOMS for item in value)


def brief(value):
    """A value in a few words, by nothing of the program's."""
    kind = type(value)
    if value is MISSING:
        return 'unset'
    if kind is int and value.bit_length() > 400:
        return 'int of %d bits' % value.bit_length()
    if kind in (str, bytes) and len(value) > TEXT:
        return repr(value[:TEXT - 3]) + '...'
    if is_plain(value):
        text = repr(value)
        return text if len(text) <= 4 * TEXT else text[:4 * TEXT] + '...'
    for base in (list, tuple, dict, set, frozenset, bytearray):
        if static.isinstance_of(value, base):
            size = base.__len__(value)
            return '%s of %d item%s' % (type.__dict__['__name__'].__get__(kind), size, '' if size == 1 else 's')
    if static.isinstance_of(value, type):
        return 'class ' + static.qualified_name(value)
    return '%s object at 0x%x' % (static.qualified_name(kind), id(value))


class Held:
    """What a place held when it was last looked at. Objects of the program are not kept alive by it: `value` is then itself."""

    __slots__ = ('ident', 'value', 'reference', 'text')

    def __init__(self, value):
        self.ident = id(value)
        self.value, self.reference, self.text = self, None, None
        if value is MISSING or is_plain(value):
            self.value = value
            return
        self.text = brief(value)
        try:
            self.reference = _weakref.ref(value)
        except TypeError:
            pass

    def same(self, value):
        """Whether `value` is what was held: the same object, or an equal one of a plain type."""
        if self.text is None:
            held = self.value
            return held is value or type(held) is type(value) and is_plain(value) and held == value
        return self.ident == id(value) and (self.reference is None or self.reference() is value)

    def describe(self):
        """The value in a few words."""
        return brief(self.value) if self.text is None else self.text


def alive(frame):
    """Whether a call goes on: it is on a stack, or of a kind that may be suspended."""
    return bool(frame.f_code.co_flags & SUSPENDS) or any(frame is one for one in frames_on_stacks())


def frames_on_stacks():
    """Every frame of every thread."""
    for ident in list(sys._current_frames()):
        yield from frames_of(ident)


class Owner:
    """A thing that a place belongs to: held weakly where its type allows it."""

    __slots__ = ('get',)

    def __init__(self, thing):
        try:
            self.get = _weakref.ref(thing)          # the thing, or None when the program has let it go
        except TypeError:
            self.get = lambda: thing


class Local:
    """A variable of a frame that is on a stack or suspended."""

    def __init__(self, frame, name):
        self.frame, self.name = frame, name
        self.key = ('local', id(frame), name)
        self.label = name
        code = frame.f_code
        # Other calls of the same function have variables of their own, but for those shared with functions inside.
        self.shared = name in code.co_cellvars or name in code.co_freevars

    def read(self):
        """What the variable holds now."""
        frame = self.frame
        if frame is None:
            return MISSING
        held = frame.f_locals
        if type(held) is dict:
            return held.get(self.name, MISSING)
        return _from_mapping(held, self.name)

    def may_write(self, code):
        """Whether `code` is worth a closer look: quick, may say yes too often."""
        if self.frame is not None and code is self.frame.f_code:
            return True
        return self.shared and writers.may_write(code, (writers.VARIABLES,), self.name)

    def hot_lines(self, code):
        """The lines of `code` after which it may have changed: None (never), True (any) or a set."""
        if self.frame is not None and code is self.frame.f_code:
            return True
        return writers.hot_lines(code, (writers.VARIABLES,), self.name) if self.shared else None

    def gone(self):
        """Whether its frame is known to have ended."""
        return self.frame is None

    def check(self):
        """Looks whether its frame has ended without a word."""
        if self.frame is not None and not alive(self.frame):
            self.frame = None

    def end(self):
        """Its frame has ended: let it go, it keeps every local alive."""
        self.frame = None

    def describe(self):
        """For the user, when it is chosen."""
        return '%s of this call of %s' % (self.name, self.frame.f_code.co_name)

    def why_gone(self):
        """For the user."""
        return 'the call it belongs to has ended'


def _from_mapping(held, name):
    """From 3.13 on the locals of a function are a proxy; a class body may have a mapping of its metaclass's."""
    if static.isinstance_of(held, dict):
        return dict.get(held, name, MISSING)
    if type(held).__name__ == 'FrameLocalsProxy' and static.module_of(type(held)) == 'builtins':
        try:
            return held[name]
        except KeyError:
            return MISSING
    return MISSING


class _Owned:
    """What attributes and items have in common."""

    frame, shared = None, True         # any frame can change it

    def gone(self):
        """Whether the program has let its owner go."""
        return self.owner.get() is None

    def check(self):
        """Nothing has to be looked for: the owner is held weakly."""

    def why_gone(self):
        """For the user."""
        return 'the object it belongs to is gone'

    def may_write(self, code):
        """Whether `code` is worth a closer look: quick, may say yes too often."""
        return writers.may_write(code, self.ways, self.name)

    def hot_lines(self, code):
        """The lines of `code` after which it may have changed: None (never) or a set."""
        return writers.hot_lines(code, self.ways, self.name)


class Attribute(_Owned):
    """An attribute that an instance or a class holds itself."""

    ways = (writers.NAMES,)

    def __init__(self, thing, name, label=None):
        self.owner, self.name = Owner(thing), name
        self.key = ('attribute', id(thing), name)
        self.label = label or name
        self._kind, self._get_dict = type(thing), None
        self._read = self._reader(thing)
        self._default = MISSING
        self._describe = brief(thing)
        if self._read is _read_dict:
            self._get_dict = static.dict_getter(type(thing))
            entry = static.class_entry(type(thing), name)[1]
            if static.class_entry(type(entry), '__get__')[1] is MISSING:
                self._default = entry

    def _reader(self, thing):
        if static.isinstance_of(thing, type):
            if not _flags(thing) & 0x200:          # Py_TPFLAGS_HEAPTYPE
                raise Unwatchable('%s is built in: its attributes cannot be set' % static.qualified_name(thing))
            return _read_class
        entry = static.class_entry(type(thing), self.name)[1]
        if entry is not MISSING and static.class_entry(type(entry), '__set__')[1] is not MISSING:
            if static.slot(thing, self.name) is None:
                raise Unwatchable('%s is computed by a %s of the class: watch the attribute behind it'
                                  % (self.name, type(entry).__name__))
            return _read_slot
        if static.instance_dict(thing) is None:
            raise Unwatchable('a %s holds no attributes of its own' % type(thing).__name__)
        return _read_dict

    def read(self):
        """What the attribute holds now."""
        thing = self.owner.get()
        if self._get_dict is not None and type(thing) is self._kind:
            held = self._get_dict(thing)
            value = held.get(self.name, MISSING) if type(held) is dict else self._read(thing, self.name)
        elif thing is None:
            return MISSING
        else:
            value = self._read(thing, self.name)
        return self._default if value is MISSING else value

    def describe(self):
        """For the user, when it is chosen."""
        return '%s of %s' % (self.label, self._describe)


def _read_dict(thing, name):
    held = static.instance_dict(thing)
    return MISSING if held is None else dict.get(held, name, MISSING)


def _read_slot(thing, name):
    member = static.slot(thing, name)
    if member is None:
        return MISSING
    try:
        return member.__get__(thing)
    except AttributeError:
        return MISSING


def _read_class(thing, name):
    return static.class_entry(thing, name)[1]


class Item(_Owned):
    """An item of a dictionary or of a list."""

    def __init__(self, thing, key, label=None):
        self.owner, self.name = Owner(thing), key
        self.key = ('item', id(thing), repr(key) if is_plain(key) else id(key))
        self.ways = (writers.SUBSCRIPTS,)
        if static.isinstance_of(thing, dict):
            if not is_plain(key):
                raise Unwatchable('the key is a %s: to look it up would run its own code at every line'
                                  % type(key).__name__)
            self._read = _read_key
            if type(key) is str:                     # it may be a namespace: of a module, of an object
                self.ways += (writers.NAMES,)
        else:
            self._read = self._sequence(thing, key)
        self.label = label or '[%r]' % (key,)
        self._describe = brief(thing)

    @staticmethod
    def _sequence(thing, key):
        if static.isinstance_of(thing, tuple) or type(thing) in (str, bytes, range, frozenset):
            raise Unwatchable('the items of a %s cannot be changed' % type(thing).__name__)
        base = [one for one in (list, bytearray) if static.isinstance_of(thing, one)]
        if not base and type(thing).__name__ == 'deque' and static.module_of(type(thing)) == 'collections':
            base = [type(thing)]
        if not base or type(key) is not int:
            raise Unwatchable('items of a %s cannot be watched' % type(thing).__name__)
        return base[0].__getitem__

    def read(self):
        """What the item holds now."""
        thing = self.owner.get()
        if thing is None:
            return MISSING
        try:
            return self._read(thing, self.name)
        except IndexError:
            return MISSING

    def describe(self):
        """For the user, when it is chosen."""
        return '%s of %s' % (self.label, self._describe)


def _read_key(thing, key):
    return dict.get(thing, key, MISSING)


class Global(Item):
    """A variable of a module."""

    def __init__(self, space, name):
        super().__init__(space, name, name)
        self.ways = (writers.NAMES,)                 # whoever gets at the dictionary itself uses a name for it

    def describe(self):
        """For the user, when it is chosen."""
        module = dict.get(self.owner.get(), '__name__')
        return '%s of module %s' % (self.name, module) if type(module) is str else self.name
