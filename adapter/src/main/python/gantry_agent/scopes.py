"""The scopes of a frame and their variables. On the thread the frame belongs to."""
from gantry_agent import children, values
from gantry_agent.containers import Child
from gantry_agent.variables import root

OPTIMIZED = 1
ends = {}                  # id of a code object -> (it, its last line)


class Names:
    """Variables of a namespace, read anew for each page."""

    names_only = True

    def __init__(self, place, read, settings, hidden=()):
        self.place, self.read, self.settings = place, read, settings
        self.hidden = hidden             # names that mean something else in the frame
        self.found = None

    @property
    def size(self):
        return len(self.list())

    def list(self):
        place = self.place
        self.found = children.grouped([Child(name, value, self.path(name), (place, name))
                                       for name, value in self.read()], self.settings)
        return self.found

    def path(self, name):
        return name if name.isidentifier() and name not in self.hidden else 'globals()[%r]' % name

    def page(self, start, stop, expr, limits):
        found = self.found if self.found is not None else self.list()
        self.found = None
        return iter(found[start:stop])


class Fixed:
    """Values that are no variables of the program: an exception, what was returned. Each with its name and what evaluates to it."""

    names_only = True

    def __init__(self, *found):
        self.children = [Child(name, value, expr, None, 'data', ('readOnly',)) for name, value, expr in found]
        self.size = len(found)

    def page(self, start, stop, expr, limits):
        return iter(self.children[start:stop])


def scopes(looking, frame):
    """The Scope objects of a handles.Frame."""
    made = []
    stop, code = frame.stop, frame.frame.f_code
    if stop is not None and frame.top and getattr(stop, 'exc', None) is not None:
        made.append(fixed(looking, frame, 'Exception', Fixed((values.type_name(stop.exc), stop.exc, '__exception__'))))
    settings = looking.agent.settings
    at_module, title, read = False, 'Locals', lambda: local_names(frame.frame)
    if not code.co_flags & OPTIMIZED:
        at_module, read = frame.frame.f_locals is frame.frame.f_globals, lambda: listed(frame.frame.f_locals)
        title = 'Locals' if at_module else 'Class %s' % code.co_name
    made.append(scope(looking, frame, title, Names('local', read, settings), 'locals', code))
    if stop is not None and frame.top and getattr(stop, 'return_value', None):
        made.append(returned(looking, frame, stop.return_value))
    if at_module:
        return made
    if code.co_freevars:
        made.append(scope(looking, frame, 'Closure', Names('local', lambda: closure_names(frame.frame), settings),
                          None, None))
    hidden = frozenset(frame.frame.f_locals)
    names = Names('global', lambda: listed(frame.frame.f_globals), settings, hidden)
    made.append(scope(looking, frame, 'Globals', names, 'globals', None))
    return made


def scope(looking, frame, title, source, hint, code):
    entry = root(looking, frame, frame.thread, title, source)
    made = {'name': title, 'variablesReference': entry.number, 'expensive': False, 'namedVariables': source.size}
    if hint:
        made['presentationHint'] = hint
    if code is not None:
        described = looking.source(code)
        if described is not None:
            made['source'] = described
        made['line'], made['endLine'] = max(code.co_firstlineno, 1), last_line(code)
        made['column'], made['endColumn'] = 1, 1
    return made


def returned(looking, frame, found):
    """The scope of what was returned, by name; the last one is what `__return__` means."""
    last = list(found)[-1]
    return fixed(looking, frame, 'Return value' if len(found) == 1 else 'Return values', Fixed(*[
        ('(return) %s' % name, value, '__return__' if name == last else '__returns__[%r]' % name) for name, value in found.items()]), 'returnValue')


def fixed(looking, frame, title, source, hint=None):
    entry = root(looking, frame, frame.thread, title, source)
    made = {'name': title, 'variablesReference': entry.number, 'expensive': False, 'namedVariables': source.size}
    if hint:
        made['presentationHint'] = hint
    return made


def listed(space):
    """Items of a namespace with names; those that are no dict (a metaclass's __prepare__) are asked within a limit."""
    if values.derives(type(space), dict):
        for _ in range(3):
            try:
                return [(name, value) for name, value in dict.items(space) if type(name) is str]
            except RuntimeError:
                continue                   # another thread adds names at this moment
        return []
    found, failed = values.guarded(lambda: [(name, space[name]) for name in space], values.Limits(), 'namespace')
    return [('error', failed)] if failed else [(name, value) for name, value in found if type(name) is str]


def local_names(frame):
    """Without the names of the enclosing functions and the compiler's own (`.0`)."""
    free = frame.f_code.co_freevars
    return [(name, value) for name, value in frame.f_locals.items() if name not in free and name[:1] != '.']


def closure_names(frame):
    space = frame.f_locals
    return [(name, space[name]) for name in frame.f_code.co_freevars if name in space and name[:1] != '.']


def last_line(code):
    """The last line of a function, nested ones included."""
    known = ends.get(id(code))
    last = known[1] if known is not None and known[0] is code else None
    if last is None:
        last = code.co_firstlineno
        if hasattr(code, 'co_lines'):
            for _, _, line in code.co_lines():
                if line is not None and line > last:
                    last = line
        else:
            line, table = last, code.co_lnotab
            for step in table[1::2]:
                line += step - 256 if step >= 128 else step
                last = max(last, line)
        for constant in code.co_consts:
            if type(constant) is type(code):
                last = max(last, last_line(constant))
        if len(ends) > 1000:
            ends.clear()
        ends[id(code)] = code, last
    return last
