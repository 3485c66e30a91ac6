"""What a value consists of: its items, its attributes, its groups. On the stopped thread.

Here are the attributes; containers.py has the items. No code of the target runs: properties become lazy children,
and are computed when they are expanded.
"""
from gantry_agent import values
from gantry_agent.containers import CONTAINERS, Child
from gantry_agent.presenters import FUNCTION, METHOD, user_hook
from gantry_agent.values import MRO, NOTHING, TYPE_DICT, derives, known, lookup

MEMBER = type(FUNCTION.__dict__['__globals__'])
GETSET = type(FUNCTION.__dict__['__code__'])
BUILTIN = type(len)
METHOD_DESCRIPTOR, SLOT_WRAPPER = type(str.join), type(object.__init__)
CLASS_METHOD = type(dict.__dict__['fromkeys'])
FUNCTIONS = frozenset(id(kind) for kind in (FUNCTION, METHOD, BUILTIN, METHOD_DESCRIPTOR, SLOT_WRAPPER, CLASS_METHOD,
                                            classmethod, staticmethod))
FLAGS = type.__dict__['__flags__'].__get__
HEAP_TYPE = 1 << 9
ATOMS = frozenset(id(kind) for kind in (int, float, complex, bool, str, bytes, bytearray, type(None), type(...),
                                        type(NotImplemented)))
# getset descriptors of these modules' types only read fields
QUIET = frozenset(('builtins', 'datetime', 'types', 'array', 'collections', 're'))


def space_of(value, kind=None):
    """The attributes an object keeps in its dictionary; an empty one where it has none."""
    kind = type(value) if kind is None else kind
    if derives(kind, type):
        return TYPE_DICT(value)
    for base in MRO(kind):
        found = TYPE_DICT(base).get('__dict__')
        if found is not None and (type(found) is GETSET or type(found) is MEMBER):
            try:
                space = found.__get__(value, kind)
            except Exception:
                return {}
            return space if derives(type(space), dict) else {}
    return {}


def stored(value, name):
    """An attribute as it is stored, in the dictionary or a slot; NOTHING where there is none. Runs no code."""
    kind = type(value)
    found = dict.get(space_of(value, kind), name, NOTHING)
    if found is NOTHING:
        slot = lookup(kind, name)
        if type(slot) is MEMBER:
            try:
                return slot.__get__(value, kind)
            except AttributeError:
                return NOTHING
    return found


FOREIGN = {}               # {(module, class): function of (value, expression)}, filled by arrays.py


class Lazy:
    """A property that was not computed yet; its page is the one value."""

    size = 1

    def __init__(self, value, name, expr):
        self.value, self.name, self.expr = value, name, expr

    def compute(self, limits):
        found, failed = values.guarded(lambda: getattr(self.value, self.name), limits, 'property')
        if failed:
            raise values.Refused(failed)
        return found

    def page(self, start, stop, expr, limits):
        try:
            found, kind = self.compute(limits), 'property'
        except values.Refused as failed:
            found, kind = values.plain_str(str(failed)), 'error'
        yield Child(self.name, found, self.expr, ('attribute', self.name), kind)


class Group:
    """Attributes put together under one node."""

    def __init__(self, members, owner=None):
        self.members = members
        self.owner = owner
        self.size = len(members)

    def page(self, start, stop, expr, limits):
        return iter(self.members[start:stop])


def attribute_expr(expr, name, overridden=False):
    if not expr:
        return None
    if not name.isidentifier() or overridden:
        return 'object.__getattribute__(%s, %r)' % (expr, name) if overridden else 'getattr(%s, %r)' % (expr, name)
    if name.startswith('__') and not name.endswith('__'):
        return 'getattr(%s, %r)' % (expr, name)      # inside a method the plain name would be mangled
    return expr + '.' + name


def named(value, expr, settings=None):
    """The attributes of a value, grouped as the client wants them."""
    kind = type(value)
    if id(kind) in ATOMS or id(kind) in CONTAINERS and not FLAGS(kind) & HEAP_TYPE and kind is not memoryview:
        return []
    hook = user_hook(kind, 'children')
    if hook is not None:
        return from_hook(value, hook, expr)
    for base in MRO(kind):
        foreign = values.is_known(base, FOREIGN)
        if foreign is not None:
            return foreign(value, expr)
    found = {}
    overridden = type(lookup(kind, '__getattribute__')) is not SLOT_WRAPPER and not derives(kind, type)
    try:
        space = space_of(value, kind)
        for name, item in list(space.items() if derives(kind, type) else dict.items(space)):
            if type(name) is str:
                found[name] = Child(name, item, attribute_expr(expr, name, overridden), ('attribute', name), 'property')
            else:
                name = values.text(name)
                found[name] = Child(name, item, None, None, 'property')
    except RuntimeError:
        pass                                         # another thread changed it meanwhile
    from_class(value, kind, expr, found, overridden)
    return grouped(list(found.values()), settings, value)


