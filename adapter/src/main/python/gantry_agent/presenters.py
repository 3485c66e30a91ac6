"""One-line summaries of well-known types. On the stopped thread.

Types of libraries are recognised by identity with what `sys.modules` holds: nothing is imported. Programs add their
own by `__gantry_summary__` and `__gantry_children__` on a class, or by a module `gantry_presenters` (docs/values.md).
"""
from gantry_agent import values
from gantry_agent.budget import lazily
from gantry_agent.values import NOTHING, TYPE_DICT, TYPE_NAME, derives, known, lookup
from gantry_agent.private import sys

FUNCTION = type(lambda: 0)
METHOD = type(values.Limits().left)
MODULE = type(sys)
ARGS = BaseException.__dict__['args'].__get__
FUNCTION_DICT = FUNCTION.__dict__


def summary(value, kind, writer, depth):
    """True when the writer was given the text, a str that is the text, or None: no summary, the repr is shown."""
    hook = user_hook(kind, 'summary')
    if hook is not None:
        shown, failed = values.guarded(lambda: hook(value), writer.limits, 'summary')
        return failed or values.plain_str(shown)
    quick = QUICK.get(id(kind))
    if quick is not None:
        return quick(value, writer, depth)
    for base in values.MRO(kind):
        made = values.is_known(base, FOREIGN)
        if made is not None:
            return made(value, kind, writer, depth)
    return generated(value, kind, writer, depth)


def user_hook(kind, what):
    """The program's own function for this type: from its module gantry_presenters, or on the class."""
    module = sys.modules.get('gantry_presenters')
    if type(module) is MODULE:
        table = MODULE.__dict__['__dict__'].__get__(module).get('presenters')
        if type(table) is dict:
            for base in values.MRO(kind):
                entry = table.get(values.full_name(base))
                if type(entry) is dict and entry.get(what) is not None:
                    return entry[what]
    hook = lookup(kind, '__gantry_%s__' % what)
    if hook is NOTHING or derives(kind, type):
        return None
    if type(hook) is FUNCTION:
        return hook
    return lambda value: getattr(value, '__gantry_%s__' % what)()


def generated(value, kind, writer, depth):
    """Classes whose __repr__ was written by a generator: the same text, within the limits."""
    own = lookup(kind, '__repr__')
    if own is BaseException.__repr__:
        return call_text(kind, [(None, one) for one in ARGS(value)], value, writer, depth)
    if type(own) is not FUNCTION:
        return None
    space = FUNCTION_DICT['__globals__'].__get__(own)
    origin = space.get('__name__')
    code = FUNCTION_DICT['__code__'].__get__(own)
    fields = lookup(kind, '__dataclass_fields__')
    if origin in ('dataclasses', 'reprlib') and type(fields) is dict:
        names = [name for name, field in fields.items() if getattr(field, 'repr', False)
                 and getattr(getattr(field, '_field_type', None), 'name', '') == '_FIELD']
        return fields_text(value, kind, names, writer, depth)
    if origin == 'collections' and derives(kind, tuple) and type(lookup(kind, '_fields')) is tuple:
        return call_text(kind, list(zip(lookup(kind, '_fields'), tuple.__iter__(value))), value, writer, depth)
    if code.co_filename.startswith('<attrs generated') and lookup(kind, '__attrs_attrs__') is not NOTHING:
        names = [one.name for one in lookup(kind, '__attrs_attrs__') if one.repr is True]
        return fields_text(value, kind, names, writer, depth)
    return None


def fields_text(value, kind, names, writer, depth):
    from gantry_agent import children
    return call_text(kind, [(name, children.stored(value, name)) for name in names], value, writer, depth)


def call_text(kind, pairs, value, writer, depth):
    """Name(a=1, b=2)"""
    name = TYPE_NAME(kind)
    if not writer.enter(value, depth):
        return name + '(...)'
    writer.put(name + '(')
    for count, (field, item) in enumerate(pairs):
        if count:
            writer.put(', ')
        if field is not None:
            writer.put(field + '=')
        if item is NOTHING:
            writer.put('<not set>')
        else:
            writer.write(item, depth + 1)
    writer.open.pop()
    writer.put(')')
    return True


