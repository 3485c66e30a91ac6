"""Children in DAP's shape: variables, their hints, references and pages. On the stopped thread."""
from gantry_agent import children, containers, memory, values

UNPAGED = 1000             # more items than this are shown in ranges when the client does not page
MOST = 0x7fffffff          # clients count in 32 bits
DATA = {'kind': 'data'}
STRING = {'kind': 'data', 'attributes': ['rawString']}
SCALARS = frozenset(id(kind) for kind in (int, float, bool, type(None), complex))


class Value:
    """The source of an ordinary value: items, then attributes."""

    __slots__ = ('value', 'expr', 'inner')

    def __init__(self, value, expr):
        self.value = value
        self.expr = expr
        self.inner = None

    def items(self):
        made = containers.items(self.value)
        before, self.inner = self.inner, made
        if type(made) is type(before) is containers.Pairs:
            made.at = before.at
        elif type(made) is type(before) is containers.Members:
            made.pairs.at = before.pairs.at
        return made

    def named(self, settings):
        return children.named(self.value, self.expr, settings)


class View:
    """One answer: where its variables belong, how much of each is shown."""

    def __init__(self, looking, frame, thread, limits):
        self.looking = looking
        self.handles = looking.handles
        self.settings = looking.agent.settings
        self.frame = frame
        self.thread = thread
        self.limits = limits

    def page(self, entry, start, count, only):
        """The variables of an entry, as `variables` asks for them."""
        found = self.children(entry, start or 0, count or 0, only)
        shown, names = [], {}
        entry_places, number = entry.places, entry.number
        if len(entry_places) > 20000:
            entry_places.clear()
        for child in found:
            name = key = child.name
            if name in names:
                names[name] += 1
                key = '%s\0%d' % (name, names[name])
            else:
                names[name] = 0
            if child.place is not None:
                entry_places[name] = child.place
            shown.append(self.variable(child, number, key))
        return shown

    def children(self, entry, start, count, only):
        source = entry.source
        if type(source) is not Value:
            return self.ranged(source, entry.expr, start, count) if only != 'indexed' or indexed(source) else ()
        inner = source.items() if only != 'named' else None
        attributes = source.named(self.settings) if only != 'indexed' else ()
        if inner is None or not inner.size:
            return attributes[start:start + count] if count else attributes[start:]
        if not attributes:
            return self.ranged(inner, entry.expr, start, count)
        return list(self.ranged(inner, entry.expr, start, count)) + list(attributes if start == 0 else ())

    def ranged(self, source, expr, start, count):
        size = source.size
        if not count and size - start > UNPAGED and indexed(source):
            return containers.buckets(source, expr)
        stop = min(start + count, size) if count else size
        return source.page(start, stop, expr, self.limits)

    def variable(self, child, parent, key):
        value = child.value
        kind = type(value)
        if id(kind) in SCALARS and child.kind == 'data' and child.attributes is None:
            made = {'name': child.name, 'value': values.text(value, self.limits if self.limits.hex else None),
                    'type': kind.__name__, 'variablesReference': 0, 'presentationHint': DATA}
            if child.expr is not None:
                made['evaluateName'] = child.expr
            return made
        if child.source is not None:
            return self.node(child, parent, key)
        if child.kind == 'error':
            return {'name': child.name, 'value': value, 'type': '', 'variablesReference': 0,
                    'presentationHint': {'kind': 'virtual', 'attributes': ['readOnly', 'failedEvaluation']}}
        made = {'name': child.name, 'presentationHint': hint(child, kind)}
        if child.expr is not None:
            made['evaluateName'] = child.expr
        self.fill(made, value, kind, child.expr, parent, key)
        return made

    def node(self, child, parent, key):
        """A property not computed yet, or a group."""
        entry = self.handles.entry(parent, key, self.thread, self.frame, child.source, None, child.expr)
        lazy = child.kind == 'lazy'
        made = {'name': child.name, 'value': '(...)' if lazy else '', 'type': 'property' if lazy else '',
                'variablesReference': entry.number, 'presentationHint': hint(child, None)}
        if child.expr:
            made['evaluateName'] = child.expr
        if indexed(child.source) and self.pages():
            made['indexedVariables'] = min(child.source.size, MOST)
        return made

    def fill(self, made, value, kind, expr, parent, key):
        """value, type, variablesReference, counts and memoryReference of a value."""
        name = made['type'] = values.TYPE_NAME(kind)
        made['value'] = values.text(value, self.limits)
        made['variablesReference'] = 0
        if children.has_children(value, kind):
            source = Value(value, expr)
            entry = self.handles.entry(parent, key, self.thread, self.frame, source, value, expr)
            made['variablesReference'] = entry.number
            self.counts(made, source)
        if name != 'str' and memory.has_buffer(value, kind):
            made['memoryReference'] = self.handles.remember(parent, key, self.thread, self.frame, value)

    def counts(self, made, source):
        inner = source.items()
        if inner is None or not self.pages():
            return
        made['indexedVariables'] = min(inner.size, MOST)
        plain = id(type(source.value)) in containers.CONTAINERS
        made['namedVariables'] = 0 if plain else len(source.named(self.settings))

    def pages(self):
        return client(self.settings, 'variablePaging')


def indexed(source):
    return type(source) is not children.Group and not isinstance(source, children.Lazy) and \
        not getattr(source, 'names_only', False)


def client(settings, name):
    """What the client said at initialize; True where nothing is known."""
    given = getattr(settings, 'client', None)
    return bool(given.get(name)) if type(given) is dict and given else True


def hint(child, kind):
    """presentationHint of a variable."""
    name = child.name
    if child.kind == 'lazy':
        made = {'kind': 'property', 'lazy': True, 'attributes': ['hasSideEffects'] + list(child.attributes or ())}
    elif child.kind == 'virtual':
        return {'kind': 'virtual', 'attributes': ['readOnly']}
    else:
        what = child.kind
        if kind is str and what == 'data' and not child.attributes and name[:1] != '_':
            return STRING
        if id(kind) in children.FUNCTIONS:
            what = 'method'
        elif values.derives(kind, type):
            what = 'class'
        made = {'kind': what}
        attributes = list(child.attributes or ())
        if child.place is None or child.place[0] == 'fixed':
            attributes.append('readOnly')
        if kind is str:
            attributes.append('rawString')
        if attributes:
            made['attributes'] = sorted(set(attributes))
    if name[:1] == '_' and child.place is not None and child.place[0] != 'item' and name[-2:] != '__':
        made['visibility'] = 'private' if '__' in name[1:] or name[:2] == '__' else 'protected'
    return made


def root(looking, frame, thread, name, source, value=None, expr=None):
    """An entry below a frame: a scope, or the result of an evaluation."""
    parent = ('frame', thread) if frame is None else frame.number
    return looking.handles.entry(parent, name, thread, frame, source, value, expr)
