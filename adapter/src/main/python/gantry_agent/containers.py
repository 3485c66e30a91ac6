"""The items of a container, by position. On the stopped thread.

A page is read through the methods of the built-in type that a class derives from; the container is never copied, and
one that changes while it is paged gives what it has now.
"""
from gantry_agent import values
from gantry_agent.budget import lazily
from gantry_agent.presenters import proxied
from gantry_agent.values import MRO, derives, lookup


class Child:
    """One variable before it is put into DAP's shape."""

    __slots__ = ('name', 'value', 'expr', 'place', 'kind', 'attributes', 'source')

    def __init__(self, name, value, expr=None, place=None, kind='data', attributes=None, source=None):
        self.name = name
        self.value = value
        self.expr = expr                # evaluates to the value, None where nothing does
        self.place = place              # ('item', key), ('attribute', name), ('local', name)...: for assignments
        self.kind = kind                # 'lazy': a property not computed yet; 'virtual': a group; else DAP's kinds
        self.attributes = attributes    # tuple of DAP's attributes
        self.source = source            # of lazy and virtual children, and for values with children of their own


class Items:
    """Items by position: get(start, stop) gives an iterable of objects, the name is the position."""

    def __init__(self, size, get, place='item', sliced=False):
        self.size = size
        self.sliced = sliced            # the type understands [start:stop]
        self.through = None             # the type to read through where a subclass has a __getitem__ of its own
        self.get = get
        self.place = place

    def page(self, start, stop, expr, limits):
        hexadecimal = limits.hex
        place = self.place
        begin, end = (expr or '') + '[', ']'
        if self.through:
            begin, end = '%s.__getitem__(%s, ' % (self.through, expr), ')'
        for index, item in enumerate(self.get(start, stop), start):
            yield Child(hex(index) if hexadecimal else str(index), item, expr and begin + str(index) + end,
                        place and (place, index))


class Pairs:
    """Items of a mapping, in its order; the name is the key's repr."""

    def __init__(self, size, pairs, value=None):
        self.size = size
        self.pairs = pairs              # () -> new iterator of (key, value)
        self.at = None                  # (iterator, position): paging forward goes on where it was
        self.through = None             # as with Items

    def page(self, start, stop, expr, limits):
        for index, (key, item) in enumerate(self.walk(start, stop), start):
            subscript = key_text(key)
            name = subscript if subscript and not limits.hex else values.text(key, limits)
            yield Child(name, item, expr and self.path(expr, subscript, index), ('item', key))

    def path(self, expr, subscript, index):
        if self.through and subscript:
            return '%s.__getitem__(%s, %s)' % (self.through, expr, subscript)
        if self.through:
            return 'list(%s.values(%s))[%d]' % (self.through, expr, index)
        return '%s[%s]' % (expr, subscript) if subscript else 'list(%s.values())[%d]' % (expr, index)

    def walk(self, start, stop):
        """A container that changed meanwhile ends the old iterator; a new one starts over."""
        for fresh in (False, True):
            if fresh or self.at is None or self.at[1] > start:
                self.at = (self.pairs(), 0)
            iterator, position = self.at
            page = []
            try:
                page.extend(lazily('itertools').islice(iterator, start - position, stop - position))
            except RuntimeError:
                self.at = None
                if fresh:
                    return page
                continue
            self.at = (iterator, stop)
            return page
        return []


class Members:
    """Items of a set: no place to assign to, no expression."""

    def __init__(self, size, iterate):
        self.size = size
        self.pairs = Pairs(size, iterate)

    def page(self, start, stop, expr, limits):
        for index, item in enumerate(self.pairs.walk(start, stop), start):
            yield Child(str(index), item, None, ('member', index), attributes=('readOnly',))


def key_text(key):
    """A key as source text, where reading it back gives an equal key."""
    kind = type(key)
    if kind is str or kind is bytes:
        return repr(key) if len(key) <= 200 else None
    if kind is int:
        return int.__repr__(key) if -1 << 64 < key < 1 << 64 else None
    if kind is bool or key is None:
        return repr(key)
    if kind is float:
        return repr(key) if key - key == 0 else None
    if kind is tuple and len(key) <= 8:
        parts = [key_text(one) for one in key]
        if None not in parts:
            return '(' + ', '.join(parts) + (',)' if len(parts) == 1 else ')')
    return None


def items(value, kind=None):
    """Items, Pairs or Members of a container; None for anything else."""
    kind = type(value) if kind is None else kind
    for base in MRO(kind):
        make = CONTAINERS.get(id(base))
        if make is not None:
            made = make(value)
            if base is not kind and made is not None and lookup(kind, '__getitem__') is not lookup(base, '__getitem__'):
                made.through = values.TYPE_NAME(base)
            return made
        make = values.is_known(base, FOREIGN)
        if make is not None:
            return make(value, base)
    return None


