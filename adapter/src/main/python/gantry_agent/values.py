"""One value as text: type name and a bounded repr. On the stopped thread.

No code of the target runs here but `__repr__` and the summary hooks, each with a time limit. Types are looked at
through `type` itself (`__mro__`, the class's own dictionary), containers through the methods of the built-in type
they derive from: what a class says about itself by `__class__`, `__len__`, `__iter__` or `__getattr__` is not asked.
"""
import time

from gantry_agent import budget
from gantry_agent.private import sys
from gantry_agent.settings import Refused

VIEW_CHARS = 1000          # a value in the variables view
CONSOLE_CHARS = 100 * 1024
COPY_CHARS = 10 * 1024 * 1024
REPR_SECONDS = 0.5         # one __repr__ in the variables view
VIEW_SECONDS = 1.5         # all of them in one answer
ITEMS = 60                 # of the outermost container; those inside show NESTED_ITEMS
NESTED_ITEMS = 10
DEPTH = 6
BIG_INT_BITS = 3000        # beyond, an int is shown in hexadecimal: decimal is quadratic, and refused from 3.11 on

TYPE_DICT = type.__dict__['__dict__'].__get__
MRO = type.__dict__['__mro__'].__get__
TYPE_NAME = type.__dict__['__name__'].__get__
QUALNAME = type.__dict__['__qualname__'].__get__
MODULE_NAME = type.__dict__['__module__'].__get__
NOTHING = object()
KEYS, VALUES, ITEM_PAIRS = type({}.keys()), type({}.values()), type({}.items())
PROXY = type(type.__dict__)


present = None             # presenters.summary, which needs this module first


class Full(Exception):
    """The text has reached its limit."""


class Limits:
    """How much of a value is shown, and until when its code may run."""

    __slots__ = ('chars', 'items', 'deadline', 'seconds', 'hex', 'plain', 'depth')

    def __init__(self, chars=VIEW_CHARS, items=ITEMS, seconds=VIEW_SECONDS, hex=False, plain=False, each=REPR_SECONDS):
        self.chars = chars
        self.items = items
        self.seconds = min(seconds, each)           # for one repr
        self.deadline = time.monotonic() + seconds   # for all of them
        self.hex = hex
        self.depth = DEPTH if chars <= VIEW_CHARS else 100
        self.plain = plain            # the type's own repr, no summary of ours

    def left(self):
        """Seconds the next repr may take; 0 when the time is used up."""
        return max(0.0, min(self.seconds, self.deadline - time.monotonic()))


def lookup(kind, name):
    """The attribute of a class as its own dictionary or a base's has it; NOTHING when there is none."""
    for base in MRO(kind):
        space = TYPE_DICT(base)
        if name in space:
            return space[name]
    return NOTHING


def derives(kind, base):
    for one in MRO(kind):
        if one is base:
            return True
    return False


def type_name(value):
    return TYPE_NAME(type(value))


def module_of(kind):
    """The name of the module of a class; '' where it is no name."""
    try:
        module = MODULE_NAME(kind)
    except AttributeError:
        return ''
    return module if type(module) is str else ''


def full_name(kind):
    """module.Class, without the module for builtins."""
    module = module_of(kind)
    name = QUALNAME(kind)
    if module and module != 'builtins':
        return module + '.' + name
    return name


def is_known(kind, table):
    """The entry of a table {(module, name): entry} for a class, if it really is the class the program knows by it."""
    name = module_of(kind), TYPE_NAME(kind)
    entry = table.get(name)
    return entry if entry is not None and known(*name) is kind else None


def known(module, name):
    """A class of a module that the target may have imported; None when it has not."""
    module = sys.modules.get(module)
    if module is None:
        return None
    try:
        found = object.__getattribute__(module, '__dict__').get(name)
    except Exception:
        return None
    return found if isinstance_type(found) else None


def isinstance_type(value):
    return derives(type(value), type)


