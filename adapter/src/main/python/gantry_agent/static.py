"""What an object holds, read without running anything of its class.

Attribute access proper may call a property, `__getattr__` or `__getattribute__`; here only the interpreter's own
descriptors are used, fetched from the types that define them. Any thread may call it.
"""
import _thread

_Module = type(_thread)     # sys may be a view of the agent's own here

MISSING = type('Missing', (), {'__repr__': lambda self: 'unset', '__slots__': ()})()

_mro = type.__dict__['__mro__'].__get__
_namespace = type.__dict__['__dict__'].__get__
_module_name = type.__dict__['__module__'].__get__
_qualname = type.__dict__['__qualname__'].__get__
_Getset = type(type.__dict__['__dict__'])
_Member = type(type.__dict__['__basicsize__'])
_module_dict = _Module.__dict__['__dict__'].__get__


def mro(cls):
    """The classes of `cls`, nearest first, as the interpreter keeps them; none of one that is still being made."""
    return _mro(cls) or ()


def class_entry(cls, name):
    """The nearest class that has `name` in its own namespace, and what it has; or (None, MISSING)."""
    for base in mro(cls):
        space = _namespace(base)
        if name in space:
            return base, space[name]
    return None, MISSING


def instance_dict(thing):
    """The dictionary that holds the attributes of `thing`, or None.

    A class that defines a `__dict__` of its own is passed over: the interpreter's slot is found below it.
    """
    get = dict_getter(type(thing))
    if get is None:
        return None
    try:
        held = get(thing)
    except (AttributeError, TypeError):
        return None
    return held if type(held) is dict or isinstance_of(held, dict) else None


def is_module(thing):
    """Whether it is a module, or of a class derived from module."""
    return _Module in mro(type(thing))


def dict_getter(cls):
    """The function that gets the dictionary of attributes of instances of exactly `cls`, or None."""
    if _Module in mro(cls):
        return _module_dict
    for base in mro(cls):
        entry = _namespace(base).get('__dict__')
        if type(entry) is _Getset:
            return entry.__get__
    return None


def isinstance_of(thing, cls):
    """isinstance() by what the object really is: `__class__` and `__instancecheck__` are not asked."""
    return cls in mro(type(thing))


def slot(thing, name):
    """The member descriptor of `__slots__` that holds `name` in `thing`, or None."""
    entry = class_entry(type(thing), name)[1]
    return entry if type(entry) is _Member else None


def field(thing, name):
    """An attribute that is held by the instance or got by a descriptor written in C; MISSING if there is none."""
    entry = class_entry(type(thing), name)[1]
    if type(entry) in (_Getset, _Member):
        try:
            return entry.__get__(thing)
        except Exception:
            return MISSING
    held = instance_dict(thing)
    if held is not None:
        return dict.get(held, name, MISSING)
    if entry is not MISSING:
        return MISSING
    try:                           # a type written in C may have a dictionary without a `__dict__` to get it by
        return object.__getattribute__(thing, name)
    except Exception:
        return MISSING


def module_of(cls):
    """The name of the module that a class says it is of, or None."""
    try:
        module = _module_name(cls)
    except AttributeError:
        return None
    return module if type(module) is str else None


def qualified_name(cls):
    """`module.qualname` of a class, the module left out for builtins and __main__."""
    module = module_of(cls)
    name = _qualname(cls)
    return name if module in (None, 'builtins', '__main__') else module + '.' + name