def of_list(value):
    return Items(list.__len__(value), lambda start, stop: list.__getitem__(value, slice(start, stop)),
                 sliced=True)


def of_tuple(value):
    return Items(tuple.__len__(value), lambda start, stop: tuple.__getitem__(value, slice(start, stop)), 'fixed',
                 sliced=True)


def of_range(value):
    return Items(size_of_range(value), lambda start, stop: value[start:stop], 'fixed', sliced=True)


def size_of_range(value):
    try:
        return range.__len__(value)
    except OverflowError:
        return (1 << 53) - 1


def of_dict(value):
    return Pairs(dict.__len__(value), lambda: iter(dict.items(value)))


def of_set(value):
    return Members(set.__len__(value), lambda: set.__iter__(value))


def of_frozenset(value):
    return Members(frozenset.__len__(value), lambda: frozenset.__iter__(value))


def of_view(value):
    kind = type(value)
    return Members(kind.__len__(value), lambda: kind.__iter__(value))


def of_proxy(value):
    inner = proxied(value)
    return of_dict(inner) if derives(type(inner), dict) else None


def of_memoryview(value):
    try:
        if value.ndim == 1:
            return Items(len(value), lambda start, stop: value[start:stop].tolist())
    except (ValueError, NotImplementedError):
        pass
    return None


def of_deque(value, base):
    size = base.__len__(value)
    return Items(size, lambda start, stop: (base.__getitem__(value, index) for index in range(start, min(stop, size))))


def of_array(value, base):
    return Items(base.__len__(value), lambda start, stop: base.__getitem__(value, slice(start, stop)))


def of_ordered(value, base):
    if type(value) is base:
        return Pairs(base.__len__(value), lambda: iter(base.items(value)))
    return of_dict(value)


def of_chain(value, base):
    """The first of its maps that has a key gives the value. Merging copies, so only small chains are shown as one."""
    maps = children_of_chain(value)
    if not maps or sum(dict.__len__(one) for one in maps) > MERGED:
        return None
    merged = {}
    for one in reversed(maps):
        merged.update(dict.items(one))
    return Pairs(len(merged), lambda: iter(merged.items()))


def of_wrapper(value, base):
    from gantry_agent.children import stored
    data = stored(value, 'data')
    return items(data) if derives(type(data), dict) or derives(type(data), list) else None


def children_of_chain(value):
    from gantry_agent.children import stored
    maps = stored(value, 'maps')
    return maps if type(maps) is list and all(derives(type(one), dict) for one in maps) else None


def of_ctypes(value, base):
    size = base.__len__(value)
    return Items(size, lambda start, stop: (base.__getitem__(value, index) for index in range(start, min(stop, size))))


CONTAINERS = {id(list): of_list, id(tuple): of_tuple, id(range): of_range, id(dict): of_dict, id(set): of_set,
              id(frozenset): of_frozenset, id(values.KEYS): of_view, id(values.VALUES): of_view,
              id(values.ITEM_PAIRS): of_view, id(values.PROXY): of_proxy, id(memoryview): of_memoryview}
MERGED = 10000             # items of a ChainMap
FOREIGN = {('collections', 'deque'): of_deque, ('collections', 'ChainMap'): of_chain,
           ('collections', 'UserDict'): of_wrapper, ('collections', 'UserList'): of_wrapper,
           ('array', 'array'): of_array, ('_ctypes', 'Array'): of_ctypes,
           ('collections', 'OrderedDict'): of_ordered}


class Bucket:
    """A range of the items of a big container, for clients that do not page."""

    def __init__(self, inner, start, stop, expr):
        self.inner, self.start, self.stop, self.expr = inner, start, stop, expr
        self.size = stop - start

    def page(self, start, stop, expr, limits):
        return self.inner.page(self.start + start, min(self.start + stop, self.stop), self.expr, limits)


def buckets(source, expr):
    """Children that each stand for a range of items, at most 100 of them."""
    inner, first = source, 0
    if type(source) is Bucket:
        inner, first, expr = source.inner, source.start, source.expr
    width = 100
    while source.size > width * 100:
        width *= 100
    for start in range(first, first + source.size, width):
        stop = min(start + width, first + source.size)
        piece = '%s[%d:%d]' % (expr, start, stop) if expr and getattr(inner, 'sliced', False) else None
        bucket = Bucket(inner, start, stop, expr)
        yield Child('[%d..%d]' % (start, stop - 1), None, piece, None, 'virtual', None, bucket)