def guarded(work, limits, what):
    """(result, None) of the target's code, or (None, text that says why there is none)."""
    left = limits.left()
    if left == 0.0:
        return None, '<not shown: the time for this view is used up>'
    try:
        return budget.run(work, left), None
    except budget.TimedOut as stopped:
        if stopped.cancelled:
            raise
        return None, '<%s stopped after %.1f s>' % (what, stopped.seconds)
    except BaseException as error:
        return None, '<%s failed: %s>' % (what, error_text(error))


def error_text(error):
    """`Type: message` of an exception, whatever its __str__ does."""
    name = TYPE_NAME(type(error))
    try:
        message = plain_str(budget.run(lambda: str(error), REPR_SECONDS))
    except BaseException:
        message = '<str failed>'
    return name + ': ' + message if message else name


def plain_str(value, limit=None):
    """An exact str of a str (or subclass of it): nothing of a subclass is called."""
    if not derives(type(value), str):
        return '<repr returned %s>' % type_name(value)
    return str.__getitem__(value, slice(limit))


def text(value, limits=None):
    """The value on one line (as far as its own repr keeps to one), never longer than the limits say."""
    kind = type(value)
    if kind is int and not (limits and limits.hex) and -1 << 60 < value < 1 << 60:
        return int.__repr__(value)
    if kind is bool or value is None:
        return repr(value)
    if limits is None:
        limits = Limits()
    writer = Writer(limits)
    try:
        writer.write(value, 0)
    except Full:
        writer.parts.append('...')
    except budget.TimedOut:
        raise
    except Exception as error:
        writer.parts.append('<failed: %s>' % TYPE_NAME(type(error)))
    return ''.join(writer.parts)


class Writer:
    """Appends to parts until the limit is reached; then Full."""

    def __init__(self, limits):
        self.limits = limits
        self.left = limits.chars
        self.parts = []
        self.open = []                 # id of each container being written: a list that holds itself

    def put(self, piece):
        if len(piece) > self.left:
            self.parts.append(piece[:self.left])
            raise Full
        self.left -= len(piece)
        self.parts.append(piece)

    def write(self, value, depth):
        kind = type(value)
        writer = EXACT.get(id(kind))
        if writer is not None:
            writer(self, value, depth)
            return
        if not self.limits.plain:
            made = present(value, kind, self, depth)
            if made is True:
                return
            if made is not None:
                self.put(clean(made))
                return
        own = lookup(kind, '__repr__')
        self.by_repr(value, own, depth)

    def by_repr(self, value, own, depth):
        """Reprs inherited from a built-in container are ours, which stop at the limits; others are run."""
        for base, writer in INHERITED:
            if own is base:
                writer(self, value, depth)
                return
        self.put(clean(self.own_repr(value, own)))

    def own_repr(self, value, own):
        if own is OBJECT_REPR:         # C code of the interpreter, quick
            try:
                return plain_str(repr(value), self.left + 1)
            except Exception as error:
                return '<repr failed: %s>' % TYPE_NAME(type(error))
        shown, failed = guarded(lambda: repr(value), self.limits, 'repr')
        return failed or plain_str(shown, self.left + 1)

    def write_int(self, value, depth):
        bits = int.bit_length(value)
        if bits > BIG_INT_BITS and bits > self.limits.chars * 3 or bits > 64 and too_long(bits):
            self.put_huge(value, bits)
        else:
            self.put(hex(value) if self.limits.hex else int.__repr__(value))

    def put_huge(self, value, bits):
        digits = min(self.left, 200 if self.limits.chars <= VIEW_CHARS else self.left)
        shift = bits - digits * 4
        if shift <= 0:
            self.put(hex(value))
            return
        shift += -shift % 4
        self.put(('-' if value < 0 else '') + hex(abs(value) >> shift) + '... (%s bits)' % format(bits, ','))

    def write_str(self, value, depth):
        size = str.__len__(value)
        if size <= self.left:
            self.put(str.__repr__(value))
        else:
            self.put(str.__repr__(str.__getitem__(value, slice(self.left))))
            raise Full

    def write_bytes(self, value, depth):
        kind = bytes if derives(type(value), bytes) else bytearray
        if kind.__len__(value) <= self.left:
            self.put(kind.__repr__(value))
        else:
            self.put(bytes.__repr__(bytes(kind.__getitem__(value, slice(self.left)))))
            raise Full

    def write_float(self, value, depth):
        self.put(repr(value))

    def write_type(self, value, depth):
        self.put('<class %r>' % full_name(value))

    def enter(self, value, depth):
        if depth >= self.limits.depth or id(value) in self.open:
            return False
        self.open.append(id(value))
        return True

    def sequence(self, value, depth, begin, end, pieces, size, write=None):
        """The items of an iterator between two brackets, each by `write(item, depth)`."""
        if not self.enter(value, depth):
            self.put(begin + '...' + end)
            return
        self.put(begin)
        write = write or self.write
        most = self.limits.items if depth == 0 else min(NESTED_ITEMS, self.limits.items)
        if self.limits.chars > VIEW_CHARS:
            most = self.limits.items
        count = 0
        try:
            for item in pieces:
                if count:
                    self.put(', ')
                if count >= most:
                    self.put('... %s more' % format(size - count, ','))
                    break
                count += 1
                write(item, depth + 1)
        except RuntimeError:
            self.put('... (changed while it was read)')
        self.open.pop()
        self.put(',)' if end == ')' and count == 1 else end)

    def write_list(self, value, depth):
        self.sequence(value, depth, '[', ']', list.__iter__(value), list.__len__(value))

    def write_tuple(self, value, depth):
        self.sequence(value, depth, '(', ')', tuple.__iter__(value), tuple.__len__(value))

    def write_set(self, value, depth):
        kind = set if derives(type(value), set) else frozenset
        name = TYPE_NAME(type(value))
        size = kind.__len__(value)
        if not size:
            self.put(name + '()')
        elif type(value) is set:
            self.sequence(value, depth, '{', '}', set.__iter__(value), size)
        else:
            self.sequence(value, depth, name + '({', '})', kind.__iter__(value), size)

    def write_dict(self, value, depth):
        self.mapping(value, depth, '{', '}', dict.items(value), dict.__len__(value))

    def mapping(self, value, depth, begin, end, pairs, size):
        self.sequence(value, depth, begin, end, pairs, size, self.write_pair)

    def write_pair(self, pair, depth):
        key, item = pair
        self.write(key, depth)
        self.put(': ')
        self.write(item, depth)


