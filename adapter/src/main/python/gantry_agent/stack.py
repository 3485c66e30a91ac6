"""stackTrace: the frames of a thread. On the agent's thread; no code of the target runs."""
from gantry_agent import exceptions, values
from gantry_agent.budget import lazily
from gantry_agent.presenters import FUNCTION
from gantry_agent.threads import SUSPENDS

OPTIMIZED = 1
VARARGS, VARKEYWORDS = 4, 8
PLAIN = frozenset(id(kind) for kind in (int, float, bool, str, bytes))
MOST = 1000                # entries of a cache
starts = {}                # id of a code object -> (it, offsets where its lines begin)
remembered = {}            # (id of a code object, offset, whether on top) -> (it, line and columns): walking is slow


class Row:
    """One line of the stack before it is worked out: a frame, or a label."""

    __slots__ = ('frame', 'line', 'depth', 'top', 'label')

    def __init__(self, frame, line, depth, top=False, label=None):
        self.frame, self.line, self.depth, self.top, self.label = frame, line, depth, top, label


def stack_trace(looking, arguments, stop):
    """The body of stackTrace; only the page asked for is worked out, so that deep recursion costs nothing."""
    frames, thread = stop.frames(), stop.thread.id
    if hasattr(stop, 'rows'):                    # a task that does not run: frames and labels
        rows = stop.rows(Row)
    else:
        rows = [Row(frame, None, len(frames) - index, index == 0) for index, frame in enumerate(frames)]
    error = getattr(stop, 'exc', None)
    if error is not None:
        rows.extend(chained(error))
    layout = arguments.get('format') or {}
    if not layout.get('includeAll'):
        rows = [row for row in rows if row.label or row.top or not import_machinery(row.frame)]
    start, levels = int(arguments.get('startFrame') or 0), int(arguments.get('levels') or 0)
    page = rows[start:start + levels] if levels else rows[start:]
    writer = Writer(looking, stop, thread, layout)
    return {'stackFrames': [writer.row(row) for row in page], 'totalFrames': len(rows)}


def import_machinery(frame):
    return frame.f_code.co_filename.startswith('<frozen importlib')


def chained(error):
    """Rows for the exceptions that led to this one: a label, then where each was raised."""
    rows = []
    for number, (how, one) in enumerate(exceptions.chain(error), 1):
        rows.append(Row(one, None, number, label='%s %s' % (how, exceptions.quiet_text(one))))
        for depth, (frame, line) in enumerate(exceptions.entries(one)):
            rows.append(Row(frame, line, -(number * 100000 + depth)))
    return rows