def of_enum(value, kind, writer, depth):
    own = lookup(kind, '__repr__')
    enum = sys.modules['enum']
    flag = getattr(enum, 'Flag', enum.Enum).__dict__.get('__repr__')
    if own is not enum.Enum.__dict__['__repr__'] and own is not flag:
        return None
    from gantry_agent import children
    name, content = children.stored(value, '_name_'), children.stored(value, '_value_')
    writer.put('<%s.%s: ' % (TYPE_NAME(kind), name if type(name) is str else '?'))
    writer.write(content, depth + 1)
    writer.put('>')
    return True


def of_model(value, kind, writer, depth):
    """pydantic"""
    if lookup(kind, '__repr__') is not lookup(known('pydantic.main', 'BaseModel') or kind, '__repr__'):
        return None
    fields = object.__getattribute__(value, '__dict__')
    return call_text(kind, list(fields.items()), value, writer, depth)


def of_deque(value, kind, writer, depth):
    base = known('collections', 'deque')
    limit = base.__dict__['maxlen'].__get__(value)
    if lookup(kind, '__repr__') is not base.__repr__:
        return None
    end = '])' if limit is None else '], maxlen=%d)' % limit
    writer.sequence(value, depth, TYPE_NAME(kind) + '([', end, base.__iter__(value), base.__len__(value))
    return True


def of_mapping(value, kind, writer, depth):
    """OrderedDict, defaultdict, Counter: a dict with the type's name"""
    own = lookup(kind, '__repr__')
    names = [known('collections', name) for name in ('OrderedDict', 'defaultdict', 'Counter')]
    if not any(base and own is TYPE_DICT(base).get('__repr__') for base in names):
        return None
    writer.mapping(value, depth, TYPE_NAME(kind) + '({', '})', dict.items(value), dict.__len__(value))
    return True


def of_array(value, kind, writer, depth):
    base = known('array', 'array')
    code = base.__dict__['typecode'].__get__(value)
    size = base.__len__(value)
    items = (base.__getitem__(value, index) for index in range(size))
    writer.sequence(value, depth, "%s('%s', [" % (TYPE_NAME(kind), code), '])', items, size)
    return True


def of_partial(value, kind, writer, depth):
    base = known('functools', 'partial')
    if lookup(kind, '__repr__') is not base.__repr__:
        return None
    space = base.__dict__
    pairs = [(None, space['func'].__get__(value))] + [(None, one) for one in space['args'].__get__(value)]
    pairs.extend(space['keywords'].__get__(value).items())
    return call_text(kind, pairs, value, writer, depth)


def of_wrapper(value, kind, writer, depth):
    """UserDict, UserList: the text of what they wrap."""
    from gantry_agent.children import stored
    data = stored(value, 'data')
    own = lookup(kind, '__repr__')
    if data is NOTHING or not any(own is TYPE_DICT(base).get('__repr__') for base in
                                  (known('collections', 'UserDict'), known('collections', 'UserList')) if base):
        return None
    writer.write(data, depth)
    return True


def of_ctypes(value, kind, writer, depth):
    """Pointers to text are not followed: where they point may be no memory at all."""
    if lookup(kind, '_type_') not in ('z', 'Z', 'O'):
        return None
    return '%s at 0x%x' % (TYPE_NAME(kind), int.from_bytes(bytes(memoryview(value)), sys.byteorder))


def of_thread(value, kind, writer, depth):
    if lookup(kind, '__repr__') is not known('threading', 'Thread').__repr__:
        return None
    space = object.__getattribute__(value, '__dict__')
    return '<%s %r%s, %s>' % (TYPE_NAME(kind), space.get('_name'), ' daemon' if space.get('_daemonic') else '',
                              'ident %s' % space['_ident'] if space.get('_ident') else 'not started')


def of_namespace(value, writer, depth):
    return call_text(type(value), list(object.__getattribute__(value, '__dict__').items()), value, writer, depth)


def of_view(value, writer, depth):
    kind = type(value)
    writer.sequence(value, depth, TYPE_NAME(kind) + '([', '])', kind.__iter__(value), kind.__len__(value))
    return True


def of_proxy(value, writer, depth):
    inner = proxied(value)
    if not derives(type(inner), dict):
        return None
    writer.mapping(value, depth, 'mappingproxy({', '})', dict.items(inner), dict.__len__(inner))
    return True


def proxied(value):
    """The mapping behind a mappingproxy, without asking either."""
    found = lazily('gc').get_referents(value)
    return found[0] if found else None


def of_memory(value, writer, depth):
    try:
        head = bytes(value[:64]) if value.ndim == 1 and value.format in 'Bbc' else None
        shape = value.shape
    except ValueError:
        return '<released memoryview>'
    what = '<memoryview format %r, shape %r%s' % (value.format, shape, ', read-only' if value.readonly else '')
    return what + (': %r%s>' % (head, '...' if value.nbytes > 64 else '') if head is not None else '>')