def from_class(value, kind, expr, found, overridden):
    """Adds slots, properties, and what instances share: methods and class attributes."""
    for base in MRO(kind):
        if base is object or base is type:
            continue
        python = FLAGS(base) & HEAP_TYPE
        quiet = values.module_of(base).partition('.')[0] in QUIET
        container = id(base) in CONTAINERS
        for name, item in list(TYPE_DICT(base).items()):
            if type(name) is not str or name in found or name in HIDDEN:
                continue
            child = class_child(value, kind, name, item, expr, quiet, python and not container, overridden)
            if child is not None:
                found[name] = child


HIDDEN = frozenset(('__dict__', '__weakref__', '__slots__', '__gantry_children__', '__gantry_summary__', '__new__',
                    '__annotations__', '__annotate__', '__type_params__',   # these are made when they are read
                    'co_lnotab'))                                           # warns


def class_child(value, kind, name, item, expr, quiet, python, overridden):
    form = type(item)
    path = attribute_expr(expr, name, overridden and form is MEMBER)
    place = ('attribute', name)
    if form is MEMBER or form is GETSET and quiet:
        try:
            return Child(name, item.__get__(value, kind), path, place, 'property',
                         None if python else ('readOnly',))
        except Exception:
            return None
    if form is GETSET or derives(form, property) or form is known('functools', 'cached_property') or \
            python and lookup(form, '__get__') is not NOTHING and lookup(form, '__set__') is not NOTHING:
        if name.startswith('__'):
            return None
        settable = form is GETSET or not derives(form, property) or \
            property.__dict__['fset'].__get__(item) is not None
        return Child(name, None, path, place, 'lazy', None if settable else ('readOnly',), Lazy(value, name, path))
    if not python:
        return None
    return Child(name, item, path, place, 'method' if id(form) in FUNCTIONS else 'property', ('static',))


def from_hook(value, hook, expr):
    """Children as the program's own function gives them: a mapping or an iterable, of (name, value) or of values."""
    made, failed = values.guarded(lambda: listed(hook(value)), values.Limits(), 'children')
    if failed:
        return [Child('error', failed, None, None, 'error')]
    return [Child(name, item, None, None, 'data', ('readOnly',)) for name, item in made]


def listed(made):
    if derives(type(made), dict):
        made = dict.items(made)
    elif hasattr(made, 'items'):
        made = made.items()
    found = []
    for index, one in enumerate(made):
        if index >= 10000:
            break
        if type(one) is tuple and len(one) == 2:
            found.append((one[0] if type(one[0]) is str else values.text(one[0]), one[1]))
        else:
            found.append((str(index), one))
    return found


GROUPS = (('special', 'special variables'), ('function', 'function variables'), ('class', 'class variables'),
          ('protected', 'protected variables'))
DEFAULT = {'special': 'group', 'function': 'group', 'class': 'group', 'protected': 'inline'}


def category(child):
    """Which of the client's groups a variable belongs to; None: to none."""
    name = child.name
    if name[:2] == '__' and name[-2:] == '__' and len(name) > 4:
        return 'special'
    if child.kind == 'lazy' or child.kind == 'virtual':
        return 'protected' if name[:1] == '_' else None
    form = type(child.value)
    if child.kind == 'method' or id(form) in FUNCTIONS:
        return 'function'
    if form is type or derives(form, type):
        return 'class'
    return 'protected' if name[:1] == '_' else None


def grouped(found, settings, owner=None):
    """The children in the client's presentation: own ones first, groups last."""
    wanted = presentation(settings)
    shown, groups = [], {}
    for child in found:
        name = category(child)
        how = wanted.get(name, 'inline') if name else 'inline'
        if how == 'group':
            groups.setdefault(name, []).append(child)
        elif how != 'hide':
            shown.append(child)
    for name, title in GROUPS:
        if name in groups:
            members = sorted(groups[name], key=lambda child: child.name)
            shown.append(Child(title, None, None, None, 'virtual', None, Group(members, owner)))
    return shown


def presentation(settings):
    given = getattr(settings, 'variable_presentation', None) if settings is not None else None
    if type(given) is not dict or not given:
        return DEFAULT
    wanted = dict(DEFAULT)
    if given.get('all') in ('group', 'inline', 'hide'):
        wanted = {name: given['all'] for name in DEFAULT}
    for name in DEFAULT:
        how = given.get(name, given.get('class_') if name == 'class' else None)
        if how in ('group', 'inline', 'hide'):
            wanted[name] = how
    return wanted


def has_children(value, kind):
    """Whether a value is worth a node, without listing anything."""
    if id(kind) in ATOMS:
        return False
    if id(kind) in CONTAINERS:
        made = CONTAINERS[id(kind)](value)
        return kind is memoryview or made is not None and made.size > 0
    return kind is not object and not derives(kind, known('numpy', 'generic') or Lazy)