class Writer:
    """Turns rows into DAP's StackFrames; lines of source are split once for each file."""

    def __init__(self, looking, stop, thread, layout):
        self.looking = looking
        self.files = getattr(looking.agent, 'files', None)
        self.stop = stop
        self.thread = thread
        self.layout = layout
        self.sources = {}
        self.lines = {}
        self.limits = values.Limits(80, 10, 0.5, bool(layout.get('hex')))

    def row(self, row):
        if row.label:
            number = self.looking.handles.label(self.thread, row.depth)
            return {'id': number, 'name': row.label, 'line': 0, 'column': 0, 'presentationHint': 'label'}
        code = row.frame.f_code
        known = self.looking.handles.frame(self.thread, row.frame, row.depth, self.stop, row.line, row.top)
        made = {'id': known.number, 'name': self.name(row, code)}
        user = self.is_user(code)
        source = self.source(code)
        if source is not None:
            if not user:
                source = dict(source, presentationHint='deemphasize')
            made['source'] = source
        if not user:
            made['presentationHint'] = 'subtle'
        made.update(self.position(row, code, self.line(row) or 0))
        module = row.frame.f_globals.get('__name__')
        if type(module) is str:
            catalog = getattr(self.files, 'catalog', None)
            made['moduleId'] = module if catalog is None else catalog.number(module)
        made['canRestart'] = row.top and not self.stop.native and code.co_flags & (OPTIMIZED | SUSPENDS) == OPTIMIZED
        return made

    def line(self, row):
        return row.line if row.line is not None else self.stop.line(row.frame)

    def is_user(self, code):
        try:
            return self.files is None or bool(self.files.is_user(code))
        except Exception:
            return True

    def source(self, code):
        key = code.co_filename
        if key not in self.sources:
            self.sources[key] = self.looking.source(code)
        return self.sources[key]

    def position(self, row, code, line):
        """line and column of what runs now; for the statement that is about to run, its beginning."""
        if line != row.frame.f_lineno or not hasattr(code, 'co_positions') or row.frame.f_lasti < 0:
            return {'line': line, 'column': 1}
        key = (id(code), row.frame.f_lasti, row.top)
        found = remembered.get(key)
        if found is None or found[0] is not code:
            if len(remembered) > MOST:
                remembered.clear()
            found = remembered[key] = code, self.columns(row, code, line)
        return found[1]

    def columns(self, row, code, line):
        if row.top and getattr(self.stop, 'exc', None) is None and row.frame.f_lasti in line_starts(code):
            text = self.line_text(code, line)
            return {'line': line, 'column': len(text) - len(text.lstrip()) + 1 if text.strip() else 1}
        index = row.frame.f_lasti // 2
        first, last, begin, end = next(lazily('itertools').islice(code.co_positions(), index, None),
                                       (None, None, None, None))
        if first != line or begin is None:
            return {'line': line, 'column': 1}
        text = self.line_text(code, line)
        made = {'line': line, 'column': units(text, begin) + 1}
        if last is not None and end is not None:
            made['endLine'] = last
            made['endColumn'] = units(text if last == line else self.line_text(code, last), end) + 1
        return made

    def line_text(self, code, line):
        key = code.co_filename
        if key not in self.lines:
            try:
                text = self.files.text(self.files.key_of(code)).text
            except Exception:
                text = ''
            self.lines[key] = text.split('\n')
        lines = self.lines[key]
        return lines[line - 1] if 0 < line <= len(lines) else ''

    def name(self, row, code):
        made = qualified_name(row.frame, code)
        layout = self.layout
        if layout.get('module'):
            module = row.frame.f_globals.get('__name__')
            made = '%s.%s' % (module, made) if type(module) is str else made
        if layout.get('parameters') and code.co_flags & OPTIMIZED:
            made += self.parameters(row.frame, code)
        if layout.get('line'):
            made += ' : %s' % self.line(row)
        return made

    def parameters(self, frame, code):
        plain = code.co_argcount + code.co_kwonlyargcount
        count = plain + bool(code.co_flags & VARARGS) + bool(code.co_flags & VARKEYWORDS)
        layout, parts = self.layout, []
        with_names = layout.get('parameterNames', True)
        space = frame.f_locals
        for name in code.co_varnames[:count]:
            value = space.get(name, values.NOTHING)
            part = name if with_names else ''
            if layout.get('parameterTypes') and value is not values.NOTHING:
                part += (': ' if part else '') + values.type_name(value)
            if layout.get('parameterValues') and value is not values.NOTHING:
                part += ('=' if part else '') + self.value(value)
            parts.append(part)
        return '(' + ', '.join(part for part in parts if part) + ')'

    def value(self, value):
        """Of a thread that runs, only what needs no code of the target."""
        if not self.stop.native or value is None or id(type(value)) in PLAIN:
            return values.text(value, self.limits)
        return '<%s>' % values.type_name(value)


def line_starts(code):
    """Offsets of the instructions that begin a line's code, where steps and breakpoints stop."""
    found = starts.get(id(code))
    if found is None or found[0] is not code:
        if len(starts) > MOST:
            starts.clear()
        found = starts[id(code)] = code, frozenset(start for start, _, _ in code.co_lines())
    return found[1]


def units(text, offset):
    """UTF-16 units before an offset that counts bytes of UTF-8."""
    if text.isascii():
        return offset
    head = text.encode('utf-8', 'surrogatepass')[:offset].decode('utf-8', 'replace')
    return len(head) + sum(1 for one in head if ord(one) > 0xffff)


def qualified_name(frame, code):
    """Class.method; before 3.11 by the class of the first argument, where a class in its line has this very code."""
    name = getattr(code, 'co_qualname', None)
    if name is not None:
        return name
    owner = owner_class(frame, code)
    return code.co_name if owner is None else values.QUALNAME(owner) + '.' + code.co_name


def owner_class(frame, code):
    """The class whose method runs in a frame, when that is certain."""
    if not code.co_argcount or not code.co_flags & OPTIMIZED or code.co_varnames[0] not in ('self', 'cls'):
        return None
    first = frame.f_locals.get(code.co_varnames[0], values.NOTHING)
    if first is values.NOTHING:
        return None
    kind = first if values.derives(type(first), type) else type(first)
    for base in values.MRO(kind):
        found = values.TYPE_DICT(base).get(code.co_name)
        if type(found) is property:
            found = found.fget
        elif type(found) is classmethod or type(found) is staticmethod:
            found = found.__func__
        if type(found) is FUNCTION and found.__code__ is code:
            return base
    return None