def of_function(value, writer, depth):
    name = FUNCTION_DICT['__qualname__'].__get__(value)
    return '<function %s%s>' % (name, signature(value))


def of_method(value, writer, depth):
    inner = METHOD.__dict__['__func__'].__get__(value)
    if type(inner) is not FUNCTION:
        return None
    writer.put('<bound method %s%s of ' % (FUNCTION_DICT['__qualname__'].__get__(inner), signature(inner)))
    writer.write(METHOD.__dict__['__self__'].__get__(value), depth + 1)
    writer.put('>')
    return True


def signature(function):
    """(a, b=1, *rest, c, **more) by the code object; defaults only where they are plain constants."""
    code = FUNCTION_DICT['__code__'].__get__(function)
    names = list(code.co_varnames)
    plain, only = code.co_argcount, code.co_kwonlyargcount
    defaults = FUNCTION_DICT['__defaults__'].__get__(function) or ()
    keyword_defaults = FUNCTION_DICT['__kwdefaults__'].__get__(function) or {}
    parts = []
    for index, name in enumerate(names[:plain]):
        default = index - (plain - len(defaults))
        parts.append(name + ('=' + constant(defaults[default]) if default >= 0 else ''))
        if index + 1 == code.co_posonlyargcount:
            parts.append('/')
    end = plain + only
    if code.co_flags & 4:
        parts.append('*' + names[end])
        end += 1
    elif only:
        parts.append('*')
    for name in names[plain:plain + only]:
        parts.append(name + ('=' + constant(keyword_defaults[name]) if name in keyword_defaults else ''))
    if code.co_flags & 8:
        parts.append('**' + names[end])
    return '(' + ', '.join(parts) + ')'


def constant(value):
    if type(value) in (int, float, bool, str, bytes, type(None)):
        return values.text(value, values.Limits(40))
    return '...'


def of_module(value, writer, depth):
    space = MODULE.__dict__['__dict__'].__get__(value)
    name, file = space.get('__name__'), space.get('__file__')
    shown = '<module %s' % (repr(name) if type(name) is str else '?')
    return shown + (' from %r>' % file if type(file) is str else '>')


def of_generator(prefix, what):
    def shown(value, writer, depth):
        kind = type(value)
        frame = kind.__dict__[prefix + '_frame'].__get__(value)
        name = kind.__dict__['__qualname__'].__get__(value)
        if frame is None:
            return '<%s %s finished>' % (what, name)
        if kind.__dict__[prefix + '_running'].__get__(value):
            state = 'running'
        elif frame.f_lasti < 0 or prefix + '_suspended' in kind.__dict__ and \
                not kind.__dict__[prefix + '_suspended'].__get__(value):
            state = 'not started'
        else:
            state = 'suspended'
        return '<%s %s %s, line %s>' % (what, name, state, frame.f_lineno)
    return shown


def _types():
    def generator():
        yield

    async def coroutine():
        pass

    async def both():
        yield
    waiting = coroutine()
    waiting.close()
    return type(generator()), type(waiting), type(both())


GENERATOR, COROUTINE, ASYNC_GENERATOR = _types()
QUICK = {id(FUNCTION): of_function, id(METHOD): of_method, id(MODULE): of_module, id(memoryview): of_memory,
         id(GENERATOR): of_generator('gi', 'generator'), id(COROUTINE): of_generator('cr', 'coroutine'),
         id(ASYNC_GENERATOR): of_generator('ag', 'async generator'), id(type(sys.implementation)): of_namespace,
         id(values.KEYS): of_view, id(values.VALUES): of_view, id(values.ITEM_PAIRS): of_view,
         id(values.PROXY): of_proxy}
FOREIGN = {('enum', 'Enum'): of_enum, ('collections', 'deque'): of_deque, ('collections', 'OrderedDict'): of_mapping,
           ('collections', 'defaultdict'): of_mapping, ('collections', 'Counter'): of_mapping,
           ('array', 'array'): of_array, ('threading', 'Thread'): of_thread, ('_ctypes', '_SimpleCData'): of_ctypes,
           ('functools', 'partial'): of_partial, ('collections', 'UserDict'): of_wrapper,
           ('collections', 'UserList'): of_wrapper,
           ('pydantic.main', 'BaseModel'): of_model}
values.present = summary