def too_long(bits):
    """Whether the interpreter refuses to write so long an int in decimal (3.11 and later)."""
    limit = getattr(sys, 'get_int_max_str_digits', int)()
    return bool(limit) and bits * 0.30103 > limit


CONTROLS = {code: '\\x%02x' % code for code in list(range(32)) + [127] if code not in (9, 10)}


def clean(shown):
    """Control characters of a foreign repr, escaped; line ends and tabs stay."""
    return shown if shown.isprintable() else shown.translate(CONTROLS)


OBJECT_REPR = object.__dict__['__repr__']
EXACT = {id(kind): writer for kind, writer in (
    (int, Writer.write_int), (str, Writer.write_str), (float, Writer.write_float), (complex, Writer.write_float),
    (bool, Writer.write_float), (type(None), Writer.write_float), (type(...), Writer.write_float),
    (bytes, Writer.write_bytes), (bytearray, Writer.write_bytes), (list, Writer.write_list),
    (tuple, Writer.write_tuple), (dict, Writer.write_dict), (set, Writer.write_set), (frozenset, Writer.write_set),
    (range, Writer.write_float), (type, Writer.write_type))}
INHERITED = tuple((base.__dict__['__repr__'], writer) for base, writer in (
    (int, Writer.write_int), (str, Writer.write_str), (bytes, Writer.write_bytes), (list, Writer.write_list),
    (tuple, Writer.write_tuple), (dict, Writer.write_dict), (set, Writer.write_set),
    (frozenset, Writer.write_set), (bytearray, Writer.write_bytes), (type, Writer.write_type)))
